import { Shape } from '../shape.ts';
import { ShapeOptions } from './shape-options.ts';

export interface SpikeOptions {
  /** Users before and after. */
  readonly users: number;
  /** Users in the spike. */
  readonly peak: number;
  /** Seconds in all. */
  readonly duration: number;
  /** Seconds that the spike lasts; a tenth of the duration if not given. */
  readonly length?: number;
  /** Seconds from the start to the spike; in the middle if not given. */
  readonly at?: number;
  /** Seconds in which the users come, and in which they go; 1 if not given, which is all at once. */
  readonly rampTime?: number;
  /** Names of the classes of which users are added; all if not given. */
  readonly userClasses?: readonly string[];
}

/**
 * One sudden peak, and what becomes of the system afterwards.
 *
 * @example export const shape = spike({ users: 50, peak: 1000, duration: 900, at: 300, length: 60 });
 */
export function spike(options: SpikeOptions): Shape {
  const known = ['users', 'peak', 'duration', 'length', 'at', 'rampTime', 'userClasses'];
  const given = new ShapeOptions('spike', options, known);
  const users = given.users('users');
  const peak = given.users('peak', users);
  const duration = given.seconds('duration', { least: 3 });
  const length = given.seconds('length', { most: duration - 2, usual: Math.max(1, Math.round(duration / 10)) });
  const at = given.seconds('at', {
    most: duration - length - 1,
    usual: Math.max(1, Math.floor((duration - length) / 2)),
  });
  const after = duration - length - at;
  const rampTime = given.seconds('rampTime', { least: 0, most: Math.min(at, length, after), usual: 1 });
  const classes = given.classes();
  return new Shape([
    { duration: at, users, rampTime, ...classes },
    { duration: length, users: peak, rampTime, ...classes },
    { duration: after, users, rampTime, ...classes },
  ]);
}
