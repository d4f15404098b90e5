import { type NameCell, NameColumns } from './name-columns.ts';
import type { Measured } from './recent.ts';
import type { Row } from './row.ts';
import type { NameHistory, Sample } from './run.ts';
import { maxSamples } from './timeline.ts';

/** Names times samples for which there is room, some 30 MB: 1,000 names in a run of any length, 16,000 in a short one. */
const maxCells = 1000 * maxSamples;
const firstCapacity = 125;
const percents = [0.5, 0.95];

interface History {
  readonly columns: NameColumns;
  /** Of the second that was added last. */
  turn: number;
}

/**
 * How each name did over time. Where there are more names than there is room for, only the busiest keep a history: a tenth
 * of them, those with the fewest requests so far, lose it for good, for a history with a gap would look like a name at rest.
 */
export class NameHistories {
  readonly #histories = new Map<Row, History>();
  #dropped = new WeakSet<Row>();
  #capacity = firstCapacity;
  /** How often something was added. */
  #turn = 0;

  /** Adds a second to the sample at `at`. */
  add(at: number, measured: Measured): void {
    this.#turn++;
    while (at >= this.#capacity) this.#grow();
    for (const [row, { numRequests, numFailures }] of measured) {
      const history = this.#historyOf(row);
      if (history === undefined) continue;
      history.turn = this.#turn;
      history.columns.add(at, cellOf(row, numRequests, numFailures));
    }
    for (const [row, { columns, turn }] of this.#histories) {
      if (turn !== this.#turn && row.isRecent) columns.add(at, cellOf(row, 0, 0));
    }
    this.#makeRoom();
  }

  /** The timeline merged its samples in pairs. */
  thin(): void {
    for (const { columns } of this.#histories.values()) columns.thin();
  }

  clear(): void {
    this.#histories.clear();
    this.#dropped = new WeakSet();
    this.#capacity = firstCapacity;
  }

  /** Of these rows, in their order. The arrays are made when they are read: all at once would be some 100 MB. */
  toHistories(rows: readonly Row[], samples: readonly Sample[]): readonly NameHistory[] {
    return rows.flatMap((row) => {
      const history = this.#histories.get(row);
      return history === undefined ? [] : [nameHistoryOf(row, history.columns, samples)];
    });
  }

  #historyOf(row: Row): History | undefined {
    let history = this.#histories.get(row);
    if (history === undefined && !this.#dropped.has(row)) {
      history = { columns: new NameColumns(this.#capacity), turn: 0 };
      this.#histories.set(row, history);
    }
    return history;
  }

  #grow(): void {
    this.#capacity *= 2;
    for (const { columns } of this.#histories.values()) columns.grow(this.#capacity);
  }

  #makeRoom(): void {
    const room = maxCells / this.#capacity;
    if (this.#histories.size <= room) return;
    const rows = [...this.#histories.keys()].sort((a, b) => b.sums.numRequests - a.sums.numRequests);
    for (const row of rows.slice(room * 0.9)) {
      this.#histories.delete(row);
      this.#dropped.add(row);
    }
  }
}

function cellOf(row: Row, requests: number, failures: number): NameCell {
  const [median = null, p95 = null] = row.recentPercentiles(percents);
  return { requests, failures, median, p95 };
}

function nameHistoryOf({ method, name }: Row, columns: NameColumns, samples: readonly Sample[]): NameHistory {
  const { length } = samples;
  const perSecond = (counts: readonly number[]): number[] =>
    counts.map((count, at) => count / (samples[at]?.seconds ?? 1));
  const requestsPerSecond = once(() => perSecond(columns.requests(length)));
  const failuresPerSecond = once(() => perSecond(columns.failures(length)));
  const median = once(() => columns.median(length));
  const p95 = once(() => columns.p95(length));
  return {
    method,
    name,
    get requestsPerSecond() {
      return requestsPerSecond();
    },
    get failuresPerSecond() {
      return failuresPerSecond();
    },
    get median() {
      return median();
    },
    get p95() {
      return p95();
    },
  };
}

function once<T>(make: () => readonly T[]): () => readonly T[] {
  let made: readonly T[] | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
