import { isAsHigh } from './as-high.ts';
import { type Level, sum } from './level.ts';

/** What a mark must keep to count as sustained. */
export interface Limits {
  /** Highest part of failures, of 1. */
  readonly failRatio: number;
  /** Longest response times in ms; no limit if not given. */
  readonly median?: number | undefined;
  readonly p95?: number | undefined;
  readonly p99?: number | undefined;
}

/** The highest rps that one scale sustained within the limits. */
export interface BestMark {
  /** The mean of all levels that are as high as the highest, but for noise: one lucky mark is no capacity. */
  readonly rps: number;
  /** Standard error of `rps`. */
  readonly error: number;
  /** The fewest users that bring it. */
  readonly users: number;
  /** The users of all levels that are as high. */
  readonly plateau: readonly number[];
  /** Of the level with the fewest users. */
  readonly level: Level;
}

/** A difference of so many standard errors is no noise; with fewer users a difference is more likely than not. */
const noise = { fewer: 2, more: 2.5 };
/** Parts that are too small to call them a difference, however sure they are. */
const negligible = 0.02;

/** null if no level keeps the limits. */
export function bestMark(levels: readonly Level[], limits: Limits): BestMark | null {
  return plateauOf(levels.filter((level) => level.rps > 0 && keeps(level, limits)));
}

/** null if there is none. */
export function highestOf(marks: readonly (BestMark | null)[]): BestMark | null {
  return marks.reduce((first, mark) => ((mark?.rps ?? 0) > (first?.rps ?? 0) ? mark : first), null);
}

/** The highest level with those neighbours that differ from it by noise only. */
export function plateauOf(levels: readonly Level[]): BestMark | null {
  const top = levels.reduce<Level | null>(
    (best, level) => (level.goodRps > (best?.goodRps ?? -1) ? level : best),
    null,
  );
  if (top === null) return null;
  let first = levels.indexOf(top);
  let last = first;
  let pooled = poolOf([top]);
  // The highest one is so by luck as well: each neighbour is held against all before it together.
  for (let isGrowing = true; isGrowing; pooled = poolOf(levels.slice(first, last + 1))) {
    const fewer = isOfPlateau(levels[first - 1], pooled, top, noise.fewer);
    const more = isOfPlateau(levels[last + 1], pooled, top, noise.more);
    if (fewer) first--;
    if (more) last++;
    isGrowing = fewer || more;
  }
  const chosen = levels.slice(first, last + 1);
  const [level = top] = chosen;
  return { ...pooled, users: level.users, plateau: chosen.map(({ users }) => users), level };
}

function isOfPlateau(
  level: Level | undefined,
  pooled: Pick<BestMark, 'rps' | 'error'>,
  top: Level,
  times: number,
): boolean {
  // Noise is no excuse for what is plainly lower.
  if (level === undefined || level.goodRps < 0.86 * top.goodRps) return false;
  return isAsHigh({ rps: level.goodRps, error: level.error }, pooled, { times, negligible });
}

/** Their mean, each by the seconds that it was measured. */
function poolOf(levels: readonly Level[]): Pick<BestMark, 'rps' | 'error'> {
  const weights = levels.map(({ marks }) => sum(marks.map(({ seconds }) => seconds)));
  const all = sum(weights);
  const parts = levels.map((level, at) => ({ level, part: (weights[at] ?? 0) / all }));
  return {
    rps: sum(parts.map(({ level, part }) => level.goodRps * part)),
    error: Math.hypot(...parts.map(({ level, part }) => level.error * part)),
  };
}

/** Whether a level is within the limits. */
export function keeps(level: Level, limits: Limits): boolean {
  if (level.failRatio > limits.failRatio) return false;
  return (['median', 'p95', 'p99'] as const).every(
    (name) => (level[name] ?? 0) <= (limits[name] ?? Number.POSITIVE_INFINITY),
  );
}
