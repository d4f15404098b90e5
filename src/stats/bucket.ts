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

function roundTo(value: number, unit: number): number {
  const rest = value % unit;
  const floor = value - rest;
  if (rest * 2 < unit) return floor;
  if (rest * 2 > unit) return floor + unit;
  return (floor / unit) % 2 === 0 ? floor : floor + unit;
}
