import type { EntrySnapshot } from '../stats/snapshot.ts';
import type { Row } from './row.ts';

/** Locust's `CURRENT_RESPONSE_TIME_PERCENTILE_WINDOW`. */
const windowSeconds = 10;
/** Seconds are not kept on the tick: half of one either way makes no eleventh. */
const jitter = 0.5;

/** Kept if the clocks of threads differ so much that their requests are all of long ago. */
const mostSeconds = 30;

/** Per second, over the ten seconds that ended two before the last request. */
export interface Rates {
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
}

const still: Rates = { requestsPerSecond: 0, failuresPerSecond: 0 };

/** What was measured in one second, by row; no row twice. */
export type Measured = readonly (readonly [row: Row, entry: EntrySnapshot])[];

interface Second {
  readonly time: number;
  readonly total: EntrySnapshot;
  readonly measured: Measured;
  isInWindow: boolean;
}

/** The last seconds of a run: as many as Locust's current figures are made of. */
export class Recent {
  readonly #total: Row;
  #seconds: Second[] = [];
  #rates: ReadonlyMap<Row, Rates> | undefined;
  #startTime = 0;

  /** `total` is the row of all names. */
  constructor(total: Row) {
    this.#total = total;
  }

  /** Adds what the rows were given already. `startTime` of the run in epoch seconds. */
  add(time: number, measured: Measured, total: EntrySnapshot, startTime: number): void {
    this.#rates = undefined;
    this.#startTime = startTime;
    // the window of the rates ends with the last request: after it these seconds stay, and no others are needed
    if (total.numRequests > 0) this.#seconds.push({ time, measured, total, isInWindow: true });
    for (const second of this.#seconds) this.#expire(second, time);
    // a clock that was set back leaves seconds of a time to come: they count no more
    const oldest = this.#lastRequest - 13;
    this.#seconds = this.#seconds
      .filter((second) => second.isInWindow || (second.time > oldest && second.time <= time))
      .filter((second, at, { length }) => second.isInWindow || length - at <= mostSeconds);
  }

  clear(): void {
    this.#seconds = [];
    this.#rates = undefined;
  }

  /** Locust's `current_rps` and `current_fail_per_sec`. */
  ratesOf(row: Row): Rates {
    this.#rates ??= this.#allRates();
    return this.#rates.get(row) ?? still;
  }

  /** Of all names in the last ten seconds, ms; null if nothing ended in them. */
  get average(): number | null {
    let time = 0;
    let timed = 0;
    for (const { total, isInWindow } of this.#seconds) {
      if (!isInWindow) continue;
      time += total.totalResponseTime;
      timed += total.numRequests - total.numNoneRequests;
    }
    return timed === 0 ? null : time / timed;
  }

  /** A whole epoch second. */
  get #lastRequest(): number {
    return Math.trunc(this.#total.sums.lastRequestTimestamp ?? 0);
  }

  #expire(second: Second, now: number): void {
    if (!second.isInWindow || (second.time > now - windowSeconds + jitter && second.time <= now)) return;
    second.isInWindow = false;
    for (const [row, entry] of second.measured) row.leaveRecent(entry);
    this.#total.leaveRecent(second.total);
  }

  #allRates(): ReadonlyMap<Row, Rates> {
    const from = Math.max(this.#lastRequest - 12, Math.trunc(this.#startTime));
    const to = this.#lastRequest - 2;
    const seconds = Math.max(to - from, 1);
    const rates = new Map<Row, Rates>();
    const add = (row: Row, entry: EntrySnapshot): void => {
      const { requestsPerSecond, failuresPerSecond } = rates.get(row) ?? still;
      rates.set(row, {
        requestsPerSecond: requestsPerSecond + countWithin(entry.requestsPerSecond, from, to),
        failuresPerSecond: failuresPerSecond + countWithin(entry.failuresPerSecond, from, to),
      });
    };
    for (const { measured, total } of this.#seconds) {
      for (const [row, entry] of measured) add(row, entry);
      add(this.#total, total);
    }
    for (const [row, { requestsPerSecond, failuresPerSecond }] of rates) {
      rates.set(row, {
        requestsPerSecond: requestsPerSecond / seconds,
        failuresPerSecond: failuresPerSecond / seconds,
      });
    }
    return rates;
  }
}

function countWithin(counts: ReadonlyMap<number, number>, from: number, to: number): number {
  let sum = 0;
  for (const [second, count] of counts) if (second >= from && second < to) sum += count;
  return sum;
}
