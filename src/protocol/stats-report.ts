import { createHash } from 'node:crypto';
import { pythonRepr, UsageError } from '../errors.ts';
import { packCustomData } from './custom-data.ts';
import type { EntryReport, ErrorReport, StatsMessage } from './message.ts';
import type { Packer } from './packer.ts';

const ownKeys = new Set(['stats', 'stats_total', 'errors', 'user_classes_count', 'user_count']);

/** The data of a `stats` message, in the order of Locust's own keys. */
export function packStats(packer: Packer, { stats, userClassesCount, userCount, extra = {} }: StatsMessage): void {
  const added = Object.entries(extra).filter(([key, value]) => !ownKeys.has(key) && value !== undefined);
  packer.map(ownKeys.size + added.length);
  packer.string('stats');
  packer.array(stats.entries.length);
  for (const entry of stats.entries) packEntry(packer, entry);
  packer.string('stats_total');
  packEntry(packer, stats.total);
  packer.string('errors');
  packer.map(stats.errors.length);
  for (const error of stats.errors) packError(packer, error);
  packer.string('user_classes_count');
  packUserClassesCount(packer, userClassesCount);
  packer.string('user_count');
  packWhole(packer, userCount);
  for (const [key, value] of added) {
    if (isMarker(key))
      throw new UsageError(`The key '${key}' in the report to the master would end the master's listener.`);
    packer.string(key);
    packCustomData(packer, value, `'${key}' in the report to the master`);
  }
}

/** Whole numbers by class name. */
export function packUserClassesCount(packer: Packer, counts: ReadonlyMap<string, number>): void {
  packer.map(counts.size);
  for (const [name, count] of counts) {
    if (isMarker(name))
      throw new UsageError(`A user class named '${name}' would end the master's listener. Rename it.`);
    packer.string(name);
    packWhole(packer, count);
  }
}

/** What the web UI shows has to be JSON: NaN and infinite numbers must not be sent, and counts have to be whole. */
export function packNumber(packer: Packer, value: number): void {
  packer.number(Number.isFinite(value) ? value : 0);
}

function packWhole(packer: Packer, value: number): void {
  packNumber(packer, Math.round(value));
}

/** In the order of Locust's `StatsEntryDict`. */
function packEntry(packer: Packer, entry: EntryReport): void {
  packer.map(14);
  packer.string('name');
  packer.string(entry.name);
  packer.string('method');
  packer.string(entry.method);
  packer.string('last_request_timestamp');
  packTimestamp(packer, entry.lastRequestTimestamp);
  packer.string('start_time');
  packer.float(Number.isFinite(entry.startTime) ? entry.startTime : 0);
  packer.string('num_requests');
  packWhole(packer, entry.numRequests);
  packer.string('num_none_requests');
  packWhole(packer, entry.numNoneRequests);
  packer.string('num_failures');
  packWhole(packer, entry.numFailures);
  packer.string('total_response_time');
  packNumber(packer, entry.totalResponseTime);
  packer.string('max_response_time');
  packNumber(packer, entry.maxResponseTime);
  packer.string('min_response_time');
  if (entry.minResponseTime === null || !Number.isFinite(entry.minResponseTime)) packer.nil();
  else packer.number(entry.minResponseTime);
  packer.string('total_content_length');
  packWhole(packer, entry.totalContentLength);
  packer.string('response_times');
  packCounts(packer, entry.responseTimes);
  packer.string('num_reqs_per_sec');
  packCounts(packer, entry.requestsPerSecond);
  packer.string('num_fail_per_sec');
  packCounts(packer, entry.failuresPerSecond);
}

/**
 * Keys are numbers: with text as keys the master's median raises TypeError and its RPS is 0. A whole key is an integer,
 * a bucket of tenths a float; Python takes 12 and 12.0 for the same key.
 */
function packCounts(packer: Packer, counts: ReadonlyMap<number, number>): void {
  packer.map(counts.size);
  for (const [key, count] of counts) {
    packNumber(packer, key);
    packWhole(packer, count);
  }
}

function packError(packer: Packer, error: ErrorReport): void {
  packer.string(errorKey(error));
  packer.map(6);
  packer.string('name');
  packer.string(error.name);
  packer.string('method');
  packer.string(error.method);
  packer.string('error');
  packer.string(error.error);
  packer.string('occurrences');
  packWhole(packer, error.occurrences);
  packer.string('first_seen');
  packTimestamp(packer, error.firstSeen);
  packer.string('last_seen');
  packTimestamp(packer, error.lastSeen);
}

/** Locust's `StatsError.create_key`, so that the same failure of a Python worker is the same row. */
function errorKey({ method, name, error }: ErrorReport): string {
  return createHash('sha256')
    .update(`${method}.${name}.${pythonRepr(error)}`)
    .digest('hex');
}

/** Always a float, as Python's `time.time()`. */
function packTimestamp(packer: Packer, seconds: number | null): void {
  if (seconds === null || !Number.isFinite(seconds)) packer.nil();
  else packer.float(seconds);
}

function isMarker(key: string): boolean {
  return key === '__datetime__' || key === '__ObjectId__';
}
