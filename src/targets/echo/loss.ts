/** Whether the next payload is to be dropped. */
export type Loss = () => boolean;

/**
 * Which payloads are dropped: each with this chance (0 to 1), or each n-th. With the same seed, of so many payloads the same
 * number is lost, whichever device they come from.
 */
export function lossOf(rule: { readonly chance: number } | { readonly every: number }, seed: number): Loss {
  if ('every' in rule) {
    let count = 0;
    return () => ++count % rule.every === 0;
  }
  if (rule.chance === 0) return () => false;
  const random = randomOf(seed);
  return () => random() < rule.chance;
}

/** Evenly spread numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
