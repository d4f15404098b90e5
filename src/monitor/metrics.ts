import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  type Metric,
  type MetricObjectWithValues,
  type MetricValueWithName,
  Registry,
} from 'prom-client';
import type { EntrySnapshot, StatsSnapshot } from '../stats/snapshot.ts';
import { responseEnd } from '../stats/snapshot.ts';

/** What is counted of the worker beside its requests. */
export interface Vitals {
  readonly state: string;
  readonly users: ReadonlyMap<string, number>;
  readonly heartbeatsSent: number;
  readonly heartbeatsReceived: number;
  /** Connections to the master that were lost and made again. */
  readonly reconnects: number;
  /** Messages of the master that could not be read. */
  readonly brokenMessages: number;
  /** Messages to the master that had to go because too many waited. */
  readonly droppedMessages: number;
}

/** How a load thread did in its last second. */
export interface ThreadStrain {
  /** Part of the second in which it was busy, 0 to 1. */
  readonly busy: number;
  /** Milliseconds. */
  readonly lag: number;
}

/** All requests under one method and name since the worker began. */
interface Series {
  readonly method: string;
  readonly name: string;
  requests: number;
  failures: number;
  bytes: number;
  timed: number;
  seconds: number;
  /** By bound, not cumulative; the last one beyond all bounds. */
  readonly buckets: number[];
}

/** Upper bounds of the response times, seconds: what Prometheus users expect, and finer below. */
const bounds: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const labelNames = ['method', 'name'] as const;
const states = ['connecting', 'ready', 'spawning', 'running', 'stopping', 'quitting'];

/**
 * The worker in Prometheus's words. Counters grow as long as the worker lives, over all tests; response times are those
 * that the master is told, so they have its precision.
 *
 * @example
 * const metrics = new Metrics(() => vitals);
 * metrics.add(0, snapshot);
 * await metrics.text(); // katydid_requests_total{method="GET",name="/"} 12 …
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #series = new Map<string, Series>();
  readonly #threads = new Map<number, ThreadStrain>();
  readonly #vitals: () => Vitals;

  constructor(vitals: () => Vitals) {
    this.#vitals = vitals;
    collectDefaultMetrics({ register: this.#registry });
    this.#countRequests();
    this.#showResponseTimes();
    this.#showVitals();
  }

  /** The media type of `text`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text exposition format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** What a thread measured since it last told. */
  add(thread: number, { entries }: StatsSnapshot, strain?: ThreadStrain): void {
    for (const entry of entries) this.#addEntry(entry);
    if (strain !== undefined) this.#threads.set(thread, strain);
  }

  #addEntry(entry: EntrySnapshot): void {
    const { method, name } = entry;
    const key = JSON.stringify([method, name]);
    let series = this.#series.get(key);
    if (series === undefined) {
      const buckets = new Array<number>(bounds.length + 1).fill(0);
      series = { method, name, requests: 0, failures: 0, bytes: 0, timed: 0, seconds: 0, buckets };
      this.#series.set(key, series);
    }
    series.requests += entry.numRequests;
    series.failures += entry.numFailures;
    series.bytes += entry.totalContentLength;
    series.timed += entry.numRequests - entry.numNoneRequests;
    series.seconds += entry.totalResponseTime / 1000;
    for (const [milliseconds, count] of entry.responseTimes) {
      const at = bounds.findIndex((bound) => milliseconds <= bound * 1000);
      const bucket = at < 0 ? bounds.length : at;
      series.buckets[bucket] = (series.buckets[bucket] ?? 0) + count;
    }
  }

  #countRequests(): void {
    const all = this.#series;
    const counter = (name: string, help: string, value: (series: Series) => number): void => {
      new Counter({
        name,
        help,
        labelNames,
        registers: [this.#registry],
        collect() {
          this.reset();
          // The second row of a scheduled arrival counts none of its requests again.
          for (const series of all.values()) {
            if (series.name.endsWith(responseEnd)) continue;
            this.inc({ method: series.method, name: series.name }, value(series));
          }
        },
      });
    };
    counter('katydid_requests_total', 'Requests of the users, failed ones included', ({ requests }) => requests);
    counter('katydid_failures_total', 'Requests that failed', ({ failures }) => failures);
    counter('katydid_response_bytes_total', 'Bytes of the bodies of the responses', ({ bytes }) => bytes);
  }

  #showResponseTimes(): void {
    const name = 'katydid_response_time_seconds';
    const help = 'Response times, as the master is told them';
    // Counts come by the bucket: nothing is observed one by one, as prom-client's own histogram would have it.
    const get = async (): Promise<MetricObjectWithValues<MetricValueWithName<(typeof labelNames)[number]>>> => ({
      name,
      help,
      type: 'histogram' as never,
      aggregator: 'sum',
      collect() {},
      values: [...this.#series.values()].flatMap((series) => histogramValues(name, series)),
    });
    this.#registry.registerMetric({ name, get } as unknown as Metric);
  }

  #showVitals(): void {
    const vitals = this.#vitals;
    const threads = this.#threads;
    const registers = [this.#registry];
    const count = (name: string, help: string, value: (vitals: Vitals) => number): void => {
      new Counter({
        ...{ name, help, registers },
        collect() {
          this.reset();
          this.inc(value(vitals()));
        },
      });
    };
    count('katydid_heartbeats_sent_total', 'Heartbeats sent to the master', (now) => now.heartbeatsSent);
    count('katydid_heartbeats_received_total', 'Heartbeats that the master answered', (now) => now.heartbeatsReceived);
    count('katydid_reconnects_total', 'Lost connections to the master that were made again', (now) => now.reconnects);
    count(
      'katydid_broken_messages_total',
      'Messages of the master that could not be read',
      (now) => now.brokenMessages,
    );
    count('katydid_dropped_messages_total', 'Messages to the master that were dropped', (now) => now.droppedMessages);
    new Gauge({
      ...{ name: 'katydid_users', help: 'Users that run', labelNames: ['user_class'], registers },
      collect() {
        this.reset();
        for (const [name, users] of vitals().users) this.set({ user_class: name }, users);
      },
    });
    new Gauge({
      ...{ name: 'katydid_state', help: '1 for the state that the worker is in', labelNames: ['state'], registers },
      collect() {
        for (const state of states) this.set({ state }, vitals().state === state ? 1 : 0);
      },
    });
    const ofThreads = (name: string, help: string, value: (strain: ThreadStrain) => number): void => {
      new Gauge({
        ...{ name, help, labelNames: ['thread'], registers },
        collect() {
          for (const [thread, strain] of threads) this.set({ thread: String(thread) }, value(strain));
        },
      });
    };
    ofThreads(
      'katydid_thread_lag_seconds',
      'Longest delay of a load thread in its last second',
      ({ lag }) => lag / 1000,
    );
    ofThreads(
      'katydid_thread_busy_ratio',
      'Part of its last second in which a load thread was busy',
      ({ busy }) => busy,
    );
  }
}

function histogramValues(
  name: string,
  { method, name: row, buckets, timed, seconds }: Series,
): MetricValueWithName<'method' | 'name' | 'le'>[] {
  const labels = { method, name: row };
  let sum = 0;
  const values: MetricValueWithName<'method' | 'name' | 'le'>[] = bounds.map((bound, at) => {
    sum += buckets[at] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: sum };
  });
  values.push({ metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: timed });
  values.push({ metricName: `${name}_sum`, labels, value: seconds });
  values.push({ metricName: `${name}_count`, labels, value: timed });
  return values;
}
