import { UsageError } from '../errors.ts';

/** How the planned times of one user lie: `even` is one every `1 / rate` seconds, `poisson` at random. */
export type Spacing = 'even' | 'poisson';

/** What `scheduled` may be told beside the rate. */
export interface ArrivalOptions {
  /**
   * How many iterations of one user may run at once; 100 by default. When so many run, the next ones wait, and count
   * from when they were planned.
   */
  readonly maxConcurrent?: number;
  /** `even` by default. */
  readonly spacing?: Spacing;
}

const usualMaxConcurrent = 100;

/** When the iterations of a user are planned. Made by `scheduled`. */
export class Arrivals {
  /** Iterations per second of one user. */
  readonly rate: number;
  /** Iterations of one user that may run at once. */
  readonly maxConcurrent: number;
  readonly spacing: Spacing;

  constructor(rate: number, { maxConcurrent = usualMaxConcurrent, spacing = 'even' }: ArrivalOptions) {
    this.rate = rate;
    this.maxConcurrent = maxConcurrent;
    this.spacing = spacing;
  }

  /**
   * Milliseconds from the end of `onStart` to the first iteration: any moment of the first interval, so that users who
   * were started together do not come together.
   */
  first(): number {
    return this.spacing === 'even' ? (Math.random() * 1000) / this.rate : this.gap();
  }

  /** Milliseconds between one planned time and the next. */
  gap(): number {
    return this.spacing === 'even' ? 1000 / this.rate : (-Math.log(1 - Math.random()) * 1000) / this.rate;
  }
}

/**
 * Iterations at planned times, whether or not earlier ones have ended: an open workload. `rate` is in iterations (one
 * task each) per second and user; 20 users with `scheduled(5)` begin 100 a second, however slow the answers are.
 *
 * The iterations of a user run side by side on the same object: what a task keeps must be its own variables, not fields
 * of the user. The times are planned from the end of `onStart` and do not drift. An iteration that comes too late (too
 * many run, or the thread was busy) begins as soon as it can, and is not left out. `waitTime` is not used, and the tasks
 * are methods, not task sets.
 *
 * Each request is counted twice: its own time under its name as ever, and its time from when it should have been made
 * under `NAME (response)`: its own time and how late its iteration began. Those entries are not in the totals. Requests
 * of `onStart` and `onStop` are planned by nobody and have none.
 *
 * @example
 * export class Visitor extends HttpUser {
 *   static arrivals = scheduled(5, { maxConcurrent: 50 });
 *   static tasks = { home: 1 } satisfies Tasks<Visitor>;
 *   async home() {
 *     await this.client.get('/');
 *   }
 * }
 */
export function scheduled(rate: number, options: ArrivalOptions = {}): Arrivals {
  if (typeof rate !== 'number' || !(rate > 0) || !Number.isFinite(rate)) {
    throw new UsageError(`scheduled(${String(rate)}): a positive rate (iterations per second and user) is expected`);
  }
  const { maxConcurrent = usualMaxConcurrent, spacing = 'even' } = options;
  if (!Number.isInteger(maxConcurrent) || maxConcurrent < 1) {
    throw new UsageError(
      `scheduled(${rate}) has maxConcurrent: ${String(maxConcurrent)}; a whole number from 1 on is expected`,
    );
  }
  if (spacing !== 'even' && spacing !== 'poisson') {
    throw new UsageError(`scheduled(${rate}) has spacing: ${String(spacing)}; 'even' or 'poisson' is expected`);
  }
  return new Arrivals(rate, { maxConcurrent, spacing });
}
