import { type EntrySnapshot, emptyEntry } from '../stats/snapshot.ts';
import { mergeEntries } from '../stats/sum.ts';
import { TimeCounts } from './time-counts.ts';

const none: ReadonlyMap<number, number> = new Map();

/** Sums and extremes of a row: an entry whose maps are empty. */
export type Sums = Omit<EntrySnapshot, 'responseTimes' | 'requestsPerSecond' | 'failuresPerSecond'>;

/** One row of the statistics as it adds up in the course of a run, with Locust's figures about it. */
export class Row {
  #sums: EntrySnapshot;
  /** When the statistics began; a thread may have begun to measure before. */
  #since: number;
  readonly #times = new TimeCounts();
  readonly #recentTimes = new TimeCounts();
  #recentTimed = 0;

  /** `since` in epoch seconds. */
  constructor(method: string, name: string, since: number) {
    this.#sums = emptyEntry(method, name, Number.POSITIVE_INFINITY);
    this.#since = since;
  }

  /** A row of one snapshot. */
  static of(entry: EntrySnapshot): Row {
    const row = new Row(entry.method, entry.name, entry.startTime);
    row.add(entry);
    return row;
  }

  get method(): string {
    return this.#sums.method;
  }

  get name(): string {
    return this.#sums.name;
  }

  get sums(): Sums {
    return this.#sums;
  }

  get hasTimes(): boolean {
    return !this.#times.isEmpty;
  }

  /** Whether something with a response time ended in the last ten seconds. */
  get isRecent(): boolean {
    return this.#recentTimed > 0;
  }

  /** ms; 0 if nothing had a time. */
  get average(): number {
    const { totalResponseTime, numRequests, numNoneRequests } = this.#sums;
    const timed = numRequests - numNoneRequests;
    return timed === 0 ? 0 : totalResponseTime / timed;
  }

  /** ms: a bucket, but within the exact extremes; 0 if nothing had a time. */
  get median(): number {
    return Math.min(Math.max(this.#medianBucket, this.#sums.minResponseTime ?? 0), this.#sums.maxResponseTime);
  }

  /** Whether the median is one of the exact extremes instead of a bucket. */
  get hasExactMedian(): boolean {
    return this.median !== this.#medianBucket;
  }

  /** Part of the requests that failed, 0 to 1. */
  get failRatio(): number {
    const { numRequests, numFailures } = this.#sums;
    return numRequests === 0 ? Math.min(numFailures, 1) : numFailures / numRequests;
  }

  /** Bytes. */
  get averageLength(): number {
    const { numRequests, totalContentLength } = this.#sums;
    return numRequests === 0 ? 0 : totalContentLength / numRequests;
  }

  get #medianBucket(): number {
    const { numRequests, numNoneRequests } = this.#sums;
    return this.#times.percentiles(numRequests - numNoneRequests, [0.5])[0] ?? 0;
  }

  /** Of the whole run, ms: buckets, but never above the exact maximum. `percents` (0 to 1) ascend. */
  percentiles(percents: readonly number[]): number[] {
    const { numRequests, numNoneRequests, maxResponseTime } = this.#sums;
    const found = this.#times.percentiles(numRequests - numNoneRequests, percents);
    return found.map((bucket) => Math.min(bucket, maxResponseTime));
  }

  /** Of the last ten seconds, ms; null if nothing ended in them. */
  recentPercentiles(percents: readonly number[]): (number | null)[] {
    if (!this.isRecent) return percents.map(() => null);
    const found = this.#recentTimes.percentiles(this.#recentTimed, percents);
    return found.map((bucket) => Math.min(bucket, this.#sums.maxResponseTime));
  }

  /** Adds what was measured in one second, to the run and to the last ten seconds. */
  add(entry: EntrySnapshot): void {
    const startTime = Math.max(entry.startTime, this.#since);
    const second = { ...entry, startTime, responseTimes: none, requestsPerSecond: none, failuresPerSecond: none };
    this.#sums = mergeEntries(this.#sums, second);
    this.#times.add(entry.responseTimes);
    this.#recentTimes.add(entry.responseTimes);
    this.#recentTimed += entry.numRequests - entry.numNoneRequests;
  }

  /** Takes a second out of the last ten. */
  leaveRecent(entry: EntrySnapshot): void {
    this.#recentTimes.remove(entry.responseTimes);
    this.#recentTimed -= entry.numRequests - entry.numNoneRequests;
  }

  /** All zero from `time`, epoch seconds; the row stays. Locust's `StatsEntry.reset`. */
  reset(time: number): void {
    this.#sums = emptyEntry(this.method, this.name, time);
    this.#since = time;
    this.#times.clear();
    this.#recentTimes.clear();
    this.#recentTimed = 0;
  }

  /** The row as plain data, without counts per second. */
  toSnapshot(): EntrySnapshot {
    return { ...this.#sums, responseTimes: this.#times.toMap() };
  }
}
