import { percentileOf } from '../stats/percentile.ts';
import type { EntrySnapshot } from '../stats/snapshot.ts';

/** What a figure is of: times are ms, ratios parts of 1, rates per second, counts pieces. */
export type Quantity = 'time' | 'ratio' | 'rate' | 'count';

/** A figure that a threshold can be on. */
export interface Metric {
  readonly quantity: Quantity;
  /** The figure of a row with requests, over a run of so many seconds; null if nothing was measured that it is made of. */
  readonly of: (entry: EntrySnapshot, seconds: number) => number | null;
}

const timed = (of: (entry: EntrySnapshot) => number | null): Metric => ({
  quantity: 'time',
  of: (entry) => (entry.numRequests > entry.numNoneRequests ? of(entry) : null),
});
const perSecond = (of: (entry: EntrySnapshot) => number): Metric => ({
  quantity: 'rate',
  of: (entry, seconds) => (seconds > 0 ? of(entry) / seconds : null),
});

/** Each as Locust shows it in the column of that name. */
const metrics: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ['avg', timed((entry) => entry.totalResponseTime / (entry.numRequests - entry.numNoneRequests))],
  // Locust's rule: a bucket, but never outside of the exact extremes.
  ['median', timed((entry) => Math.max(percentileOf(entry, 0.5), entry.minResponseTime ?? 0))],
  ['min', timed(({ minResponseTime }) => minResponseTime)],
  ['max', timed(({ maxResponseTime }) => maxResponseTime)],
  ['fail_ratio', { quantity: 'ratio', of: ({ numFailures, numRequests }) => numFailures / numRequests }],
  ['rps', perSecond(({ numRequests }) => numRequests)],
  ['failures_per_second', perSecond(({ numFailures }) => numFailures)],
  ['requests', { quantity: 'count', of: ({ numRequests }) => numRequests }],
  ['failures', { quantity: 'count', of: ({ numFailures }) => numFailures }],
  // No row's; `judge` is told them.
  ['exceptions', { quantity: 'count', of: () => null }],
]);

/** For hints; a percentile may have any number from 0 to 100. */
export const metricNames: readonly string[] = ['p50', 'p90', 'p95', 'p99', 'p99.9', ...metrics.keys()];

/** The metric of this name: `p95`, `p99.9`, `median`, `rps` …; undefined if there is none. */
export function metricOf(name: string): Metric | undefined {
  const [, percent] = /^p(\d+(?:\.\d+)?)$/.exec(name) ?? [];
  if (percent === undefined) return metrics.get(name);
  // 99.9 / 100 is not the number 0.999.
  const part = Number(`${percent}e-2`);
  return part <= 1 ? timed((entry) => percentileOf(entry, part)) : undefined;
}
