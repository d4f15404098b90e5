import { UsageError } from '../errors.ts';
import { workerId } from '../protocol/identity.ts';
import { RunRecord } from '../report/record.ts';
import { LocalRunner } from '../runner/local.ts';
import { percentileOf } from '../stats/percentile.ts';
import type { Driver, Load, Reading } from '../study/driver.ts';
import type { MarkFailure } from '../study/mark.ts';
import type { StudySettings } from '../study/settings.ts';
import { Pool } from '../swarm/pool.ts';
import { sumOfCounts } from '../swarm/split.ts';
import { parseAll, threadsOf } from './command-line.ts';
import { planOf } from './run-plan.ts';
import { checkOptions } from './study-options.ts';
import { userFiles } from './user-files.ts';
import { version } from './whole-run.ts';

/** What a second tells comes a second late. */
const reportSeconds = 1.5;

/** A mark that is running. */
interface RunningMark {
  readonly pool: Pool;
  readonly runner: LocalRunner;
  readonly record: RunRecord;
  readonly ended: Promise<void>;
}

/** Runs the marks of a study on this machine, without a master: each with load threads of its own, so that none is worn. */
export class LocalDriver implements Driver {
  readonly delay: number = reportSeconds;
  readonly period: number = 0;
  readonly #settings: StudySettings;
  readonly #files: readonly string[];
  #mark: RunningMark | undefined;
  #wanted = 0;
  /** Why the users cannot run. */
  #trouble: string | undefined;

  constructor(settings: StudySettings) {
    this.#settings = settings;
    this.#files = userFiles(settings.locustfile ?? undefined);
  }

  open(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map());
  }

  async start({ users, spawnRate, variant = this.#settings }: Load): Promise<void> {
    const { processes } = this.#settings;
    const { userClasses, host, options } = variant;
    const threads = threadsOf(processes);
    this.#trouble = undefined;
    const record = new RunRecord(Date.now() / 1000);
    const pool = await Pool.start(
      {
        ...{ files: this.#files, threads, clientId: workerId(), kind: 'local', logLevel: 'WARNING', userClasses },
        ...{ shard: { index: 0, count: 1 }, precision: 3 },
      },
      {
        onException: (message, traceback) => record.keepException(message, traceback),
        onMessage: () => {},
        onQuit: (reason) => this.#give(reason ?? 'user code ended the run'),
        onHopeless: (reason) => this.#give(reason),
      },
    );
    const given = Object.entries({ users, 'spawn-rate': spawnRate, ...(host === null ? {} : { host }), ...options });
    const argv = given.flatMap(([name, value]) => [`--${name.replaceAll('_', '-')}`, String(value)]);
    let runner: LocalRunner;
    try {
      checkOptions(options, pool.manifest.options);
      runner = await runnerOf(pool, record, argv);
    } catch (thrown) {
      // The next attempt has a pool of its own, beside which this one's threads would go on.
      await pool.end(0);
      throw thrown;
    }
    this.#wanted = users;
    this.#mark = { pool, runner, record, ended: runner.run() };
    this.#mark.ended.catch((thrown: Error) => this.#give(thrown.message));
  }

  read(): Promise<Reading> {
    const now = Date.now() / 1000;
    if (this.#trouble !== undefined) throw new UsageError(`the users cannot run: ${this.#trouble}`);
    const mark = this.#mark;
    if (mark === undefined) return Promise.resolve({ ...idle, time: now });
    const { pool, record } = mark;
    const { total } = record.totals;
    const { last, startTime, time } = record;
    const users = sumOfCounts(pool.counts());
    const timed = total.numRequests - total.numNoneRequests;
    const ms = (part: number): number | null => (timed > 0 ? percentileOf(total, part) : null);
    const { requestsPerSecond } = record.ratesOf(record.total);
    return Promise.resolve({
      time: now,
      state: users === this.#wanted ? 'running' : 'spawning',
      users,
      requests: total.numRequests,
      failures: total.numFailures,
      span: time - startTime,
      average: timed > 0 ? total.totalResponseTime / timed : null,
      ...{ median: ms(0.5), p95: ms(0.95), p99: ms(0.99) },
      ...{ recentRps: requestsPerSecond, recentMedian: last?.median ?? null, recentP95: last?.p95 ?? null },
      workers: [{ id: 'local', state: 'running', users, cpu: last?.cpu ?? 0 }],
      lag: last?.lag ?? null,
    });
  }

  errors(): Promise<readonly MarkFailure[]> {
    const failures = this.#mark?.record.failures ?? [];
    return Promise.resolve(
      failures
        .map(({ method, name, error, occurrences }) => ({ method, name, message: error, count: occurrences }))
        .sort((a, b) => b.count - a.count),
    );
  }

  reset(): Promise<void> {
    this.#mark?.record.reset(Date.now() / 1000);
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    const mark = this.#mark;
    if (mark === undefined) return;
    this.#mark = undefined;
    mark.runner.stop('mark measured');
    await mark.ended.catch(() => {});
    await mark.pool.quitting();
    await mark.pool.end(0);
  }

  close(): Promise<void> {
    return this.stop();
  }

  #give(reason: string): void {
    this.#trouble ??= reason;
  }
}

async function runnerOf(pool: Pool, record: RunRecord, argv: readonly string[]): Promise<LocalRunner> {
  const parsed = parseAll(['--headless', ...argv], pool.manifest.options, new Map());
  if (pool.manifest.shapes.size > 0) {
    throw new UsageError('the user file has a load shape, which says how many users run; a study needs one without');
  }
  const plan = planOf(pool, parsed.args, parsed.options);
  pool.setWorkerIndex(0);
  await pool.init(plan.test.parsedOptions);
  return new LocalRunner(pool, record, plan);
}

const idle = {
  ...{ state: 'ready', users: 0, requests: 0, failures: 0, span: 0, average: null, median: null, p95: null, p99: null },
  ...{ recentRps: 0, recentMedian: null, recentP95: null, lag: null },
  // It is there between two marks too: nobody has to wait for it.
  workers: [{ id: 'local', state: 'ready', users: 0, cpu: 0 }],
};

/** katydid's and Node's. */
export function ownVersions(): ReadonlyMap<string, string> {
  return new Map([
    ['katydid', version()],
    ['Node.js', process.versions.node],
  ]);
}
