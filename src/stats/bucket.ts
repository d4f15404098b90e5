/** Significant digits of the buckets: 2 as Locust's, or 3. */
export type Precision = 2 | 3;

/**
 * The bucket of a response time, in ms: two significant digits, half to even, as Python's `round`.
 * Locust's `bucket_response_time`. Exact without a division: `%` is exact on doubles.
 *
 * @example bucketOf(145) // 140
 */
export function bucketOf(milliseconds: number): number {
  if (milliseconds < 100) return roundTo(milliseconds, 1);
  if (milliseconds < 1000) return roundTo(milliseconds, 10);
  if (milliseconds < 10_000) return roundTo(milliseconds, 100);
  return roundTo(milliseconds, 1000);
}

/**
 * The bucket with three significant digits, half to even, but nothing finer than a tenth of a millisecond; and, from
 * 100 s on, nothing coarser than Locust's own. A tenth is always the double nearest to it, so that equal buckets of
 * two workers are equal keys.
 *
 * @example fineBucketOf(12.34) // 12.3
 */
export function fineBucketOf(milliseconds: number): number {
  if (milliseconds < 100) return tenthsOf(milliseconds) / 10;
  if (milliseconds < 1000) return roundTo(milliseconds, 1);
  if (milliseconds < 10_000) return roundTo(milliseconds, 10);
  if (milliseconds < 100_000) return roundTo(milliseconds, 100);
  return roundTo(milliseconds, 1000);
}

function roundTo(value: number, unit: number): number {
  const rest = value % unit;
  const floor = value - rest;
  if (rest * 2 < unit) return floor;
  if (rest * 2 > unit) return floor + unit;
  return (floor / unit) % 2 === 0 ? floor : floor + unit;
}

/** A tenth is no double: the product may be rounded to a half that it is not, and what was lost then decides. */
function tenthsOf(value: number): number {
  const twice = value * 20;
  const floor = Math.floor(twice / 2);
  const rest = twice - floor * 2;
  if (rest !== 1) return rest < 1 ? floor : floor + 1;
  // 20 = 16 + 4, of which both products are exact, and so is what their sum lost.
  const lost = value * 4 - (twice - value * 16);
  if (lost !== 0) return lost < 0 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
