import type { DistributionData } from './distribution.ts';

/** Bars of one width: counts of times above `edges[i]` and up to `edges[i + 1]` ms, of each distribution. */
export interface JoinedBuckets {
  readonly edges: readonly number[];
  readonly counts: readonly (readonly number[])[];
}

const factors = [1, 2, 5];

/**
 * The buckets of distributions as bars, from that of the least to that of the greatest; several buckets are one bar where
 * there would be more than about `most`.
 *
 * @param bin width of a bucket in ms
 */
export function joinedBuckets(
  distributions: readonly Pick<DistributionData, 'buckets'>[],
  bin: number,
  most: number,
): JoinedBuckets {
  const ends = distributions.flatMap(({ buckets }) => [buckets.at(0), buckets.at(-1)]).flatMap((row) => row?.[0] ?? []);
  if (ends.length === 0) return { edges: [], counts: distributions.map(() => []) };
  const places = ends.map((upTo) => Math.round(upTo / bin));
  const joined = factorOf((Math.max(...places) - Math.min(...places) + 1) / most);
  const barOf = (upTo: number): number => Math.ceil(Math.round(upTo / bin) / joined);
  const first = Math.ceil(Math.min(...places) / joined);
  const length = Math.ceil(Math.max(...places) / joined) - first + 1;
  return {
    edges: Array.from({ length: length + 1 }, (_, at) => (first - 1 + at) * joined * bin),
    counts: distributions.map(({ buckets }) => {
      const counts = new Array<number>(length).fill(0);
      for (const [upTo, count] of buckets) {
        const at = barOf(upTo) - first;
        counts[at] = (counts[at] ?? 0) + count;
      }
      return counts;
    }),
  };
}

/** 1, 2 or 5 times a power of ten, at least `wanted`. */
function factorOf(wanted: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of factors) if (factor * power >= wanted) return factor * power;
  }
}
