import type { EntrySnapshot, ErrorSnapshot, StatsSnapshot } from '../stats/snapshot.ts';
import { Exceptions } from './exceptions.ts';
import { Failures } from './failures.ts';
import { NameHistories } from './name-histories.ts';
import { compareText } from './python-text.ts';
import { type Rates, Recent } from './recent.ts';
import { Row } from './row.ts';
import type { ExceptionRow, NameHistory, Sample } from './run.ts';
import { leastSeconds, Timeline } from './timeline.ts';

/** What happened since the second before. */
export interface Second {
  /** Its end, epoch seconds. */
  readonly time: number;
  readonly stats: StatsSnapshot;
  /** Running users by class. */
  readonly users: ReadonlyMap<string, number>;
  /** The longest time in which a load thread was not free, ms. */
  readonly lag: number;
  /** Percent; 100 when all load threads are busy. */
  readonly cpu: number;
}

const percents = [0.5, 0.95, 0.99];

/**
 * A run as it is going on: fed each second, read by the reports. Its memory does not grow with the length of the run.
 *
 * @example
 * const record = new RunRecord(Date.now() / 1000);
 * record.keep({ time: Date.now() / 1000, stats: pool.takeStats(), users: pool.counts(), lag: 0, cpu: 12 });
 * process.stderr.write(`${statsTable(record, false)}\n`);
 */
export class RunRecord {
  #startTime: number;
  /** End of the last second. */
  #time: number;
  readonly #rows = new Map<string, Map<string, Row>>();
  /** As they came. */
  #order: Row[] = [];
  #sorted: readonly Row[] | undefined;
  readonly #total: Row;
  readonly #recent: Recent;
  readonly #failures = new Failures();
  readonly #exceptions = new Exceptions();
  readonly #timeline = new Timeline();
  readonly #histories = new NameHistories();
  #totals: StatsSnapshot | undefined;

  /** `startTime` in epoch seconds. */
  constructor(startTime: number) {
    this.#startTime = startTime;
    this.#time = startTime;
    this.#total = new Row('', 'Aggregated', startTime);
    this.#total.reset(startTime);
    this.#recent = new Recent(this.#total);
  }

  /** When the statistics began: with the run, or with the last reset; epoch seconds. */
  get startTime(): number {
    return this.#startTime;
  }

  /** End of the last second that was kept, epoch seconds. */
  get time(): number {
    return this.#time;
  }

  /** All names, sorted as Locust sorts them. Rows are live: they change with each second. */
  get rows(): readonly Row[] {
    this.#sorted ??= this.#order.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.method, b.method));
    return this.#sorted;
  }

  /** Live, too. */
  get total(): Row {
    return this.#total;
  }

  /** All so far, without counts per second; names in the order in which they came. Made anew after each second: some 50 ms for 1,000 names. */
  get totals(): StatsSnapshot {
    this.#totals ??= {
      entries: this.#order.map((row) => row.toSnapshot()),
      total: this.#total.toSnapshot(),
      errors: this.failures,
    };
    return this.#totals;
  }

  /** At most 2,000; the last one may still grow. */
  get samples(): readonly Sample[] {
    return [...this.#timeline.samples];
  }

  /** For the samples as they are now: to be read before the next second is kept. */
  get names(): readonly NameHistory[] {
    return this.#histories.toHistories(this.rows, this.samples);
  }

  /** So far, in the order in which they were first told of. */
  get failures(): readonly ErrorSnapshot[] {
    return this.#failures.toSnapshots();
  }

  get exceptions(): readonly ExceptionRow[] {
    return this.#exceptions.rows;
  }

  /** The newest of the samples. */
  get last(): Sample | undefined {
    return this.#timeline.last;
  }

  /** Users at the end of the last second. */
  get userCount(): number {
    return this.last?.userCount ?? 0;
  }

  /** Locust's current rates of a row of `rows`, or of `total`. */
  ratesOf(row: Row): Rates {
    return this.#recent.ratesOf(row);
  }

  /** Over the whole run so far, to its last request. Locust's `total_rps` and `total_fail_per_sec`. */
  totalRatesOf({ sums: { numRequests, numFailures } }: Row): Rates {
    const seconds = (this.#total.sums.lastRequestTimestamp ?? 0) - this.#startTime;
    if (seconds <= 0) return { requestsPerSecond: 0, failuresPerSecond: 0 };
    return { requestsPerSecond: numRequests / seconds, failuresPerSecond: numFailures / seconds };
  }

  keep(second: Second): void {
    const { time, stats } = second;
    const measured = stats.entries.map((entry) => [this.#rowOf(entry), entry] as const);
    for (const [row, entry] of measured) row.add(entry);
    this.#total.add(stats.total);
    this.#recent.add(time, measured, stats.total, this.#startTime);
    this.#failures.add(stats.errors);
    const { isThinned } = this.#timeline.add(this.#sampleOf(second));
    if (isThinned) this.#histories.thin();
    this.#histories.add(this.#timeline.length - 1, measured);
    this.#time = time;
    this.#totals = undefined;
  }

  /** An exception of user code, as `userError` tells of it. */
  keepException(message: string, traceback: string): void {
    this.#exceptions.add(message, traceback);
  }

  /** All from zero, `time` in epoch seconds; names and exceptions stay. Locust's `reset_all`. */
  reset(time: number): void {
    this.#startTime = time;
    this.#time = time;
    for (const row of [this.#total, ...this.#order]) row.reset(time);
    this.#recent.clear();
    this.#failures.clear();
    this.#timeline.clear();
    this.#histories.clear();
    this.#totals = undefined;
  }

  #rowOf({ method, name }: EntrySnapshot): Row {
    let names = this.#rows.get(method);
    if (names === undefined) {
      names = new Map();
      this.#rows.set(method, names);
    }
    let row = names.get(name);
    if (row === undefined) {
      row = new Row(method, name, this.#startTime);
      names.set(name, row);
      this.#order.push(row);
      this.#sorted = undefined;
    }
    return row;
  }

  #sampleOf({ time, stats, users, lag, cpu }: Second): Sample {
    const seconds = Math.max(leastSeconds, time - this.#time);
    const [median = null, p95 = null, p99 = null] = this.#total.recentPercentiles(percents);
    return {
      time,
      seconds,
      userCount: [...users.values()].reduce((sum, count) => sum + count, 0),
      usersByClass: new Map(users),
      requestsPerSecond: stats.total.numRequests / seconds,
      failuresPerSecond: stats.total.numFailures / seconds,
      median,
      p95,
      p99,
      average: this.#recent.average,
      lag,
      cpu,
    };
  }
}
