// What is computed from a row of the statistics, by Locust's formulas.
import type { EntrySnapshot } from '../../stats/snapshot.ts';

/** Seconds by which totals are divided: from the start to the last request of all. Locust's `total_rps`. */
export function spanOf(total: EntrySnapshot): number {
  return total.lastRequestTimestamp === null ? 0 : Math.max(0, total.lastRequestTimestamp - total.startTime);
}

/** Per second of the run; 0 if it had no length. */
export function rateOf(amount: number, span: number): number {
  return span > 0 ? amount / span : 0;
}

/** ms; 0 if no request had a time. */
export function averageOf({ numRequests, numNoneRequests, totalResponseTime }: EntrySnapshot): number {
  const timed = numRequests - numNoneRequests;
  return timed > 0 ? totalResponseTime / timed : 0;
}

/** Bytes of a body. */
export function averageSizeOf({ numRequests, totalContentLength }: EntrySnapshot): number {
  return numRequests > 0 ? totalContentLength / numRequests : 0;
}

/** Part of 1. As Locust has it: failures without any request are all. */
export function failRatioOf({ numRequests, numFailures }: EntrySnapshot): number {
  if (numRequests > 0) return numFailures / numRequests;
  return numFailures > 0 ? 1 : 0;
}

/** By method and name, as no text that a name could imitate. */
export function keyOf(row: { readonly method: string; readonly name: string }): string {
  return JSON.stringify([row.method, row.name]);
}

/** In Locust's order: by name, then method. */
export function sorted<T extends { readonly method: string; readonly name: string }>(rows: readonly T[]): readonly T[] {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...rows].sort((a, b) => order(a.name, b.name) || order(a.method, b.method));
}
