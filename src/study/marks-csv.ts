import { stringify } from 'csv-stringify/sync';
import type { Mark } from './mark.ts';

const columns: Readonly<Record<string, (mark: Mark) => string | number | null>> = {
  scale: ({ scale }) => scale,
  users: ({ users }) => users,
  spawn_rate: ({ spawnRate }) => spawnRate,
  repeat: ({ repeat }) => repeat,
  attempt: ({ attempt }) => attempt,
  // Of a mark without any figures it is not known.
  start_time: ({ startTime }) => (startTime === 0 ? null : new Date(startTime * 1000).toISOString()),
  seconds: ({ seconds }) => rounded(seconds),
  requests: ({ requests }) => requests,
  failures: ({ failures }) => failures,
  rps: ({ rps }) => rounded(rps),
  failures_per_second: ({ failuresPerSecond }) => rounded(failuresPerSecond),
  average_ms: ({ average }) => rounded(average),
  median_ms: ({ median }) => median,
  p95_ms: ({ p95 }) => p95,
  p99_ms: ({ p99 }) => p99,
  cpu_percent: ({ cpu }) => rounded(cpu),
  lag_ms: ({ lag }) => rounded(lag),
  workers: ({ workers }) => workers,
  disturbances: ({ disturbances }) => disturbances.map(({ text }) => text).join('; '),
};

/** All attempts, one a row. */
export function marksCsv(marks: readonly Mark[]): string {
  const rows = marks.map((mark) => Object.values(columns).map((of) => of(mark)));
  return stringify([Object.keys(columns), ...rows], { escape_formulas: true });
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
