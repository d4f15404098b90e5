// What `GET /stats/requests` of a master says; its keys are Locust's.
import type { Reading } from './driver.ts';

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
  readonly workers?: readonly {
    readonly id: string;
    readonly state: string;
    readonly user_count: number;
    readonly cpu_usage: number;
  }[];
}

/** The last row adds up all. `now`: epoch seconds. */
export function readingOf(answer: StatsAnswer, now: number): Reading {
  const { stats = [], workers = [], current_response_time_percentiles: recent = {} } = answer;
  const total = stats.find(({ name }) => name === 'Aggregated') ?? stats.at(-1);
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
    // total_rps is requests over just this time, which the page does not tell
    span: rate > 0 ? requests / rate : 0,
    average: ms(total?.avg_response_time),
    median: ms(total?.median_response_time),
    p95: ms(total?.['response_time_percentile_0.95']),
    p99: ms(total?.['response_time_percentile_0.99']),
    recentRps: total?.current_rps ?? 0,
    recentMedian: ms(recent['response_time_percentile_0.5']),
    recentP95: ms(recent['response_time_percentile_0.95']),
    workers: workers.map(({ id, state, user_count, cpu_usage }) => ({ id, state, users: user_count, cpu: cpu_usage })),
    lag: null,
  };
}
