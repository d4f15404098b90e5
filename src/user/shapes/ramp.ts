import { Shape, type ShapePart } from '../shape.ts';
import { ShapeOptions } from './shape-options.ts';

/** Time for Locust, which looks once a second, to see that a ramp does not begin with nobody. */
const entrySeconds = 2;

export interface RampOptions {
  /** Users at its end. */
  readonly users: number;
  /** Users at its start; those that run then if not given: nobody, or what the shape before has left. */
  readonly from?: number;
  /** Seconds of the drift. */
  readonly duration: number;
  /** Seconds for which the users stay afterwards; 0 if not given. */
  readonly hold?: number;
  /** Names of the classes of which users are added; all if not given. */
  readonly userClasses?: readonly string[];
}

/**
 * A slow drift from one number of users to another, up or down.
 *
 * @example export const shape = ramp({ users: 500, duration: 3600, hold: 600 });
 */
export function ramp(options: RampOptions): Shape {
  const given = new ShapeOptions('ramp', options, ['users', 'from', 'duration', 'hold', 'userClasses']);
  const users = given.users('users');
  const from = options.from === undefined ? undefined : given.users('from');
  const duration = given.seconds('duration', { least: from === undefined ? 1 : 2 * entrySeconds });
  const hold = given.seconds('hold', { least: 0, usual: 0 });
  const classes = given.classes();
  const entry: readonly ShapePart[] =
    from === undefined ? [] : [{ duration: entrySeconds, users: from, rampTime: 0, ...classes }];
  const rampTime = from === undefined ? duration : duration - entrySeconds;
  return new Shape([...entry, { duration: rampTime + hold, users, rampTime, ...classes }]);
}
