import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import type { Driver, Load, Reading } from './driver.ts';
import { disturbancesOf, isThere } from './gates.ts';
import type { Sample } from './journal.ts';
import type { Disturbance, Mark } from './mark.ts';
import { isIdle } from './master-driver.ts';
import { hasRate, isFailingAtEnd, measuredOf } from './measurement.ts';
import type { PlannedMark } from './plan.ts';
import { reasonOf } from './reason.ts';
import type { StudySettings } from './settings.ts';
import { variantOf } from './variant.ts';

/** Beyond the time that a ramp takes by itself, seconds. */
const rampGrace = 30;
/** Percentiles that change by less are steady, part of 1. */
const steady = 0.2;
/** So many times as long as asked may settling take. */
const settleTimes = 3;
/** A master that cannot be asked for so many seconds is gone. */
const mostSilence = 10;
/** What is not told in the end is missing in the figures. */
const mostSilenceAtEnd = 3;
/** A master without workers says that the test has begun, and stays as it is; so many seconds tell. */
const mostIdle = 6;

export interface SessionListener {
  /** In words. */
  onPhase(phase: string): void;
  onSample(sample: Sample): void;
}

/** A mark, and how the system under test was at its end. */
export interface Attempt {
  readonly mark: Mark;
  /** Whether nothing went well any more. */
  readonly isFailingAtEnd: boolean;
}

/** One attempt at one mark: start, settle, reset, measure, stop. */
export class Session {
  readonly #driver: Driver;
  readonly #settings: StudySettings;
  readonly #listener: SessionListener;
  readonly #signal: AbortSignal;
  readonly #second: number;
  /** Whether the test has begun, so that it must not end by itself. */
  #isRunning = false;
  /** When it was told to begin, by `performance.now()`. */
  #began = 0;
  /** When the driver last told something, by `performance.now()`. */
  #heard = 0;
  /** Whether it did not the last time that it was asked. */
  #isSilent = false;

  /** `signal` ends it; what was measured by then is kept. `second`: ms of one, fewer in tests. */
  constructor(
    driver: Driver,
    settings: StudySettings,
    listener: SessionListener,
    signal: AbortSignal,
    second: number = 1000,
  ) {
    this.#second = second;
    this.#driver = driver;
    this.#settings = settings;
    this.#listener = listener;
    this.#signal = signal;
  }

  /** The mark; null if it was interrupted before there was anything to keep. What went wrong is among its disturbances. */
  async measure(planned: PlannedMark, attempt: number): Promise<Attempt | null> {
    const readings: Reading[] = [];
    const trouble: Disturbance[] = [];
    let errors: Mark['errors'] = [];
    let workers = 0;
    const keep = (isMeasured: boolean) => (reading: Reading) => {
      workers = Math.max(workers, reading.workers.filter(isThere).length);
      this.#listener.onSample({ key: planned.key, attempt, isMeasured, ...reading });
      if (isMeasured) readings.push(reading);
    };
    try {
      await this.#begin(planned, keep(false));
      this.#listener.onPhase('measuring');
      this.#isRunning = true;
      await this.#driver.reset();
      await this.#watch(planned.seconds + this.#driver.delay, keep(true), () => this.#signal.aborted);
      // A short mark may be over before its second report is shown.
      if (!this.#isSilent)
        await this.#watch(this.#driver.delay, keep(true), () => this.#signal.aborted || hasRate(readings));
      errors = await this.#driver.errors();
      const silence = (performance.now() - this.#heard) / this.#second;
      if (this.#isSilent && silence > mostSilenceAtEnd)
        trouble.push({ kind: 'data', text: `nothing was heard in its last ${silence.toFixed(0)} s` });
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      trouble.push({ kind: 'data', text: reasonOf(thrown) });
    }
    await this.#end();
    if (this.#signal.aborted && readings.length < 2) return null;
    if (this.#signal.aborted)
      trouble.push({ kind: 'interrupted', text: 'the study was interrupted while it was measured' });
    const { period } = this.#driver;
    const measured = measuredOf(readings, period) ?? { ...nothing, workers };
    const gates = readings.length === 0 ? [] : disturbancesOf(readings, planned.users, this.#settings.gates);
    const { scale, users, spawnRate, repeat } = planned;
    const disturbances = [...trouble, ...gates];
    return {
      mark: { scale, users, spawnRate, repeat, attempt, ...measured, errors, disturbances },
      isFailingAtEnd: isFailingAtEnd(readings),
    };
  }

  /** Runs users that nobody measures. */
  async warmUp(planned: Pick<PlannedMark, 'scale' | 'users' | 'spawnRate'>, seconds: number): Promise<void> {
    await this.#start(planned);
    await this.#watch(
      seconds,
      () => {},
      () => this.#signal.aborted,
    );
    await this.#end();
  }

  #loadOf({ scale, users, spawnRate }: Pick<PlannedMark, 'scale' | 'users' | 'spawnRate'>): Load {
    const isOfVariant = this.#settings.variants !== undefined;
    return { users, spawnRate, ...(isOfVariant ? { variant: variantOf(this.#settings, scale) } : {}) };
  }

  /** Until all users run and what they see is steady. */
  async #begin(planned: PlannedMark, keep: (reading: Reading) => void): Promise<void> {
    const { users, spawnRate } = planned;
    const { settle } = this.#settings;
    this.#listener.onPhase('starting');
    await this.#start(planned);
    let last: Reading | undefined;
    const see = (reading: Reading): void => {
      last = reading;
      keep(reading);
    };
    await this.#watch(
      users / spawnRate + rampGrace,
      see,
      () => this.#signal.aborted || (last?.users === users && last.state === 'running'),
    );
    this.#listener.onPhase('settling');
    const seen: Reading[] = [];
    const isSettled = (): boolean => {
      const [now, then] = [seen.at(-1), seen.at(-1 - Math.max(1, Math.round(settle)))];
      return now !== undefined && then !== undefined && isSteady(then, now);
    };
    const settling = (reading: Reading): void => {
      seen.push(reading);
      keep(reading);
    };
    if (settle > 0) await this.#watch(settleTimes * settle, settling, () => this.#signal.aborted || isSettled());
  }

  async #start(planned: Pick<PlannedMark, 'scale' | 'users' | 'spawnRate'>): Promise<void> {
    await this.#driver.start(this.#loadOf(planned));
    this.#began = performance.now();
  }

  #refuseEnd({ state, workers }: Reading): void {
    if (!isIdle(state)) this.#isRunning = true;
    else if (this.#isRunning)
      throw new Error(`the test ended before its time (${state}): its master was restarted, or somebody stopped it`);
    else if (performance.now() - this.#began > mostIdle * this.#second)
      throw new Error(`the test never began (${state})${workers.some(isThere) ? '' : ': its master has no workers'}`);
  }

  async #end(): Promise<void> {
    this.#listener.onPhase('stopping');
    try {
      await this.#driver.stop((what) => this.#listener.onPhase(`waiting for ${what}`));
      await delay(this.#settings.drain * this.#second, undefined, { signal: this.#signal }).catch(() => {});
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      // The next one to be started finds out whether the master is still there.
    }
  }

  /** Reads each second for so long, or until `isDone`. A driver that is silent for a while is no reason to give up. */
  async #watch(seconds: number, see: (reading: Reading) => void, isDone: () => boolean): Promise<void> {
    const began = performance.now();
    this.#heard = began;
    for (let next = began; !isDone(); ) {
      const left = began + seconds * this.#second - performance.now();
      if (left <= 0) return;
      next += this.#second;
      let reading: Reading | undefined;
      try {
        reading = await this.#driver.read();
        this.#heard = performance.now();
        this.#isSilent = false;
      } catch (thrown) {
        this.#isSilent = true;
        if (thrown instanceof UsageError || performance.now() - this.#heard > mostSilence * this.#second) throw thrown;
      }
      if (reading !== undefined) {
        this.#refuseEnd(reading);
        see(reading);
      }
      if (isDone()) return;
      next = Math.max(next, performance.now());
      await delay(Math.max(0, next - performance.now()), undefined, { signal: this.#signal }).catch(() => {});
    }
  }
}

const nothing = {
  ...{ startTime: 0, seconds: 0, requests: 0, failures: 0, rps: 0, failuresPerSecond: 0, rpsError: null },
  ...{ average: null, median: null, p95: null, p99: null, cpu: null, lag: null, workers: 0 },
};

function isSteady(then: Reading, now: Reading): boolean {
  const isNear = (a: number | null, b: number | null): boolean =>
    a === null || b === null || Math.abs(a - b) <= steady * Math.max(a, b);
  return isNear(then.recentMedian, now.recentMedian) && isNear(then.recentP95, now.recentP95);
}
