/** How many users of each class; absolute, never differences. */
export type Counts = ReadonlyMap<string, number>;

/** All users of a thread or worker. */
export function sumOfCounts(counts: Counts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

/** Several threads' counts as one. */
export function addCounts(parts: Iterable<Counts>): Map<string, number> {
  const sum = new Map<string, number>();
  for (const part of parts) for (const [name, count] of part) sum.set(name, (sum.get(name) ?? 0) + count);
  return sum;
}

/**
 * Deals a target out to threads that have been dealt `dealt` so far. Sticky: a class that grows only adds users, to the
 * threads with the fewest; one that shrinks only takes them, from those with the most. Classes that the target does not
 * name stay as they are. A user never moves.
 */
export function split(dealt: readonly Counts[], target: Counts): Map<string, number>[] {
  const next = dealt.map((counts) => new Map(counts));
  const totals = next.map(sumOfCounts);
  for (const [name, wanted] of target) {
    let has = next.reduce((sum, counts) => sum + (counts.get(name) ?? 0), 0);
    for (const counts of next) if (!counts.has(name)) counts.set(name, 0);
    for (; has < wanted; has++) change(next, totals, name, indexOfLeast(totals, next, name), 1);
    for (; has > wanted; has--) change(next, totals, name, indexOfMost(totals, next, name), -1);
  }
  return next;
}

function change(next: Map<string, number>[], totals: number[], name: string, at: number, by: 1 | -1): void {
  const counts = next[at];
  counts?.set(name, (counts.get(name) ?? 0) + by);
  totals[at] = (totals[at] ?? 0) + by;
}

function indexOfLeast(totals: readonly number[], next: readonly Counts[], name: string): number {
  let best = 0;
  for (let at = 1; at < totals.length; at++) {
    const less = (totals[at] ?? 0) - (totals[best] ?? 0) || (next[at]?.get(name) ?? 0) - (next[best]?.get(name) ?? 0);
    if (less < 0) best = at;
  }
  return best;
}

function indexOfMost(totals: readonly number[], next: readonly Counts[], name: string): number {
  let best = -1;
  for (let at = 0; at < totals.length; at++) {
    const own = next[at]?.get(name) ?? 0;
    if (own === 0) continue;
    if (best === -1 || (totals[at] ?? 0) >= (totals[best] ?? 0)) best = at;
  }
  return best;
}
