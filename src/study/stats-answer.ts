// What `GET /stats/requests` of a master says; its keys are Locust's.
import { parse } from 'csv-parse/sync';
import type { Reading } from './driver.ts';
import type { MarkFailure } from './mark.ts';

interface StatsRow {
  readonly name: string;
  readonly num_requests: number;
  readonly num_failures: number;
  readonly total_rps?: number;
  readonly current_rps?: number;
  readonly avg_response_time?: number;
  readonly median_response_time?: number;
  readonly 'response_time_percentile_0.95'?: number;
  readonly 'response_time_percentile_0.99'?: number;
}

export interface StatsAnswer {
  readonly state: string;
  readonly user_count: number;
  readonly stats?: readonly StatsRow[];
  readonly errors?: readonly {
    readonly method: string;
    readonly name: string;
    readonly error: string;
    readonly occurrences: number;
  }[];
  readonly current_response_time_percentiles?: Readonly<Record<string, number | null>>;
  /** Locust 2.12, and those of 2.20: median and 95 %. */
  readonly current_response_time_percentile_50?: number | null;
  readonly current_response_time_percentile_95?: number | null;
  readonly current_response_time_percentile_1?: number | null;
  readonly current_response_time_percentile_2?: number | null;
  readonly workers?: readonly {
    readonly id: string;
    readonly state: string;
    readonly user_count: number;
    readonly cpu_usage: number;
  }[];
}

/** The row that adds up all. */
function totalOf({ stats = [] }: StatsAnswer): StatsRow | undefined {
  return stats.find(({ name }) => name === 'Aggregated') ?? stats.at(-1);
}

/** Old masters (2.12, 2.20) tell there neither the time that their requests took together nor percentiles; their table does. */
export function isOld(answer: StatsAnswer): boolean {
  const total = totalOf(answer);
  return total !== undefined && total.total_rps === undefined;
}

/** The answer of an old master with what `GET /stats/requests/csv` says of all requests together. */
export function withTable(answer: StatsAnswer, csv: string): StatsAnswer {
  const row = (parse(csv, { columns: true }) as Record<string, string>[]).at(-1) ?? {};
  const number = (column: string): number => Number(row[column]) || 0;
  const total: StatsRow = {
    ...{ name: 'Aggregated', current_rps: totalOf(answer)?.current_rps ?? 0 },
    ...{ num_requests: number('Request Count'), num_failures: number('Failure Count') },
    ...{ total_rps: number('Requests/s'), avg_response_time: number('Average Response Time') },
    median_response_time: number('Median Response Time'),
    'response_time_percentile_0.95': number('95%'),
    'response_time_percentile_0.99': number('99%'),
  };
  return { ...answer, stats: [total] };
}

/** The reading that the answer is; `now`: epoch seconds. */
export function readingOf(answer: StatsAnswer, now: number): Reading {
  const { workers = [], current_response_time_percentiles: recent = {} } = answer;
  const total = totalOf(answer);
  const requests = total?.num_requests ?? 0;
  const rate = total?.total_rps ?? 0;
  const ms = (value: number | null | undefined): number | null =>
    requests > 0 && typeof value === 'number' ? value : null;
  return {
    time: now,
    state: answer.state,
    users: answer.user_count,
    requests,
    failures: total?.num_failures ?? 0,
    // total_rps is requests over just this time, which the page does not tell. Both are below zero where the clock of
    // the workers is behind the master's: differences of two are right all the same
    span: rate === 0 ? 0 : requests / rate,
    average: ms(total?.avg_response_time),
    median: ms(bucketOf(total?.median_response_time)),
    p95: ms(total?.['response_time_percentile_0.95']),
    p99: ms(total?.['response_time_percentile_0.99']),
    recentRps: total?.current_rps ?? 0,
    recentMedian: ms(
      recent['response_time_percentile_0.5'] ??
        answer.current_response_time_percentile_50 ??
        answer.current_response_time_percentile_1,
    ),
    recentP95: ms(
      recent['response_time_percentile_0.95'] ??
        answer.current_response_time_percentile_95 ??
        answer.current_response_time_percentile_2,
    ),
    workers: workers.map(({ id, state, user_count, cpu_usage }) => ({ id, state, users: user_count, cpu: cpu_usage })),
    lag: null,
  };
}

/** Locust tells the fastest answer where the median is in the bucket of 0 ms. A bucket is a tenth at least. */
function bucketOf(median: number | undefined): number | undefined {
  return median !== undefined && median < 0.5 && !/^0(\.\d)?$/.test(String(median)) ? 0 : median;
}

/** The most frequent first. Old masters write them as HTML. */
export function failuresOf(answer: StatsAnswer): readonly MarkFailure[] {
  const text = isOld(answer) ? unescaped : (given: string): string => given;
  return (answer.errors ?? [])
    .map(({ method, name, error, occurrences }) => {
      return { method, name: text(name), message: text(error), count: occurrences };
    })
    .sort((a, b) => b.count - a.count);
}

const entities = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#x27;', "'"],
  ['&amp;', '&'],
]);

function unescaped(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#x27|amp);/g, (entity) => entities.get(entity) ?? entity);
}
