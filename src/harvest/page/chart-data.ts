// What the charts of a page are drawn from.

/** One run's times in a chart. */
export interface ChartSeries {
  readonly label: string;
  readonly counts: readonly number[];
  readonly total: number;
  /** ms */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Times above `edges[i]` and up to `edges[i + 1]` ms, of one run, or of two, one over the other. */
export interface ChartData {
  readonly title: string;
  readonly edges: readonly number[];
  readonly series: readonly ChartSeries[];
}
