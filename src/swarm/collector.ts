import type { StatsSnapshot } from '../stats/snapshot.ts';
import { StatsSum } from '../stats/sum.ts';

/** Distinct failures kept of a whole test: it may be long, and texts may hold ids. */
const mostErrors = 2000;
const now = (): number => Date.now() / 1000;

/** What the threads measured: until it is taken for a report, and in total over the test. */
export class Collector {
  #pending: StatsSum = new StatsSum(now(), true);
  #totals: StatsSum = new StatsSum(now(), false, mostErrors);

  /** The whole test. Without counts per second, which would grow with its length. */
  get totals(): StatsSnapshot {
    return this.#totals.toSnapshot();
  }

  keep(stats: StatsSnapshot): void {
    this.#pending.add(stats);
    this.#totals.add(stats);
  }

  /** Everything since the last call. */
  take(): StatsSnapshot {
    const taken = this.#pending.toSnapshot();
    this.#pending = new StatsSum(now(), true);
    return taken;
  }

  forgetTotals(): void {
    this.#totals = new StatsSum(now(), false, mostErrors);
  }
}
