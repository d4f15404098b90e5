import { plateauOf } from './best-mark.ts';
import { Dice } from './dice.ts';
import type { Level } from './level.ts';

/**
 * The users beyond which rps no longer grows while waiting does: where the straight line of light load meets the highest
 * rps (Kleinrock's saturation point, the crossing of the two asymptotes of a closed system).
 */
export type Knee =
  | {
      readonly isReached: true;
      /** The fewest measured users from there on. */
      readonly users: number;
      /** Where the lines cross. */
      readonly estimate: number;
      /** Between these it is, in nine of ten repetitions. */
      readonly range: readonly [low: number, high: number];
      /** Part of 1: of repetitions with the noise that was seen, so many find the same users. */
      readonly confidence: number;
      /** Even the fewest users were too many to see light load: the knee is there or below. */
      readonly isAtLowest: boolean;
      readonly method: typeof kneeMethod;
    }
  | { readonly isReached: false; readonly reason: string };

export const kneeMethod = 'crossing of the asymptotes: the line of light load meets the highest rps';

/** Beyond the crossing there must be so much more load to say that growth has ended. */
const beyond = 1.25;
/** From this part of what a user brings with light load on, the last users still bring something. */
const growing = 0.5;
/** Users that are fewer than the crossing by less are there. */
const nearly = 0.95;
/** So many times the response time of light load are waiting. */
const waiting = 1.2;
/** Failures that are as telling as waiting, part of 1. */
const failing = 0.02;
/** Part of 1. */
const mostFailures = 0.1;
const repetitions = 200;

/** Finds the knee of one scale. Its levels are given by users. */
export function kneeOf(levels: readonly Level[]): Knee {
  if (levels.length === 0) return { isReached: false, reason: 'nothing was measured' };
  if (levels.length < 2) return { isReached: false, reason: 'one number of users is too few to see a knee' };
  if (levels.every(({ goodRps }) => goodRps <= 0)) return { isReached: false, reason: 'no request was answered well' };
  const estimate = crossing(levels);
  const [first, last] = [levels[0], levels.at(-1)];
  if (estimate === null || first === undefined || last === undefined) {
    return { isReached: false, reason: 'no request was answered well with few users' };
  }
  if (last.users < beyond * estimate || stillGrows(levels)) {
    return { isReached: false, reason: `rps still grew with the most users that were tried (${last.users})` };
  }
  if (!waits(levels)) {
    return {
      isReached: false,
      reason:
        'rps stopped to grow, but responses took no longer: the users themselves, or their generator, held it back',
    };
  }
  const users = levelAt(levels, estimate);
  const drawn = repeated(levels);
  const same = drawn.filter((value) => levelAt(levels, value) === users && last.users >= beyond * value);
  return {
    isReached: true,
    users,
    estimate,
    range: [drawn[Math.floor(drawn.length * 0.05)] ?? estimate, drawn[Math.floor(drawn.length * 0.95)] ?? estimate],
    confidence: drawn.length === 0 ? 0 : same.length / drawn.length,
    isAtLowest: users === first.users && (levels[1]?.goodRps ?? 0) < 1.1 * first.goodRps,
    method: kneeMethod,
  };
}

/** Users at which the line of light load reaches the highest rps; null without any light load. */
export function crossing(levels: readonly Level[]): number | null {
  const slope = lightSlope(levels);
  const top = plateauOf(answered(levels));
  return slope === null || top === null ? null : top.rps / slope;
}

/** Where many fail, what is left does not tell what the system can do: time-outs make room for cheaper requests. */
export function answered(levels: readonly Level[]): readonly Level[] {
  const well = levels.filter(({ failRatio }) => failRatio <= mostFailures);
  return well.length > 0 ? well : levels;
}

/** rps of one user: of all levels from the fewest users on, as long as another user brings as much as those before. */
function lightSlope(levels: readonly Level[]): number | null {
  let rps = 0;
  let users = 0;
  let variance = 0;
  for (const level of levels) {
    const own = level.goodRps / level.users;
    const pooled = rps / users;
    const doubt = 2 * Math.hypot(level.error / level.users, Math.sqrt(variance) / Math.max(1, users));
    // what noise excuses has its limit too: a fifth less is the beginning of the bend
    if (users > 0 && own < Math.max(0.8 * pooled, Math.min(0.93 * pooled, 0.97 * pooled - doubt))) break;
    rps += level.goodRps;
    users += level.users;
    variance += level.error ** 2;
  }
  return rps > 0 && users > 0 ? rps / users : null;
}

/** Whether the most users brought much more than those before them: nobody knows then what still more would bring. */
function stillGrows(levels: readonly Level[]): boolean {
  const [before, last] = levels.slice(-2);
  const slope = lightSlope(levels);
  if (before === undefined || last === undefined || slope === null || last.failRatio > mostFailures) return false;
  return last.goodRps - before.goodRps > growing * slope * (last.users - before.users);
}

/** Whether responses took longer, or failed, with the most users. */
function waits(levels: readonly Level[]): boolean {
  const timeOf = (level: Level | undefined): number | null => level?.average ?? level?.median ?? null;
  const [first, last] = [levels[0], levels.at(-1)];
  const [light, heavy] = [timeOf(first), timeOf(last)];
  if ((last?.failRatio ?? 0) - (first?.failRatio ?? 0) > failing) return true;
  return light !== null && heavy !== null && heavy > waiting * light;
}

/** The first level from the crossing on: with fewer users, rps still grows to the next one. */
function levelAt(levels: readonly Level[], estimate: number): number {
  const found = levels.find(({ users }) => users >= nearly * estimate) ?? levels.at(-1);
  return found?.users ?? 0;
}

/** The crossing in repetitions of the study that differ by the noise that was seen; ascending. */
function repeated(levels: readonly Level[]): readonly number[] {
  const dice = new Dice(levels.length);
  const found: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const drawn = levels.map((level) => ({
      ...level,
      goodRps: Math.max(0, level.goodRps + dice.normal() * level.error),
    }));
    const value = crossing(drawn);
    if (value !== null) found.push(value);
  }
  return found.sort((a, b) => a - b);
}
