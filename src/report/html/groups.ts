// Samples that are shown as one point, and the gaps between them.
import type { Sample } from '../run.ts';

/** The samples from `first` up to, not with, `end`; none where nothing was measured. */
export interface Group {
  readonly first: number;
  readonly end: number;
  /** Epoch seconds at which it is drawn. */
  readonly time: number;
}

/** So many samples a group; a gap in time ends a group and is an empty one itself. */
export function groupsOf(samples: readonly Pick<Sample, 'time' | 'seconds'>[], size: number): readonly Group[] {
  const groups: Group[] = [];
  let first = 0;
  for (const [at, { time }] of samples.entries()) {
    const next = samples[at + 1];
    const isGap = next !== undefined && next.time - next.seconds - time > Math.max(0.5, next.seconds / 2);
    if (!isGap && next !== undefined && at + 1 - first < size) continue;
    groups.push({ first, end: at + 1, time });
    first = at + 1;
    if (isGap) groups.push({ first, end: first, time: (time + next.time) / 2 });
  }
  return groups;
}

/** By weight, of what was measured; null if nothing was. */
export function mean(
  values: readonly (number | null)[],
  { first, end }: Group,
  weightAt: (at: number) => number,
): number | null {
  let sum = 0;
  let weights = 0;
  for (let at = first; at < end; at++) {
    const value = values[at] ?? null;
    if (value === null) continue;
    sum += value * weightAt(at);
    weights += weightAt(at);
  }
  return weights > 0 ? sum / weights : null;
}

/** Of what was measured; null if nothing was. */
export function greatest(values: readonly (number | null)[], { first, end }: Group): number | null {
  let most: number | null = null;
  for (let at = first; at < end; at++) {
    const value = values[at] ?? null;
    if (value !== null && (most === null || value > most)) most = value;
  }
  return most;
}
