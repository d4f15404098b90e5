import { Shape, type ShapePart } from '../shape.ts';
import { ShapeOptions } from './shape-options.ts';

export interface BurstOptions {
  /** Users between the bursts. */
  readonly users: number;
  /** Users in a burst. */
  readonly peak: number;
  /** Seconds in all. */
  readonly duration: number;
  /** Seconds from the start of one burst to the start of the next; 60, or a shorter duration, if not given. */
  readonly every?: number;
  /** Seconds that a burst lasts; a quarter of `every` if not given. */
  readonly length?: number;
  /** Seconds in which the users come, and in which they go; 1 if not given, which is all at once. */
  readonly rampTime?: number;
  /** Names of the classes of which users are added; all if not given. */
  readonly userClasses?: readonly string[];
}

/**
 * Sharp changes within seconds or minutes: quiet, then a burst, again and again.
 *
 * @example export const shape = burst({ users: 20, peak: 200, duration: 1800, every: 300, length: 30 });
 */
export function burst(options: BurstOptions): Shape {
  const known = ['users', 'peak', 'duration', 'every', 'length', 'rampTime', 'userClasses'];
  const given = new ShapeOptions('burst', options, known);
  const users = given.users('users');
  const peak = given.users('peak', users);
  const duration = given.seconds('duration', { least: 2 });
  const every = given.seconds('every', { least: 2, most: duration, usual: Math.min(60, duration) });
  const length = given.seconds('length', { most: every - 1, usual: Math.max(1, Math.round(every / 4)) });
  const quiet = every - length;
  const rampTime = given.seconds('rampTime', { least: 0, most: Math.min(length, quiet), usual: 1 });
  const bursts = given.count(Math.ceil(duration / every));
  const parts: ShapePart[] = [];
  let left = duration;
  const add = (most: number, count: number): void => {
    // What is left of a second belongs to the stage before.
    const lasts = left - most < 1 ? left : most;
    if (lasts > 0)
      parts.push({ duration: lasts, users: count, rampTime: Math.min(rampTime, lasts), ...given.classes() });
    left -= lasts;
  };
  // Half of the quiet time comes before the first burst, so that a duration of whole rounds ends quietly as well.
  add(Math.max(1, Math.floor(quiet / 2)), users);
  for (let burst = 0; burst < bursts; burst++) {
    add(length, peak);
    add(quiet, users);
  }
  return new Shape(parts);
}
