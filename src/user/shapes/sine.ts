import { Shape, type ShapePart } from '../shape.ts';
import { ShapeOptions } from './shape-options.ts';

/** A wave is sampled into so many stages, of 2 to 10 seconds each. */
const stagesAWave = 24;
/** However long the shape is: the master's locustfile holds them all. */
const stagesAtMost = 1000;

export interface SineOptions {
  /** Users at the bottom of the wave, where it begins. */
  readonly users: number;
  /** Users at the top. */
  readonly peak: number;
  /** Seconds in all. */
  readonly duration: number;
  /** Seconds of one wave, from bottom to bottom; the duration if not given. */
  readonly period?: number;
  /** Names of the classes of which users are added; all if not given. */
  readonly userClasses?: readonly string[];
}

/**
 * Waves, as day and night make them.
 *
 * @example export const shape = sine({ users: 10, peak: 100, duration: 3600, period: 600 });
 */
export function sine(options: SineOptions): Shape {
  const given = new ShapeOptions('sine', options, ['users', 'peak', 'duration', 'period', 'userClasses']);
  const users = given.users('users');
  const peak = given.users('peak', users);
  const duration = given.seconds('duration', { least: 2 });
  const period = given.seconds('period', { least: 8, usual: Math.max(8, duration) });
  const most = Math.max(Math.min(10, Math.max(2, period / stagesAWave)), duration / stagesAtMost);
  // Top and bottom are hit.
  const step = period / 2 / Math.max(1, Math.floor(period / 2 / most));
  const at = (time: number): number =>
    Math.round(users + ((peak - users) * (1 - Math.cos((2 * Math.PI * time) / period))) / 2);
  const parts: ShapePart[] = [];
  for (let start = 0, place = 1; start < duration; place++) {
    const end = step * place > duration - step / 2 ? duration : step * place;
    const lasts = end - start;
    const last = parts.at(-1);
    // Where nobody comes or goes, the stage before lasts on.
    if (last?.users === at(end)) parts[parts.length - 1] = { ...last, duration: last.duration + lasts };
    else parts.push({ duration: lasts, users: at(end), rampTime: lasts, ...given.classes() });
    start = end;
  }
  return new Shape(parts);
}
