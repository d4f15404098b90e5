/** Endpoints that follow each other nearly always, by their ids in order. */
export interface Chain {
  readonly ids: readonly number[];
  /** How often it was gone through; not whole, because a few did not come to its end. */
  readonly times: number;
}

/** After the first nearly always comes the second … */
const forward = 0.9;
/** … and the second comes after the first more often than not. */
const backward = 0.5;
const leastTimes = 5;

/**
 * The sequences among endpoints: the second of a pair is what comes after the first in at least 90 % of the cases, and the
 * first is what came before the second in at least 50 %. An endpoint is in one sequence at most, and once in it.
 */
export function chainsOf(
  hits: ReadonlyMap<number, number>,
  followers: ReadonlyMap<number, ReadonlyMap<number, number>>,
): Chain[] {
  const next = new Map<number, { readonly id: number; readonly times: number }>();
  const previous = new Map<number, { readonly id: number; readonly times: number }>();
  for (const [first, seconds] of followers) {
    for (const [second, times] of seconds) {
      if (times < leastTimes || !(times >= forward * (hits.get(first) ?? Number.NaN))) continue;
      if (!(times >= backward * (hits.get(second) ?? Number.NaN))) continue;
      // Of two that both lead to it half of the time, the one that does more often.
      if (times <= (previous.get(second)?.times ?? 0)) continue;
      const beaten = previous.get(second)?.id;
      if (beaten !== undefined) next.delete(beaten);
      previous.set(second, { id: first, times });
      next.set(first, { id: second, times });
    }
  }
  const chains: Chain[] = [];
  for (const first of next.keys()) {
    // A circle, as a page that is asked for again and again, has no beginning: it is no sequence that ends.
    if (previous.has(first)) continue;
    const ids = [first];
    let times = Number.POSITIVE_INFINITY;
    for (let link = next.get(first); link !== undefined; link = next.get(link.id)) {
      ids.push(link.id);
      times = Math.min(times, link.times);
    }
    chains.push({ ids, times });
  }
  return chains;
}
