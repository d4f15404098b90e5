import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import type { Driver, Load, Reading } from './driver.ts';
import type { MarkFailure } from './mark.ts';
import { type MasterClient, MasterError } from './master-client.ts';
import type { StudySettings } from './settings.ts';
import { readingOf, type StatsAnswer } from './stats-answer.ts';

/** Seconds: workers report each 3 s, and the master shows a page that is up to 2 s old. */
const reportSeconds = 5;
/** Seconds that a page is shown again, and some more. */
const pageSeconds = 3;
/** Seconds that /stop may take beyond the users' own time. */
const stopSeconds = 120;
const idleStates = ['ready', 'stopped'];

/** Any Locust master, by its web API, whoever's workers it has. Reference: Locust's `web.py`. */
export class MasterDriver implements Driver {
  readonly delay: number = reportSeconds;
  /** Locust's WORKER_REPORT_INTERVAL. */
  readonly period: number = 3;
  readonly #client: MasterClient;
  readonly #form: readonly (readonly [string, string])[];
  #errors: readonly MarkFailure[] = [];

  constructor(
    client: MasterClient,
    { host, userClasses, options }: Pick<StudySettings, 'host' | 'userClasses' | 'options'>,
  ) {
    this.#client = client;
    this.#form = [
      ...(host === null ? [] : [['host', host] as const]),
      ...userClasses.map((name) => ['user_classes', name] as const),
      ...Object.entries(options),
    ];
  }

  async open(): Promise<ReadonlyMap<string, string>> {
    try {
      await this.#client.logIn();
      const { state, workers } = await this.read();
      if (!idleStates.includes(state) && state !== 'stopping') {
        throw new UsageError(
          `a test is running already on the master at ${this.#client.url} (${state}); stop it first`,
        );
      }
      if (workers.length === 0) throw new UsageError(`the master at ${this.#client.url} has no workers`);
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      throw new UsageError(`the master at ${this.#client.url} does not answer: ${reasonOf(thrown)}`);
    }
    const page = await this.#client.text('/', 'GET').catch(() => '');
    const [, version = 'unknown'] =
      /"version":\s*"([^"]+)"/.exec(page) ?? /\\"version\\":\s*\\"([^"\\]+)\\"/.exec(page) ?? [];
    return new Map([['Locust', version]]);
  }

  async start({ users, spawnRate }: Load): Promise<void> {
    const form = new URLSearchParams([
      ['user_count', String(users)],
      ['spawn_rate', String(spawnRate)],
      ...this.#form.map(([name, value]): [string, string] => [name, value]),
    ]);
    const answer = (await this.#client.json('/swarm', form)) as { success?: boolean; message?: string };
    // The status is 200 whatever became of it.
    if (answer.success !== true)
      throw new MasterError(`the master did not start the test: ${answer.message ?? 'no reason'}`);
    if (/shape class/.test(answer.message ?? '')) {
      throw new UsageError('the master runs a load shape, which says how many users run; start it without one');
    }
  }

  async read(): Promise<Reading> {
    const answer = (await this.#client.json('/stats/requests')) as StatsAnswer;
    this.#errors = (answer.errors ?? []).map(({ method, name, error, occurrences }) => ({
      ...{ method, name, message: error, count: occurrences },
    }));
    return readingOf(answer, Date.now() / 1000);
  }

  errors(): Promise<readonly MarkFailure[]> {
    return Promise.resolve([...this.#errors].sort((a, b) => b.count - a.count));
  }

  /** The page of before may be shown for some seconds more, and what was on its way may soon be more than what was there. */
  async reset(): Promise<void> {
    const before = await this.read();
    await this.#client.text('/stats/reset', 'POST');
    const began = performance.now();
    if (before.requests === 0) return;
    for (let elapsed = 0; elapsed < 2 * reportSeconds; ) {
      await delay(250);
      const { requests, span } = await this.read();
      elapsed = (performance.now() - began) / 1000;
      if (requests < before.requests || span < before.span) return;
      // Its time began after the reset, whatever it has counted by now.
      if (elapsed > pageSeconds && span <= elapsed) return;
    }
    throw new MasterError('the master did not forget its statistics when it was told to');
  }

  async stop(): Promise<void> {
    await this.#client.text('/stop', 'POST', undefined, stopSeconds);
    const due = performance.now() + stopSeconds * 1000;
    for (;;) {
      const { state, users } = await this.read();
      if (users === 0 && idleStates.includes(state)) return;
      if (performance.now() > due)
        throw new MasterError(`${users} users still run ${stopSeconds} s after the end (${state})`);
      await delay(250);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** Of a failed fetch, what is behind it. */
export function reasonOf(thrown: unknown): string {
  const { message, cause } = thrown as Error;
  return cause instanceof Error && message === 'fetch failed'
    ? cause.message || String((cause as NodeJS.ErrnoException).code)
    : message;
}
