import { Shape } from '../shape.ts';
import { ShapeOptions } from './shape-options.ts';

export interface SteadyOptions {
  readonly users: number;
  /** Seconds in all. */
  readonly duration: number;
  /** Seconds in which the users are started; a tenth of the duration, at most 10, if not given. */
  readonly rampTime?: number;
  /** Names of the classes of which users are added; all if not given. */
  readonly userClasses?: readonly string[];
}

/**
 * So many users all the time. `users: 0` is a pause.
 *
 * @example export const shape = steady({ users: 50, duration: 600 });
 */
export function steady(options: SteadyOptions): Shape {
  const given = new ShapeOptions('steady', options, ['users', 'duration', 'rampTime', 'userClasses']);
  const users = given.users('users');
  const duration = given.seconds('duration');
  const rampTime = given.seconds('rampTime', { least: 0, most: duration, usual: Math.min(10, duration / 10) });
  return new Shape([{ duration, users, rampTime, ...given.classes() }]);
}
