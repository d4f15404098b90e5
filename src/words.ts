// The nearest word to a mistyped one, for hints.
/** The word of `known` that differs least from `given`, by no more than `most` letters: near enough to be meant. */
export function nearest(
  given: string,
  known: readonly string[],
  most: number = Math.max(2, Math.floor(given.length / 3)),
): string | undefined {
  let best: string | undefined;
  let least = most + 1;
  for (const word of known) {
    const steps = distance(given.toLowerCase(), word.toLowerCase());
    if (steps < least) {
      least = steps;
      best = word;
    }
  }
  return best;
}

/** The one that was all but written: two letters may differ, of a short word one. For words that may be right as they are. */
export function nearMiss(given: string, known: readonly string[]): string | undefined {
  return nearest(given, known, given.length > 4 ? 2 : 1);
}

/** Edits (insert, delete, replace) from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      next.push(Math.min((row[j - 1] ?? 0) + same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
