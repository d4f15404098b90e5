// What was measured: one call a request on the way in, one snapshot an interval on the way out.
import { performance } from 'node:perf_hooks';
import { failureText, isFailure } from '../errors.ts';
import type { Precision } from './bucket.ts';
import { Entry } from './entry.ts';
import type { ErrorSnapshot, StatsSnapshot } from './snapshot.ts';
import { totalOf } from './sum.ts';

/** Distinct failure texts kept between two drains; the master shows 500. What comes after is counted under one text. */
const maxErrors = 500;
const tooManyErrors = '(other failures: more than 500 distinct texts in one report; texts should not hold ids)';

interface ErrorCount {
  readonly error: ErrorSnapshot;
  occurrences: number;
  lastSeen: number;
}

/** The statistics of one load thread. Locust's `RequestStats`, kept until they are drained. */
export class Stats {
  readonly #precision: Precision;
  readonly #entries = new Map<string, Map<string, Entry>>();
  readonly #errors = new Map<string, ErrorCount>();
  /** Users often repeat themselves: the entry that was asked for last. */
  #lastEntry: Entry | undefined;
  #startTime: number;
  /** Adding it to `performance.now()` gives epoch milliseconds; renewed at each drain, for wall clocks are set. */
  #epochOffset: number;

  /** `precision`: significant digits of the buckets, two as Locust's or three. */
  constructor(precision: Precision = 2) {
    this.#precision = precision;
    this.#epochOffset = Date.now() - performance.now();
    this.#startTime = Date.now() / 1000;
  }

  /**
   * Counts one request that has just ended. `responseTime` in ms, null if it has none; `responseLength` in bytes;
   * a `failure` that Python would call true makes it a failed one. `endedAt` by the monotonic clock, ms, if the caller
   * has read it. A request that was planned has a `lateness`, ms, by which its time from then is longer; that one is
   * counted beside it, as `NAME (response)`.
   */
  record(
    method: string,
    name: string,
    responseTime: number | null,
    responseLength: number,
    failure?: unknown,
    endedAt: number = performance.now(),
    lateness: number | null = null,
  ): void {
    const now = (endedAt + this.#epochOffset) / 1000;
    const failed = isFailure(failure);
    const entry = this.#entry(method, name, now);
    entry.add(now, responseTime, responseLength, failed);
    if (lateness !== null && responseTime !== null) {
      entry.addResponse(now, responseTime + lateness, responseLength, failed);
    }
    if (failed) this.#addError(method, name, failureText(failure), now);
  }

  /**
   * Everything since the last drain; the statistics start again from zero. The total is of the requests alone: entries
   * of response times are a second look at the same ones.
   */
  drain(): StatsSnapshot {
    this.#epochOffset = Date.now() - performance.now();
    const now = Date.now() / 1000;
    const used = [...this.#entries.values()].flatMap((names) => [...names.values()]).filter((entry) => !entry.isEmpty);
    const requests = used.map((entry) => entry.drain(now));
    const entries = used.flatMap(({ response }, at) => {
      const own = requests.slice(at, at + 1);
      return response === undefined || response.isEmpty ? own : [...own, response.drain(now)];
    });
    const errors = [...this.#errors.values()].map(({ error, occurrences, lastSeen }) => ({
      ...error,
      occurrences,
      lastSeen,
    }));
    const total = totalOf(requests, this.#startTime);
    this.#errors.clear();
    this.#startTime = now;
    return { entries, total, errors };
  }

  /** Forgets everything, the names too: a new test begins. */
  clear(): void {
    this.#entries.clear();
    this.#lastEntry = undefined;
    this.#errors.clear();
    this.#startTime = Date.now() / 1000;
  }

  #entry(method: string, name: string, now: number): Entry {
    const last = this.#lastEntry;
    if (last !== undefined && last.name === name && last.method === method) return last;
    let names = this.#entries.get(method);
    if (names === undefined) {
      names = new Map();
      this.#entries.set(method, names);
    }
    let entry = names.get(name);
    if (entry === undefined) {
      entry = new Entry(method, name, now, this.#precision);
      names.set(name, entry);
    }
    this.#lastEntry = entry;
    return entry;
  }

  #addError(method: string, name: string, text: string, now: number): void {
    const key = JSON.stringify([method, name, text]);
    const known = this.#errors.get(key);
    if (known !== undefined) {
      known.occurrences++;
      known.lastSeen = now;
      return;
    }
    if (this.#errors.size >= maxErrors && text !== tooManyErrors) {
      this.#addError(method, name, tooManyErrors, now);
      return;
    }
    const error = { method, name, error: text, occurrences: 1, firstSeen: now, lastSeen: now };
    this.#errors.set(key, { error, occurrences: 1, lastSeen: now });
  }
}
