// Locust's four CSV files as rows of cells: columns, order and numbers are Locust's.
import { createHash } from 'node:crypto';
import { pythonRepr } from '../errors.ts';
import type { ErrorSnapshot } from '../stats/snapshot.ts';
import { percentTitles, reportedPercents } from './percents.ts';
import { fixed, floatText, whole } from './python-text.ts';
import type { RunRecord } from './record.ts';
import type { Row } from './row.ts';
import type { ExceptionRow } from './run.ts';

export type Cells = readonly string[];

export const statsTitles: Cells = [
  ...['Type', 'Name', 'Request Count', 'Failure Count', 'Median Response Time', 'Average Response Time'],
  ...['Min Response Time', 'Max Response Time', 'Average Content Size', 'Requests/s', 'Failures/s'],
  ...percentTitles,
];
export const historyTitles: Cells = [
  ...['Timestamp', 'User Count', 'Type', 'Name', 'Requests/s', 'Failures/s'],
  ...percentTitles,
  ...['Total Request Count', 'Total Failure Count', 'Total Median Response Time', 'Total Average Response Time'],
  ...['Total Min Response Time', 'Total Max Response Time', 'Total Average Content Size'],
];
export const failureTitles: Cells = ['Method', 'Name', 'Error', 'Occurrences', 'First Seen', 'Last Seen'];
export const exceptionTitles: Cells = ['Count', 'Message', 'Traceback', 'Nodes'];

const notAvailable: Cells = percentTitles.map(() => 'N/A');

/** All rows, and the total as the last. */
export function statsRows(record: RunRecord): readonly Cells[] {
  return [...record.rows, record.total].map((row) => {
    const { requestsPerSecond, failuresPerSecond } = record.totalRatesOf(row);
    const rates = [floatText(requestsPerSecond), floatText(failuresPerSecond)];
    return [row.method, row.name, ...sumCells(row), ...rates, ...percentCells(row, false)];
  });
}

/** The total as it is now, with full history each row before it; only then are the percentiles those of ten seconds. */
export function historyRows(record: RunRecord, withFullHistory: boolean): readonly Cells[] {
  const now = [whole(record.time), String(record.userCount)];
  return [...(withFullHistory ? record.rows : []), record.total].map((row) => {
    const { requestsPerSecond, failuresPerSecond } = record.ratesOf(row);
    const rates = [fixed(requestsPerSecond, 6), fixed(failuresPerSecond, 6)];
    return [...now, row.method, row.name, ...rates, ...percentCells(row, withFullHistory), ...sumCells(row)];
  });
}

/** In the order of the keys by which Locust knows failures: a hash, so in no order that a person would see. */
export function failureRows(errors: readonly ErrorSnapshot[]): readonly Cells[] {
  const keyed = errors.map((error) => ({ error, key: keyOf(error) }));
  const sorted = keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return sorted.map(({ error: { method, name, error, occurrences, firstSeen, lastSeen } }) => [
    ...[method, name, error, String(occurrences)],
    ...[firstSeen, lastSeen].map((time) => (time === null ? '' : timeText(time))),
  ]);
}

export function exceptionRows(exceptions: readonly ExceptionRow[]): readonly Cells[] {
  return exceptions.map(({ count, message, traceback, nodes }) => [
    ...[String(count), message, traceback, nodes.join(', ')],
  ]);
}

/** Requests, failures, median, average, least, greatest, bytes. Python tells floats from integers: times are floats. */
function sumCells(row: Row): Cells {
  const { numRequests, numFailures, minResponseTime, maxResponseTime } = row.sums;
  return [
    String(numRequests),
    String(numFailures),
    medianText(row),
    floatText(row.average),
    timeOrZero(minResponseTime ?? 0),
    timeOrZero(maxResponseTime),
    numRequests === 0 ? '0' : floatText(row.averageLength),
  ];
}

/** To Python a bucket is an integer, an exact extreme in its place a float. */
const medianText = (row: Row): string => (row.hasExactMedian ? timeOrZero(row.median) : String(row.median));

const timeOrZero = (milliseconds: number): string => (milliseconds === 0 ? '0' : floatText(milliseconds));

function percentCells(row: Row, isRecent: boolean): Cells {
  if (row.sums.numRequests === 0) return notAvailable;
  const times = isRecent ? row.recentPercentiles(reportedPercents) : row.percentiles(reportedPercents);
  return times.map((time) => whole(time ?? 0));
}

/** Locust's `format_utc_timestamp`. */
const timeText = (seconds: number): string => new Date(Math.trunc(seconds) * 1000).toISOString().replace('.000Z', 'Z');

const keys = new Map<string, string>();
/** More distinct failures than any run keeps. */
const maxKeys = 10_000;

/** Locust's `StatsError.create_key`. Remembered, for all rows are sorted again each second. */
function keyOf({ method, name, error }: ErrorSnapshot): string {
  const text = `${method}.${name}.${error}`;
  let key = keys.get(text);
  if (key === undefined) {
    if (keys.size >= maxKeys) keys.clear();
    key = createHash('sha256')
      .update(`${method}.${name}.${pythonRepr(error)}`)
      .digest('hex');
    keys.set(text, key);
  }
  return key;
}
