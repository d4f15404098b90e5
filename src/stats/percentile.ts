import type { EntrySnapshot } from './snapshot.ts';

type Timed = Pick<EntrySnapshot, 'responseTimes' | 'numRequests' | 'numNoneRequests' | 'maxResponseTime'>;

/**
 * The response time, in ms, within which the part `percent` (0 to 1) of the requests ended; 0 if none had a time. A bucket's
 * value, but never above the exact maximum. Locust's `get_response_time_percentile`.
 *
 * @example percentileOf(entry, 0.95)
 */
export function percentileOf(
  { responseTimes, numRequests, numNoneRequests, maxResponseTime }: Timed,
  percent: number,
): number {
  const timed = numRequests - numNoneRequests;
  const wanted = Math.trunc(timed * percent);
  let passed = 0;
  for (const bucket of [...responseTimes.keys()].sort((a, b) => b - a)) {
    passed += responseTimes.get(bucket) ?? 0;
    if (timed - passed <= wanted) return Math.min(bucket, maxResponseTime);
  }
  return 0;
}
