import { mergeStats } from '../stats/merge.ts';
import { type EntrySnapshot, emptySnapshot, type StatsSnapshot } from '../stats/snapshot.ts';

const now = (): number => Date.now() / 1000;

/** What the threads measured: until it is taken for a report, and in total over the test. */
export class Collector {
  #pending: StatsSnapshot = emptySnapshot(now());
  #totals: StatsSnapshot = emptySnapshot(now());

  /** The whole test. Without counts per second, which would grow with its length. */
  get totals(): StatsSnapshot {
    return this.#totals;
  }

  keep(stats: StatsSnapshot): void {
    this.#pending = mergeStats(this.#pending, stats);
    const entries = stats.entries.map(withoutSeconds);
    this.#totals = mergeStats(this.#totals, { ...stats, entries, total: withoutSeconds(stats.total) });
  }

  /** Everything since the last call. */
  take(): StatsSnapshot {
    const taken = this.#pending;
    this.#pending = emptySnapshot(now());
    return taken;
  }

  forgetTotals(): void {
    this.#totals = emptySnapshot(now());
  }
}

function withoutSeconds(entry: EntrySnapshot): EntrySnapshot {
  return { ...entry, requestsPerSecond: new Map(), failuresPerSecond: new Map() };
}
