import { type KindCount, kindsOf } from './failure-kind.ts';
import type { Level } from './level.ts';

/** Where failures begin at one scale. */
export interface Onset {
  /** The fewest users with more failures than the limit allows. */
  readonly users: number;
  /** Part of 1. */
  readonly failRatio: number;
  readonly kinds: readonly KindCount[];
  /** Whether it failed with more users too, all the way up. */
  readonly isLasting: boolean;
}

/** null if failures stayed within `failRatio`, a part of 1. */
export function onsetOf(levels: readonly Level[], failRatio: number): Onset | null {
  const at = levels.findIndex((level) => level.failRatio > failRatio);
  const level = levels[at];
  if (level === undefined) return null;
  return {
    users: level.users,
    failRatio: level.failRatio,
    kinds: kindsOf(level.marks.flatMap(({ errors }) => errors)),
    isLasting: levels.slice(at).every((later) => later.failRatio > failRatio),
  };
}
