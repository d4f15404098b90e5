import { Shape } from '../shape.ts';
import { ShapeOptions } from './shape-options.ts';

export interface StepOptions {
  /** Users on the last step. */
  readonly users: number;
  /** Users more on each step; fewer, if it goes down. */
  readonly by: number;
  /** Seconds that each step lasts. */
  readonly every: number;
  /** Users on the first step; `by` if not given. */
  readonly from?: number;
  /** Seconds in which the users of a step are started; 1 if not given, which is all at once. */
  readonly rampTime?: number;
  /** Names of the classes of which users are added; all if not given. */
  readonly userClasses?: readonly string[];
}

/**
 * Up, or down, in equal steps of equal length.
 *
 * @example export const shape = step({ users: 100, by: 10, every: 60 });
 */
export function step(options: StepOptions): Shape {
  const given = new ShapeOptions('step', options, ['users', 'by', 'every', 'from', 'rampTime', 'userClasses']);
  const users = given.users('users');
  const by = given.users('by', 1);
  const every = given.seconds('every');
  const from = given.users('from', 0, Math.min(by, users));
  const rampTime = given.seconds('rampTime', { least: 0, most: every, usual: 1 });
  const change = users - from;
  const parts = Array.from({ length: given.count(Math.ceil(Math.abs(change) / by) + 1) }, (_, place) => {
    const moved = Math.sign(change) * Math.min(by * place, Math.abs(change));
    return { duration: every, users: from + moved, rampTime, ...given.classes() };
  });
  return new Shape(parts);
}
