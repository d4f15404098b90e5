import type { EntrySnapshot, ErrorSnapshot } from './snapshot.ts';

/** Adds `more` to `counts`, in place. */
export function addCounts(counts: Map<number, number>, more: Iterable<readonly [number, number]>): Map<number, number> {
  for (const [key, count] of more) counts.set(key, (counts.get(key) ?? 0) + count);
  return counts;
}

function sumOf(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  if (a.size === 0) return b;
  return b.size === 0 ? a : addCounts(new Map(a), b);
}

export const lesser = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
export const greater = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

/** Two entries as one, under the first one's name: sums, extremes, counts added. Locust's `StatsEntry.extend`. */
export function mergeEntries(a: EntrySnapshot, b: EntrySnapshot): EntrySnapshot {
  return {
    method: a.method,
    name: a.name,
    numRequests: a.numRequests + b.numRequests,
    numNoneRequests: a.numNoneRequests + b.numNoneRequests,
    numFailures: a.numFailures + b.numFailures,
    totalResponseTime: a.totalResponseTime + b.totalResponseTime,
    maxResponseTime: Math.max(a.maxResponseTime, b.maxResponseTime),
    minResponseTime: lesser(a.minResponseTime, b.minResponseTime),
    totalContentLength: a.totalContentLength + b.totalContentLength,
    responseTimes: sumOf(a.responseTimes, b.responseTimes),
    requestsPerSecond: sumOf(a.requestsPerSecond, b.requestsPerSecond),
    failuresPerSecond: sumOf(a.failuresPerSecond, b.failuresPerSecond),
    startTime: Math.min(a.startTime, b.startTime),
    lastRequestTimestamp: greater(a.lastRequestTimestamp, b.lastRequestTimestamp),
  };
}

/** Two counts of one failure as one. */
export function mergeErrors(a: ErrorSnapshot, b: ErrorSnapshot): ErrorSnapshot {
  return {
    ...a,
    occurrences: a.occurrences + b.occurrences,
    firstSeen: lesser(a.firstSeen, b.firstSeen),
    lastSeen: greater(a.lastSeen, b.lastSeen),
  };
}
