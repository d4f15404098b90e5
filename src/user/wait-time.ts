// How long a user pauses between two tasks. Seconds, as Locust's wait_time functions.
import { UsageError } from '../errors.ts';

/** Who waits: a user, or a task set with a wait time of its own. `createdAt` by the monotonic clock, ms. */
export interface Waiter {
  readonly createdAt: number;
}

/**
 * Seconds until the next task, called with the user (or the task set that has a wait time of its own). Any function
 * of one's own will do, async too, and may name its own class as the parameter's type.
 *
 * @example static waitTime = (user: ShopUser) => user.impatient ? 1 : 10;
 */
export type WaitTime = { of(waiter: Waiter): number | Promise<number> }['of'];

function checkSeconds(name: string, ...seconds: number[]): void {
  for (const value of seconds) {
    if (typeof value !== 'number' || !(value >= 0) || !Number.isFinite(value)) {
      throw new UsageError(`${name}(${seconds.join(', ')}): a number of seconds from 0 on is expected, not ${value}`);
    }
  }
}

function checkRate(name: string, rate: number): void {
  if (typeof rate !== 'number' || !(rate > 0) || !Number.isFinite(rate)) {
    throw new UsageError(`${name}(${rate}): a positive rate (tasks per second) is expected`);
  }
}

/** The same pause each time. @example static waitTime = constant(3); */
export function constant(seconds: number): WaitTime {
  checkSeconds('constant', seconds);
  return () => seconds;
}

/** A pause drawn evenly from `min` to `max` seconds. @example static waitTime = between(1, 5); */
export function between(min: number, max: number): WaitTime {
  checkSeconds('between', min, max);
  if (max < min) throw new UsageError(`between(${min}, ${max}): the second number must not be less than the first`);
  return () => min + Math.random() * (max - min);
}

interface Pace {
  lastRun: number;
  lastWait: number;
}

/**
 * A pause that makes each task with its pause last `seconds`; none if the task took longer.
 * Locust's `constant_pacing`. @example static waitTime = constantPacing(10);
 */
export function constantPacing(seconds: number): WaitTime {
  checkSeconds('constantPacing', seconds);
  const paces = new WeakMap<Waiter, Pace>();
  return (waiter) => {
    const now = performance.now() / 1000;
    const pace = paces.get(waiter) ?? { lastRun: waiter.createdAt / 1000, lastWait: 0 };
    const running = now - pace.lastRun - pace.lastWait;
    const wait = Math.max(0, seconds - running);
    paces.set(waiter, { lastRun: now, lastWait: wait });
    return wait;
  };
}

/** As `constantPacing`, as a rate: tasks per second of one user. @example static waitTime = constantThroughput(0.1); */
export function constantThroughput(tasksPerSecond: number): WaitTime {
  checkRate('constantThroughput', tasksPerSecond);
  return constantPacing(1 / tasksPerSecond);
}

/**
 * Pauses of exponential length, `rate` tasks per second in the mean: tasks arrive as a Poisson process.
 * Locust's `poisson`. @example static waitTime = poisson(2);
 */
export function poisson(rate: number): WaitTime {
  checkRate('poisson', rate);
  return () => -Math.log(1 - Math.random()) / rate;
}
