/** Counts of response times between `edges[i]` and `edges[i + 1]`, ms. */
export interface Bins {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** `linear` is bins of 100 ms, or finer where all answers are faster than a few of them. */
export type Scale = 'linear' | 'log';

const perDecade = 10;

export function binsOf(buckets: readonly number[], counts: readonly number[], scale: Scale): Bins {
  const longest = buckets.at(-1) ?? 0;
  const edgeAt = scale === 'linear' ? linearEdges(longest) : logEdges(buckets.find((bucket) => bucket > 0) ?? 1);
  const edges = [edgeAt(0)];
  while (edges.length < 2 || (edges.at(-1) ?? 0) <= longest) edges.push(edgeAt(edges.length));
  const sums = edges.slice(1).map(() => 0);
  let bin = 0;
  for (const [at, bucket] of buckets.entries()) {
    while (bin < sums.length - 1 && bucket >= (edges[bin + 1] ?? Number.POSITIVE_INFINITY)) bin++;
    sums[bin] = (sums[bin] ?? 0) + (counts[at] ?? 0);
  }
  return { edges, counts: sums };
}

function linearEdges(longest: number): (at: number) => number {
  const width = longest >= 500 ? 100 : longest >= 50 ? 10 : 1;
  return (at) => at * width;
}

/** From the decade of the least; what took no time at all is in the first bin. */
function logEdges(least: number): (at: number) => number {
  const first = Math.floor(Math.log10(least));
  return (at) => 10 ** (first + at / perDecade);
}
