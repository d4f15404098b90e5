import type { DistributionData } from './distribution.ts';
import { joinedBuckets } from './joined-buckets.ts';
import type { ChartData } from './page/chart-data.ts';

/** More bars could not be told apart. */
const mostBars = 300;

/** What a chart of distributions is drawn from; `bin` is the width of their buckets in ms. */
export function chartOf(
  title: string,
  bin: number,
  runs: readonly { readonly label: string; readonly data: DistributionData }[],
): ChartData {
  const { edges, counts } = joinedBuckets(
    runs.map(({ data }) => data),
    bin,
    mostBars,
  );
  const series = runs.map(({ label, data: { count, p50, p95, p99 } }, at) => ({
    label,
    counts: counts[at] ?? [],
    total: count,
    p50,
    p95,
    p99,
  }));
  return { title, edges, series };
}
