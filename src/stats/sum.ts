import { type EntrySnapshot, type ErrorSnapshot, emptyEntry, type StatsSnapshot } from './snapshot.ts';

/** Adds `more` to `counts`, in place. */
export function addCounts(counts: Map<number, number>, more: Iterable<readonly [number, number]>): Map<number, number> {
  for (const [key, count] of more) counts.set(key, (counts.get(key) ?? 0) + count);
  return counts;
}

const lesser = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
const greater = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends ReadonlyMap<infer A, infer B> ? Map<A, B> : T[K] };

function emptySum(method: string, name: string, startTime: number): Mutable<EntrySnapshot> {
  return {
    ...emptyEntry(method, name, startTime),
    responseTimes: new Map(),
    requestsPerSecond: new Map(),
    failuresPerSecond: new Map(),
  };
}

/** Sums, extremes, counts added, in place: what was added before is not copied. Locust's `StatsEntry.extend`. */
function addEntry(sum: Mutable<EntrySnapshot>, more: EntrySnapshot, withSeconds: boolean): void {
  sum.numRequests += more.numRequests;
  sum.numNoneRequests += more.numNoneRequests;
  sum.numFailures += more.numFailures;
  sum.totalResponseTime += more.totalResponseTime;
  sum.maxResponseTime = Math.max(sum.maxResponseTime, more.maxResponseTime);
  sum.minResponseTime = lesser(sum.minResponseTime, more.minResponseTime);
  sum.totalContentLength += more.totalContentLength;
  sum.startTime = Math.min(sum.startTime, more.startTime);
  sum.lastRequestTimestamp = greater(sum.lastRequestTimestamp, more.lastRequestTimestamp);
  addCounts(sum.responseTimes, more.responseTimes);
  if (!withSeconds) return;
  addCounts(sum.requestsPerSecond, more.requestsPerSecond);
  addCounts(sum.failuresPerSecond, more.failuresPerSecond);
}

/** Two entries as one, under the first one's name; both stay as they are. */
export function mergeEntries(a: EntrySnapshot, b: EntrySnapshot): EntrySnapshot {
  const sum = {
    ...a,
    responseTimes: new Map(a.responseTimes),
    requestsPerSecond: new Map(a.requestsPerSecond),
    failuresPerSecond: new Map(a.failuresPerSecond),
  };
  addEntry(sum, b, true);
  return sum;
}

function mergeErrors(a: ErrorSnapshot, b: ErrorSnapshot): ErrorSnapshot {
  return {
    ...a,
    occurrences: a.occurrences + b.occurrences,
    firstSeen: lesser(a.firstSeen, b.firstSeen),
    lastSeen: greater(a.lastSeen, b.lastSeen),
  };
}

/** The `Aggregated` entry over `entries`, beginning at the latest at `startTime`, epoch seconds. */
export function totalOf(entries: readonly EntrySnapshot[], startTime: number): EntrySnapshot {
  const total = emptySum('', 'Aggregated', startTime);
  for (const entry of entries) addEntry(total, entry, true);
  return total;
}

/** Any two snapshots as one: of threads, of intervals, of workers. Associative and commutative but for row order. */
export function mergeStats(a: StatsSnapshot, b: StatsSnapshot): StatsSnapshot {
  const sum = new StatsSum(Math.min(a.total.startTime, b.total.startTime), true);
  sum.add(a);
  sum.add(b);
  return sum.toSnapshot();
}

const tooManyErrors = '(other failures: more distinct texts than are kept; texts should not hold ids)';

/** Snapshots added up as they come, by method and name. */
export class StatsSum {
  readonly #total: Mutable<EntrySnapshot>;
  readonly #byName = new Map<string, Map<string, Mutable<EntrySnapshot>>>();
  /** In the order in which they came. */
  readonly #entries: Mutable<EntrySnapshot>[] = [];
  readonly #errors = new Map<string, ErrorSnapshot>();
  readonly #withSeconds: boolean;
  readonly #mostErrors: number;

  /**
   * `withSeconds`: with the counts per second, which grow with the time that is added up. `mostErrors`: distinct failures
   * that are kept; what comes after is counted under one text for each method and name. `startTime`: epoch seconds.
   */
  constructor(startTime: number, withSeconds: boolean, mostErrors: number = Number.POSITIVE_INFINITY) {
    this.#total = emptySum('', 'Aggregated', startTime);
    this.#withSeconds = withSeconds;
    this.#mostErrors = mostErrors;
  }

  add({ entries, total, errors }: StatsSnapshot): void {
    addEntry(this.#total, total, this.#withSeconds);
    for (const entry of entries) addEntry(this.#sumOf(entry), entry, this.#withSeconds);
    for (const error of errors) this.#addError(error);
  }

  /** Plain data; it goes on changing with what is added. */
  toSnapshot(): StatsSnapshot {
    return { entries: [...this.#entries], total: this.#total, errors: [...this.#errors.values()] };
  }

  #addError(error: ErrorSnapshot): void {
    const key = JSON.stringify([error.method, error.name, error.error]);
    const known = this.#errors.get(key);
    const isOneTooMany = known === undefined && this.#errors.size >= this.#mostErrors && error.error !== tooManyErrors;
    if (isOneTooMany) this.#addError({ ...error, error: tooManyErrors });
    else this.#errors.set(key, known === undefined ? error : mergeErrors(known, error));
  }

  #sumOf({ method, name, startTime }: EntrySnapshot): Mutable<EntrySnapshot> {
    let names = this.#byName.get(method);
    if (names === undefined) {
      names = new Map();
      this.#byName.set(method, names);
    }
    let sum = names.get(name);
    if (sum === undefined) {
      sum = emptySum(method, name, startTime);
      names.set(name, sum);
      this.#entries.push(sum);
    }
    return sum;
  }
}
