import type { Precision } from './bucket.ts';
import { Histogram } from './histogram.ts';
import { type EntrySnapshot, responseEnd } from './snapshot.ts';
import { addCounts } from './sum.ts';

/** All that was measured under one method and name since the last drain. Locust's `StatsEntry`. */
export class Entry {
  readonly method: string;
  readonly name: string;
  #requests = 0;
  #noneRequests = 0;
  #failures = 0;
  #totalTime = 0;
  #maxTime = 0;
  #minTime: number | null = null;
  #contentLength = 0;
  #startTime: number;
  #lastTime = 0;
  /** Counts of the running second, folded into the maps when the second changes. */
  #second = 0;
  #secondRequests = 0;
  #secondFailures = 0;
  #perSecond = new Map<number, number>();
  #failuresPerSecond = new Map<number, number>();
  readonly #times: Histogram;
  readonly #precision: Precision;
  #response: Entry | undefined = undefined;

  /** `startTime` in epoch seconds. */
  constructor(method: string, name: string, startTime: number, precision: Precision = 2) {
    this.method = method;
    this.name = name;
    this.#startTime = startTime;
    this.#times = new Histogram(precision);
    this.#precision = precision;
  }

  /** The same requests with their times from when they were planned, if they were: `NAME (response)`. */
  get response(): Entry | undefined {
    return this.#response;
  }

  /**
   * Counts one request of this entry from when it was planned. `responseTime` in ms from then; the others as for `add`.
   */
  addResponse(now: number, responseTime: number, length: number, failed: boolean): void {
    this.#response ??= new Entry(this.method, `${this.name}${responseEnd}`, now, this.#precision);
    this.#response.add(now, responseTime, length, failed);
  }

  get isEmpty(): boolean {
    return this.#requests === 0;
  }

  /** `now` in epoch seconds, `milliseconds` null for an event without a duration, `length` in bytes. */
  add(now: number, milliseconds: number | null, length: number, failed: boolean): void {
    const second = Math.floor(now);
    if (second !== this.#second) this.#foldSecond(second);
    this.#requests++;
    this.#secondRequests++;
    if (failed) {
      this.#failures++;
      this.#secondFailures++;
    }
    this.#lastTime = now;
    this.#contentLength += length;
    if (milliseconds === null) {
      this.#noneRequests++;
      return;
    }
    this.#totalTime += milliseconds;
    if (milliseconds > this.#maxTime) this.#maxTime = milliseconds;
    if (this.#minTime === null || milliseconds < this.#minTime) this.#minTime = milliseconds;
    this.#times.add(milliseconds);
  }

  /** What was added since the last drain; the entry starts again from zero at `now`, epoch seconds. */
  drain(now: number): EntrySnapshot {
    this.#foldSecond(0);
    const snapshot: EntrySnapshot = {
      method: this.method,
      name: this.name,
      numRequests: this.#requests,
      numNoneRequests: this.#noneRequests,
      numFailures: this.#failures,
      totalResponseTime: this.#totalTime,
      maxResponseTime: this.#maxTime,
      minResponseTime: this.#minTime,
      totalContentLength: this.#contentLength,
      responseTimes: this.#times.toMap(),
      requestsPerSecond: this.#perSecond,
      failuresPerSecond: this.#failuresPerSecond,
      startTime: this.#startTime,
      lastRequestTimestamp: this.#requests > 0 ? this.#lastTime : null,
    };
    this.#reset(now);
    return snapshot;
  }

  #reset(now: number): void {
    this.#requests = 0;
    this.#noneRequests = 0;
    this.#failures = 0;
    this.#totalTime = 0;
    this.#maxTime = 0;
    this.#minTime = null;
    this.#contentLength = 0;
    this.#startTime = now;
    this.#perSecond = new Map();
    this.#failuresPerSecond = new Map();
    this.#times.clear();
  }

  #foldSecond(next: number): void {
    if (this.#secondRequests > 0) addCounts(this.#perSecond, [[this.#second, this.#secondRequests]]);
    if (this.#secondFailures > 0) addCounts(this.#failuresPerSecond, [[this.#second, this.#secondFailures]]);
    this.#second = next;
    this.#secondRequests = 0;
    this.#secondFailures = 0;
  }
}
