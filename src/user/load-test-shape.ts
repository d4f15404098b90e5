import type { Environment } from './environment.ts';

/** What a shape wants from now on. */
export interface ShapeTick {
  /** How many users run. */
  readonly users: number;
  /** Users started (or stopped) per second until they are so many. */
  readonly spawnRate: number;
  /** Names of the classes of which users are *added*; those that run stay. All classes if not given. */
  readonly userClasses?: readonly string[];
}

/** What the thread tells a shape before each `tick`; a run that begins anew is seen by its time. Not for user code. */
export let tellShape: (shape: LoadTestShape, runTime: number, userCount: number) => void;

/**
 * A load shape that decides each second, for runs without a master. Locust's `LoadTestShape`. A master runs a shape from
 * data, so for one under a master take `stages([…])`, or what `katydid shape --json` prints of a class.
 *
 * @example
 * export class UntilItHurts extends LoadTestShape {
 *   tick() {
 *     if (this.runTime > 600 || this.environment.runner.stats.total.numFailures > 100) return null;
 *     return { users: 10 + Math.floor(this.runTime / 30) * 10, spawnRate: 10 };
 *   }
 * }
 */
export abstract class LoadTestShape {
  /** A base class, not for runs itself. Read as an own property, so that subclasses are none. */
  static readonly abstract?: boolean;
  readonly environment: Environment;
  #now = 0;
  #start = 0;
  #userCount = 0;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** What is wanted now; null ends the run. Called each second; it has so long to answer, else the last answer holds. */
  abstract tick(): ShapeTick | null | Promise<ShapeTick | null>;

  /** Seconds since the run began, or since `resetTime()`. Locust's `get_run_time()`. */
  get runTime(): number {
    return this.#now - this.#start;
  }

  /** The users that run. Locust's `get_current_user_count()`. */
  get userCount(): number {
    return this.#userCount;
  }

  /** Lets `runTime` begin anew. Locust's `reset_time()`. */
  resetTime(): void {
    this.#start = this.#now;
  }

  static {
    tellShape = (shape, runTime, userCount) => {
      if (runTime < shape.#now) shape.#start = 0;
      shape.#now = runTime;
      shape.#userCount = userCount;
    };
  }
}

/** Any class of a user file that is a shape. */
export interface LoadTestShapeClass {
  readonly name: string;
  readonly abstract?: boolean;
  new (environment: Environment): LoadTestShape;
}
