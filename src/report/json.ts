import type { EntrySnapshot, StatsSnapshot } from '../stats/snapshot.ts';

/**
 * What `--json` prints, and `--json-file` writes: one object for each method and name, in Locust's words. Locust's
 * `serialize_stats`. In a run's totals the counts per second are empty, for they would grow with its length.
 */
export function jsonReport(stats: StatsSnapshot): string {
  const used = stats.entries.filter(({ numRequests, numFailures }) => numRequests > 0 || numFailures > 0);
  return blockOf('[', ']', used.map(objectText), '');
}

function objectText(entry: EntrySnapshot): string {
  const values = {
    name: entry.name,
    method: entry.method,
    last_request_timestamp: entry.lastRequestTimestamp,
    start_time: entry.startTime,
    num_requests: entry.numRequests,
    num_none_requests: entry.numNoneRequests,
    num_failures: entry.numFailures,
    total_response_time: entry.totalResponseTime,
    max_response_time: entry.maxResponseTime,
    min_response_time: entry.minResponseTime,
    total_content_length: entry.totalContentLength,
  };
  const fields = Object.entries(values).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`);
  const counts = [
    `"response_times": ${countsText(entry.responseTimes)}`,
    `"num_reqs_per_sec": ${countsText(entry.requestsPerSecond)}`,
    `"num_fail_per_sec": ${countsText(entry.failuresPerSecond)}`,
  ];
  return blockOf('{', '}', [...fields, ...counts], indent);
}

/** Written by hand: as keys of an object, buckets of whole ms would come before those of tenths. */
function countsText(counts: ReadonlyMap<number, number>): string {
  const fields = [...counts].sort(([a], [b]) => a - b).map(([key, count]) => `"${key}": ${count}`);
  return blockOf('{', '}', fields, indent + indent);
}

const indent = '    ';

function blockOf(open: string, close: string, items: readonly string[], outer: string): string {
  if (items.length === 0) return open + close;
  const inner = outer + indent;
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${outer}${close}`;
}
