import { isAsHigh } from './as-high.ts';
import { type BestMark, highestOf } from './best-mark.ts';
import type { Level } from './level.ts';
import type { Scale } from './mark.ts';

/** Response times with so many users, in ms. */
export interface Times {
  readonly users: number;
  readonly average: number | null;
  readonly median: number | null;
  readonly p95: number | null;
}

/** One variant among all. */
export interface Ranked {
  readonly scale: Scale;
  /** Of the best mark; null without one. */
  readonly rps: number | null;
  /** Part of the highest rps of all, of 1. */
  readonly share: number | null;
  /** Whether only noise stands between it and the first. */
  readonly isAsHigh: boolean;
  readonly atBest: Times | null;
  /** With the fewest users that all were measured with. */
  readonly atLight: Times | null;
  /** Whether the generator was saturated at its best mark: then it may take more. */
  readonly isGeneratorSaturated: boolean;
}

/** Variants have no order of their own: each is held against the best. */
export interface Ranking {
  /** The highest rps first; those without a best mark last. */
  readonly ranked: readonly Ranked[];
  /** Who answers fastest with few users, the fastest first. Only those with answers then. */
  readonly fastest: readonly Scale[];
  /** By what: the median is in whole ms, which tells nothing where answers come within a few. */
  readonly fastestBy: 'median' | 'average';
}

/** What is known of a variant. */
export interface VariantMark {
  readonly scale: Scale;
  readonly levels: readonly Level[];
  readonly best: BestMark | null;
  readonly isGeneratorSaturated: boolean;
}

/** ms: a median below is too coarse. */
const coarse = 20;

/** null for scales that have an order, or one alone. Who fails more than `failRatio`, a part of 1, is not fast. */
export function rankingOf(scales: readonly VariantMark[], failRatio: number): Ranking | null {
  if (scales.length < 2 || !scales.every(({ scale }) => typeof scale === 'string')) return null;
  const top = highestOf(scales.map(({ best }) => best));
  const users = fewestCommon(scales.filter(({ levels }) => levels.length > 0));
  const lightOf = ({ levels }: VariantMark): Level | undefined => levels.find((level) => level.users === users);
  const ranked = scales.map((variant): Ranked => {
    const { scale, best, isGeneratorSaturated } = variant;
    const light = lightOf(variant);
    return {
      scale,
      rps: best?.rps ?? null,
      share: best === null || top === null ? null : best.rps / top.rps,
      isAsHigh: best !== null && top !== null && isAsHigh(best, top),
      atBest: best === null ? null : timesOf(best.level),
      atLight: light === undefined ? null : timesOf(light),
      isGeneratorSaturated,
    };
  });
  const lights = scales.flatMap((variant) => {
    const level = lightOf(variant);
    return level === undefined || level.failRatio > failRatio ? [] : [{ scale: variant.scale, level }];
  });
  const fastestBy = lights.every(({ level }) => (level.median ?? 0) >= coarse) ? 'median' : 'average';
  return {
    ranked: [...ranked].sort((a, b) => (b.rps ?? 0) - (a.rps ?? 0)),
    fastest: lights
      .flatMap(({ scale, level }) => (level[fastestBy] === null ? [] : [{ scale, time: level[fastestBy] }]))
      .sort((a, b) => a.time - b.time)
      .map(({ scale }) => scale),
    fastestBy,
  };
}

/** undefined if there is none. */
function fewestCommon(scales: readonly VariantMark[]): number | undefined {
  const [first, ...others] = scales;
  return first?.levels.find(({ users }) => others.every(({ levels }) => levels.some((level) => level.users === users)))
    ?.users;
}

function timesOf({ users, average, median, p95 }: Level): Times {
  return { users, average, median, p95 };
}
