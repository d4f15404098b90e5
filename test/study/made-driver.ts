// A driver without a master: a system that answers as it is told to, in a time that tests make short.
import type { Driver, Load, Reading } from '../../src/study/driver.ts';
import type { MarkFailure } from '../../src/study/mark.ts';
import type { StudySettings } from '../../src/study/settings.ts';
import { oneScale, usualGates, usualLimits } from '../../src/study/settings.ts';

/** Milliseconds of a second. */
export const second = 10;

export class MadeDriver implements Driver {
  readonly delay: number = 0;
  readonly period: number = 0;
  /** Loads in the order in which they were started. */
  readonly loads: Load[] = [];
  /** Changes what is read of a load; its index is given. */
  change: (reading: Reading, load: number, at: number) => Reading = (reading) => reading;
  failures: readonly MarkFailure[] = [];
  #load: Load | undefined;
  #reads = 0;
  #requests = 0;

  open(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map());
  }

  start(load: Load): Promise<void> {
    this.#load = load;
    this.loads.push(load);
    return Promise.resolve();
  }

  read(): Promise<Reading> {
    const users = this.#load?.users ?? 0;
    this.#reads++;
    this.#requests += 10 * Math.min(users, 10);
    const reading: Reading = {
      ...{ time: this.#reads, state: users > 0 ? 'running' : 'ready', users, requests: this.#requests, failures: 0 },
      ...{ span: this.#reads, average: 100, median: 100, p95: 200, p99: 300 },
      ...{ recentRps: 10, recentMedian: 100, recentP95: 200, lag: null },
      workers: [{ id: 'a', state: 'running', users, cpu: 10 }],
    };
    return Promise.resolve(this.change(reading, this.loads.length, this.#reads));
  }

  errors(): Promise<readonly MarkFailure[]> {
    return Promise.resolve(this.failures);
  }

  reset(): Promise<void> {
    [this.#reads, this.#requests] = [0, 0];
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#load = undefined;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export function madeSettings(given: Partial<StudySettings> = {}): StudySettings {
  return {
    ...{ name: 'made', master: null, locustfile: 'users.ts', processes: 1, host: null, userClasses: [], options: {} },
    ...{ scale: oneScale, marks: [{ users: [1, 5, 10, 20], spawnRates: [10], duration: 8 }], repeats: 1 },
    ...{ warmUp: 0, settle: 1, drain: 0, limits: usualLimits, gates: usualGates, whenDead: 'go on' },
    ...given,
  };
}
