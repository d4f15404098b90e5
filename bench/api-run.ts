// Duty: one run of katydid without a master against one server: what the users saw, and what both processes used.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentileOf } from '../src/stats/percentile.ts';
import type { EntrySnapshot } from '../src/stats/snapshot.ts';
import { katydidCli } from '../test/tools/katydid.ts';
import type { StartedServer } from './api-servers.ts';
import { cores, startOn } from './cores.ts';
import { userFile } from './generator.ts';
import { coreSeconds, cpuSeconds } from './process-tree.ts';

export interface ApiLoad {
  readonly users: number;
  /** Requests a second of all users together; as fast as they can if 0. */
  readonly rate: number;
  /** Seconds in which the users are started one after the other; they are not measured. */
  readonly warmUp: number;
  /** Seconds that are measured. */
  readonly window: number;
}

/** Of the measured seconds. */
export interface ApiSample {
  /** A second, as the worker counted them. */
  readonly requestsPerSecond: number;
  readonly failures: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  /** CPU seconds a second of the two process trees. */
  readonly targetCores: number;
  readonly workerCores: number;
  /** How much of each core other processes took, 0 to 1. */
  readonly targetOthers: number;
  readonly workerOthers: number;
}

/** One object of `--json-file`. */
interface JsonEntry {
  readonly start_time: number;
  readonly last_request_timestamp: number;
  readonly num_requests: number;
  readonly num_failures: number;
  readonly num_none_requests: number;
  readonly max_response_time: number;
  readonly response_times: Readonly<Record<string, number>>;
}

/** The processes are looked at until so many seconds before the end, when they are still busy. */
const margin = 0.5;

/** Runs the unary task of a user file of `bench/users/`. */
export async function runApi({ child: target, host }: StartedServer, users: string, load: ApiLoad): Promise<ApiSample> {
  const folder = await mkdtemp(join(tmpdir(), 'katydid-bench-'));
  const out = join(folder, 'run');
  const worker = startOn(
    cores.generator,
    'katydid',
    [
      ...([process.execPath, katydidCli, '--headless', '--only-summary', '-f', userFile(users), '-H', host] as const),
      ...['-E', 'stream', '-u', `${load.users}`, '-r', `${load.users / load.warmUp}`, '--reset-stats'],
      ...['-t', `${load.warmUp + load.window}s`, '--json-file', out],
    ],
    { BENCH_RATE_PER_USER: String(load.rate / load.users) },
  );
  const used = (): readonly number[] => [
    performance.now() / 1000,
    ...[target, worker].map(({ pid }) => cpuSeconds(pid ?? 0)),
    ...[coreSeconds(0), coreSeconds(1)],
  ];
  await worker.said('Resetting stats', load.warmUp + 30);
  const before = used();
  await sleep((load.window - margin) * 1000);
  const [wall = 0, targetCpu = 0, workerCpu = 0, targetCore = 0, workerCore = 0] = used().map(
    (value, i) => value - (before[i] ?? 0),
  );
  const isLate = !worker.isAlive;
  await worker.ended;
  if (isLate) throw new Error(`the run ended too early: ${worker.output.slice(-1000)}`);
  if (!target.isAlive) throw new Error(`${target.name} has ended: ${target.output.slice(-1000)}`);
  const entries = JSON.parse(await readFile(`${out}.json`, 'utf8')) as readonly JsonEntry[];
  await rm(folder, { recursive: true });
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw new Error(`one entry is expected: ${worker.output.slice(-1000)}`);
  const timed = timedOf(entry);
  return {
    requestsPerSecond: entry.num_requests / (entry.last_request_timestamp - entry.start_time),
    failures: entry.num_failures,
    median: percentileOf(timed, 0.5),
    p95: percentileOf(timed, 0.95),
    p99: percentileOf(timed, 0.99),
    targetCores: targetCpu / wall,
    workerCores: workerCpu / wall,
    targetOthers: Math.max(0, targetCore - targetCpu) / wall,
    workerOthers: Math.max(0, workerCore - workerCpu) / wall,
  };
}

function timedOf(
  entry: JsonEntry,
): Pick<EntrySnapshot, 'responseTimes' | 'numRequests' | 'numNoneRequests' | 'maxResponseTime'> {
  return {
    responseTimes: new Map(Object.entries(entry.response_times).map(([bucket, count]) => [Number(bucket), count])),
    numRequests: entry.num_requests,
    numNoneRequests: entry.num_none_requests,
    maxResponseTime: entry.max_response_time,
  };
}
