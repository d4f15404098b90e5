import { setTimeout as delay } from 'node:timers/promises';
import { toError } from '../errors.ts';
import { log } from '../log.ts';
import type { RunRecord } from '../report/record.ts';
import type { Pool } from '../swarm/pool.ts';
import type { TestSettings } from '../swarm/port.ts';
import { type Counts, sumOfCounts } from '../swarm/split.ts';
import { type DispatchClass, Dispatcher } from './dispatcher.ts';
import type { LoadShape } from './shape.ts';
import { Watch } from './watch.ts';

const secondMilliseconds = 1000;
/** Users who are started or stopped by a key come and go so fast. Locust's rate. */
const keyRate = 100;
/** The longest delay of a timer; a run that is longer is not seen to its end. */
const longestMilliseconds = 2 ** 31 - 1;

/** What is to be run. */
export interface LocalSettings {
  readonly classes: readonly DispatchClass[];
  readonly users: number;
  /** Users per second. */
  readonly spawnRate: number;
  /** Seconds; until it is stopped if not given. */
  readonly runTime?: number | undefined;
  /** Says how many users run, and when, in place of the three above. */
  readonly shape?: LoadShape | undefined;
  readonly test: TestSettings;
  readonly threads: number;
  /** Forget the statistics each time all users run. */
  readonly resetStats: boolean;
}

type PoolOfRun = Pick<
  Pool,
  'resize' | 'stop' | 'report' | 'takeStats' | 'takeStrain' | 'resetStats' | 'counts' | 'notify'
>;

/** A run without a master: it orders what a master would, of the same swarm. Locust's `LocalRunner`. */
export class LocalRunner {
  /** What may have spoilt the figures, in words. */
  readonly remarks: string[] = [];
  readonly #pool: PoolOfRun;
  readonly #record: RunRecord;
  readonly #settings: LocalSettings;
  readonly #dispatcher: Dispatcher;
  readonly #watch: Watch;
  readonly #onSecond: () => void;
  /** Aborted when the run is to end. */
  readonly #ending = new AbortController();
  /** Aborted when its users are gone. */
  readonly #stopped = new AbortController();
  #ramping = new AbortController();
  #state: 'spawning' | 'running' = 'spawning';
  #failure: Error | undefined;
  #finalCounts: Counts | undefined;

  /** `onSecond` is called each second, after its figures went into the record. */
  constructor(pool: PoolOfRun, record: RunRecord, settings: LocalSettings, onSecond: () => void = () => {}) {
    this.#pool = pool;
    this.#record = record;
    this.#settings = settings;
    this.#onSecond = onSecond;
    this.#dispatcher = new Dispatcher(settings.classes);
    this.#watch = new Watch(pool, settings.threads, (text) => this.remarks.push(text));
  }

  /** Resolves when the run has ended, its users are gone and all figures are in the record. */
  async run(): Promise<void> {
    const { users, spawnRate, runTime, shape } = this.#settings;
    const seconds = this.#countSeconds();
    await this.#begin();
    if (!this.#isEnding) {
      if (shape !== undefined) void this.#follow(shape);
      else {
        void this.#ramp(users, spawnRate);
        this.#limit(runTime);
      }
    }
    await this.#untilEnd();
    this.#ramping.abort();
    this.#finalCounts = this.#pool.counts();
    await this.#keepSecond();
    await this.#pool.stop(this.#settings.test.stopTimeout);
    this.#stopped.abort();
    await seconds;
    await this.#keepSecond();
  }

  /** The users that ran when the run was to end, by class; before that, those that run. */
  get finalCounts(): Counts {
    return this.#finalCounts ?? this.#pool.counts();
  }

  /** Why the run could not go on. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Ends the run in good order; false if it is ending already. */
  stop(reason: string): boolean {
    if (this.#isEnding) return false;
    log.info(`${reason}, shutting down`);
    this.#ending.abort();
    return true;
  }

  /** Puts what the load threads have handed over into the record, for an end at once. */
  keepRest(): void {
    const stats = this.#pool.takeStats();
    this.#record.keep({ time: now(), stats, users: this.#pool.counts(), lag: 0, cpu: 0 });
  }

  /** Starts so many users more, or stops so many if negative. Locust's keys w, W, s, S. */
  change(by: number): void {
    if (this.#isEnding) return;
    if (this.#state === 'running') void this.#ramp(Math.max(0, this.#userCount + by), keyRate);
    else if (by > 0) log.warning("Already spawning users, can't spawn more right now");
    else log.warning("Spawning users, can't stop right now");
  }

  get #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  get #userCount(): number {
    return sumOfCounts(this.#pool.counts());
  }

  #untilEnd(): Promise<void> {
    const { signal } = this.#ending;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** The test begins without a user: listeners of `testStart` may take their time. */
  async #begin(): Promise<void> {
    const begun = this.#pool.resize(new Map(), this.#settings.test, true, longestMilliseconds / 2);
    await Promise.race([begun, this.#untilEnd()]);
  }

  #limit(seconds: number | undefined): void {
    if (!seconds) {
      log.info('No run time limit set, use CTRL+C to interrupt');
      return;
    }
    log.info(`Run time limit set to ${seconds} seconds`);
    void this.#pause(Math.min(seconds * 1000, longestMilliseconds)).then(() => this.stop('--run-time limit reached'));
  }

  /** Cut by the end of the run. */
  async #pause(milliseconds: number, signal: AbortSignal = this.#ending.signal): Promise<void> {
    await delay(Math.max(0, milliseconds), undefined, { signal }).catch(() => {});
  }

  /** To so many users, a step at a time; a newer ramp takes over from where this one is. */
  async #ramp(users: number, rate: number, classNames?: readonly string[]): Promise<void> {
    this.#ramping.abort();
    this.#ramping = new AbortController();
    const { signal } = this.#ramping;
    const dispatcher = this.#dispatcher;
    this.#state = 'spawning';
    log.info(`Ramping to ${users} users at a rate of ${rate.toFixed(2)} per second`);
    dispatcher.aim(users, rate, classNames);
    const began = performance.now();
    // Where there is nothing to do, users that ended by themselves come back all the same, as in Locust.
    let done = this.#resize(dispatcher.isDone ? dispatcher.counts : dispatcher.step());
    for (let step = 1; !dispatcher.isDone; step++) {
      await this.#pause(began + step * dispatcher.pause * 1000 - performance.now(), signal);
      if (signal.aborted || this.#isEnding) return;
      // Not waited for: users that are being stopped must not slow down the ramp.
      done = this.#resize(dispatcher.step());
    }
    await done;
    if (!signal.aborted && !this.#isEnding) this.#spawned();
  }

  #resize(counts: Counts): Promise<void> {
    return this.#pool.resize(counts, this.#settings.test, false);
  }

  #spawned(): void {
    this.#state = 'running';
    const counts = this.#pool.counts();
    const userCount = sumOfCounts(counts);
    const byName = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `"${name}": ${count}`);
    log.info(`All users spawned: {${byName.join(', ')}} (${userCount} total users)`);
    this.#pool.notify({ name: 'spawningComplete', userCount });
    if (!this.#settings.resetStats) return;
    log.info('Resetting stats');
    this.#pool.resetStats();
    this.#record.reset(now());
  }

  /** Asks the shape each second, and ramps when its answer has changed. */
  async #follow(shape: LoadShape): Promise<void> {
    log.info(`Shape test starting: ${shape.name}`);
    const began = performance.now();
    let last = '';
    try {
      while (!this.#isEnding) {
        const asked = performance.now();
        const wanted = await shape.tick((asked - began) / 1000, this.#userCount);
        if (this.#isEnding) return;
        if (wanted === null) {
          this.stop('Shape test completed');
          return;
        }
        const { users, spawnRate, userClasses } = wanted;
        const text = JSON.stringify([users, spawnRate, userClasses]);
        if (text !== last) {
          log.info(`Shape test updating to ${users} users at ${spawnRate.toFixed(2)} spawn rate`);
          void this.#ramp(users, spawnRate, userClasses);
        }
        last = text;
        await this.#pause(secondMilliseconds - (performance.now() - asked));
      }
    } catch (thrown) {
      this.#failure = toError(thrown);
      this.stop('Shape test failed');
    }
  }

  async #countSeconds(): Promise<void> {
    const began = performance.now();
    for (let second = 1; !this.#stopped.signal.aborted; second++) {
      // Seconds that could not be had are not made up for.
      second = Math.max(second, Math.ceil((performance.now() - began) / secondMilliseconds));
      await this.#pause(began + second * secondMilliseconds - performance.now(), this.#stopped.signal);
      if (!this.#stopped.signal.aborted) await this.#keepSecond();
    }
  }

  async #keepSecond(): Promise<void> {
    const data = await this.#pool.report();
    if (Object.keys(data).length > 0) this.#pool.notify({ name: 'workerReport', data });
    const { lag, cpu } = this.#watch.look(this.#userCount > 0);
    this.#record.keep({ time: now(), stats: this.#pool.takeStats(), users: this.#pool.counts(), lag, cpu });
    this.#onSecond();
  }
}

/** Epoch seconds. */
function now(): number {
  return Date.now() / 1000;
}
