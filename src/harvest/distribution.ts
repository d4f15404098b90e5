import { Histogram } from '../stats/histogram.ts';
import { percentileOf } from '../stats/percentile.ts';

/** How often times were seen, and what they come to; in ms. */
export interface DistributionData {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Percentiles have three significant digits, and at most a tenth of a ms; mean, min and max are exact. */
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  /** Upper end of a bucket → count, ascending; only what was seen. A time belongs to the bucket that it is rounded up to. */
  readonly buckets: readonly (readonly [upTo: number, count: number])[];
}

/** Counts times in buckets of one width, rounded up: 0.1 to 100 ms are in the bucket 100, and no time at all is, too. */
export class Distribution {
  readonly #bin: number;
  readonly #buckets = new Map<number, number>();
  readonly #fine = new Histogram(3);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** @param bin width of a bucket in µs */
  constructor(bin: number) {
    this.#bin = bin;
  }

  /** @param time in µs */
  add(time: number): void {
    const bucket = Math.max(1, Math.ceil(time / this.#bin));
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#fine.add(time / 1000);
    this.#count++;
    this.#sum += time;
    if (time < this.#min) this.#min = time;
    if (time > this.#max) this.#max = time;
  }

  data(): DistributionData {
    const count = this.#count;
    const max = this.#max / 1000;
    const counts = { responseTimes: this.#fine.toMap(), numRequests: count, numNoneRequests: 0, maxResponseTime: max };
    const percentile = (part: number): number => percentileOf(counts, part);
    return {
      count,
      mean: count === 0 ? 0 : this.#sum / count / 1000,
      min: count === 0 ? 0 : this.#min / 1000,
      max,
      p50: percentile(0.5),
      p90: percentile(0.9),
      p95: percentile(0.95),
      p99: percentile(0.99),
      buckets: [...this.#buckets]
        .sort(([a], [b]) => a - b)
        .map(([bucket, amount]) => [(bucket * this.#bin) / 1000, amount] as const),
    };
  }
}

/** More empty rows than this are left out: one answer after a day must not make a million rows. */
const mostRows = 10_000;

/**
 * The buckets of a distribution as rows, with empty ones in between, from the first that there is room for; without
 * them if they would be too many.
 */
export function rowsOf(
  { buckets }: Pick<DistributionData, 'buckets'>,
  bin: number,
): readonly (readonly [number, number])[] {
  const last = Math.round((buckets.at(-1)?.[0] ?? 0) / bin);
  if (last > mostRows) return buckets;
  const counts = new Map(buckets.map(([upTo, count]) => [Math.round(upTo / bin), count]));
  return Array.from({ length: last }, (_, at) => [(at + 1) * bin, counts.get(at + 1) ?? 0] as const);
}
