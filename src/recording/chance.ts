/** Gives a number from 0 up to 1. */
export type Chance = () => number;

/** Always the same numbers, so that the same log makes the same file. Mulberry32. */
export function steadyChance(seed = 1): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
