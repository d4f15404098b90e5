// How figures and names stand in a sentence.
import { count, measure, plain } from '../report/html/format.ts';
import type { Finding } from './finding.ts';
import type { Scale } from './mark.ts';

/** `scale 3`, or a variant by its name. */
export function nameOf(scale: Scale): string {
  return typeof scale === 'number' ? `scale ${scale}` : scale;
}

/** What the rows of tables are. */
export function scaleWord({ ranking }: Finding): 'Scale' | 'Variant' {
  return ranking === null ? 'Scale' : 'Variant';
}

export function people(users: number): string {
  return users === 1 ? '1 user' : `${count(users)} users`;
}

/** `83%`, `200%`: a change may be more than all. */
export function changeText(part: number): string {
  return `${Math.abs(part) < 0.1 ? plain(Math.round(part * 1000) / 10) : count(part * 100)}%`;
}

/** Three figures: all that a study of seconds can tell. */
export function figure(rps: number): string {
  return measure(rps);
}

/** A part of the best: `0.71`, `0.070`. */
export function shareText(part: number): string {
  return part >= 0.995 ? '1' : part.toPrecision(2);
}

/** A mean in ms: it is exact, so that there is more to tell of less than one than of a percentile. */
export function meanText(milliseconds: number): string {
  return milliseconds < 1 ? milliseconds.toPrecision(2) : measure(milliseconds);
}

/** `1, 3 and 5`; names with a comma are told apart by semicolons. */
export function list(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  const separator = parts.some((part) => part.includes(',')) ? '; ' : ', ';
  const last = separator === '; ' ? '; ' : ' and ';
  return `${parts.slice(0, -1).join(separator)}${last}${parts.at(-1)}`;
}
