import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import type { Driver, Load, Reading } from './driver.ts';
import { isThere } from './gates.ts';
import type { MarkFailure } from './mark.ts';
import { type MasterClient, MasterError } from './master-client.ts';
import { people } from './phrases.ts';
import { reasonOfSilence } from './reason.ts';
import type { Variant } from './settings.ts';
import { failuresOf, isOld, readingOf, type StatsAnswer, withTable } from './stats-answer.ts';

/** Seconds: workers report each 3 s, and the master shows a page that is up to 2 s old. */
const reportSeconds = 5;
/** Seconds that a page is shown again, and some more. */
const pageSeconds = 3;
/** Seconds that /stop may take to answer, and workers to come back after it. */
const stopSeconds = 120;
/** Seconds by which one worker may come back after another. */
const lateSeconds = 5;

/** Any Locust master, by its web API, whoever's workers it has. Reference: Locust's `web.py`. */
export class MasterDriver implements Driver {
  readonly delay: number = reportSeconds;
  /** Locust's WORKER_REPORT_INTERVAL. */
  readonly period: number = 3;
  readonly #client: MasterClient;
  readonly #variant: Variant;
  readonly #second: number;
  #errors: readonly MarkFailure[] = [];
  /** As many as were there when it was last asked. */
  #workers = 0;

  /** `variant`: what is run unless a load says otherwise. `second`: ms of one at a stop, fewer in tests. */
  constructor(client: MasterClient, variant: Variant, second: number = 1000) {
    this.#second = second;
    this.#client = client;
    this.#variant = variant;
  }

  async open(): Promise<ReadonlyMap<string, string>> {
    try {
      const { state, workers } = await this.read();
      if (!isIdle(state) && state !== 'stopping') {
        throw new UsageError(
          `a test is running already on the master at ${this.#client.url} (${state}); stop it first`,
        );
      }
      if (!workers.some(isThere)) throw new UsageError(`the master at ${this.#client.url} has no workers`);
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      throw new UsageError(`the master at ${this.#client.url} does not answer: ${reasonOfSilence(thrown)}`);
    }
    const page = await this.#client.text('/', 'GET').catch(() => '');
    const [, version = 'unknown'] =
      /"version":\s*"([^"]+)"/.exec(page) ??
      /\\"version\\":\s*\\"([^"\\]+)\\"/.exec(page) ??
      // The page of before 2.21.
      /\/releases\/tag\/([\w.]+)/.exec(page) ??
      [];
    return new Map([['Locust', version]]);
  }

  async start({ users, spawnRate, variant }: Load): Promise<void> {
    const { host, userClasses, options } = variant ?? this.#variant;
    const form = new URLSearchParams({ user_count: String(users), spawn_rate: String(spawnRate) });
    if (host !== null) form.append('host', host);
    for (const name of userClasses) form.append('user_classes', name);
    for (const [name, value] of Object.entries(options)) form.append(name, value);
    const answer = (await this.#client.json('/swarm', form)) as SwarmAnswer;
    // The status is 200 whatever became of it.
    if (answer.success !== true)
      throw new MasterError(`the master did not start the test: ${answer.message ?? 'no reason'}`);
    if (/shape class/.test(answer.message ?? '')) {
      throw new UsageError('the master runs a load shape, which says how many users run; start it without one');
    }
    this.#checkClasses(userClasses, answer.user_classes);
  }

  async read(): Promise<Reading> {
    const answer = (await this.#client.json('/stats/requests')) as StatsAnswer;
    this.#errors = failuresOf(answer);
    const whole = isOld(answer) ? withTable(answer, await this.#client.text('/stats/requests/csv', 'GET')) : answer;
    const reading = readingOf(whole, Date.now() / 1000);
    this.#workers = reading.workers.filter(isThere).length;
    return reading;
  }

  errors(): Promise<readonly MarkFailure[]> {
    return Promise.resolve(this.#errors);
  }

  /** The page of before may be shown for some seconds more, and by then more may have been counted than before. */
  async reset(): Promise<void> {
    const before = await this.read();
    await this.#client.text('/stats/reset', 'POST');
    const due = performance.now() + pageSeconds * 1000;
    if (before.requests === 0) return;
    do {
      await delay(250);
      const { requests, span } = await this.read();
      if (requests < before.requests || span < before.span) return;
    } while (performance.now() < due);
  }

  /**
   * A worker is not there for as long as it gives its users to end (`stop_timeout`), and nobody could run them meanwhile.
   * All have the same: those that are not back long after the first one has quit.
   */
  async stop(onWait: (what: string) => void = () => {}): Promise<void> {
    const workers = this.#workers;
    const began = performance.now();
    const elapsed = (): number => (performance.now() - began) / this.#second;
    await this.#client.text('/stop', 'POST', undefined, stopSeconds);
    let most = elapsed() + stopSeconds;
    for (;;) {
      const reading = await this.read();
      const isOver = hasStopped(reading);
      // One that is missing is not waited for here.
      if (isOver && reading.workers.length >= workers) return;
      const seconds = elapsed();
      // A worker's users take up to stop_timeout, and then it stays away for as long.
      if (isOver && reading.workers.some(isThere)) most = Math.min(most, 2 * seconds + lateSeconds);
      if (seconds > most) {
        // Those that do not come back are missed by whoever measures next.
        if (isOver) return;
        throw new MasterError(`${reading.users} users still run ${most.toFixed(0)} s after the end (${reading.state})`);
      }
      onWait(
        isOver
          ? `${workers - reading.workers.length} of ${workers} workers to come back`
          : `${people(reading.users)} to end`,
      );
      await delay(250);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** A master without class picker runs all its classes, whatever it was asked for; one with it leaves out what it does not know. */
  #checkClasses(wanted: readonly string[], running: readonly string[] | undefined): void {
    if (running === undefined && wanted.length > 0) {
      throw new UsageError(
        `the master at ${this.#client.url} runs all its user classes, for it was started without --class-picker; leave user-classes out, or start it with it`,
      );
    }
    const missing = running === undefined ? undefined : wanted.find((name) => !running.includes(name));
    if (missing !== undefined) {
      throw new UsageError(
        `the master at ${this.#client.url} has no user class ${missing}; its locustfile is another one`,
      );
    }
  }
}

/** `user_classes`: those that will run; of a master with class picker only. */
interface SwarmAnswer {
  readonly success?: boolean;
  readonly message?: string;
  readonly user_classes?: readonly string[];
}

/** Whether no test runs, nor ends just now. */
export function isIdle(state: string): boolean {
  return state === 'ready' || state === 'stopped';
}

/** A master that has lost a worker goes on waiting for it to stop: Locust's `check_stopped`. */
function hasStopped({ state, users, workers }: Reading): boolean {
  if (users > 0 || isIdle(state)) return users === 0;
  const there = workers.filter(isThere);
  return state === 'stopping' && there.length < workers.length && there.every((worker) => worker.state === 'ready');
}
