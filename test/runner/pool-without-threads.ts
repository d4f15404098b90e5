// A pool that runs nothing: what it was told is at hand.
import { emptySnapshot, type StatsSnapshot } from '../../src/stats/snapshot.ts';
import type { Pool } from '../../src/swarm/pool.ts';
import type { Notice, Strain, TestSettings } from '../../src/swarm/port.ts';
import type { Counts } from '../../src/swarm/split.ts';

/** Opened by hand. */
class Gate {
  isOpen = true;
  #waiting: (() => void)[] = [];

  pass(): Promise<void> {
    return this.isOpen ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
  open(): void {
    this.isOpen = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A pool that only counts; `resizing` and `stopping` keep it from coming to an end. */
export class PoolWithoutThreads {
  readonly done: string[] = [];
  readonly notices: Notice[] = [];
  readonly tests: { readonly test: TestSettings; readonly isNew: boolean }[] = [];
  readonly updates: unknown[] = [];
  readonly messages: unknown[] = [];
  readonly resizing = new Gate();
  readonly stopping = new Gate();
  readonly manifest: Pick<Pool['manifest'], 'classes'> = {
    classes: ['A', 'B'].map((name) => ({
      name,
      host: null,
      weight: 1,
      fixedCount: 0,
      needsHost: false,
      tasks: [],
    })),
  };
  index = -1;
  extra: Readonly<Record<string, unknown>> = {};
  exitCode: number | undefined;
  stats: StatsSnapshot = emptySnapshot(1000);
  #counts = new Map([
    ['A', 0],
    ['B', 0],
  ]);

  strain: Strain = { busy: 0, lag: 0 };

  takeStrain(): Strain {
    return this.strain;
  }
  counts(): Counts {
    return new Map(this.#counts);
  }
  async resize(target: Counts, test: TestSettings, isNew: boolean): Promise<void> {
    this.tests.push({ test, isNew });
    await this.resizing.pass();
    for (const [name, count] of target) if (this.#counts.has(name)) this.#counts.set(name, count);
    this.done.push(`resize ${JSON.stringify(Object.fromEntries(target))}`);
  }
  async stop(stopTimeout: number): Promise<void> {
    await this.stopping.pass();
    for (const name of this.#counts.keys()) this.#counts.set(name, 0);
    this.done.push(`stop ${stopTimeout}`);
  }
  async report(): Promise<Readonly<Record<string, unknown>>> {
    return this.extra;
  }
  takeStats(): StatsSnapshot {
    const { stats } = this;
    this.stats = emptySnapshot(1000);
    return stats;
  }
  resetStats(): void {
    this.done.push('resetStats');
  }
  sendMessage(type: string, data: unknown): void {
    this.messages.push([type, data]);
  }
  updateUserClass(...update: unknown[]): void {
    this.updates.push(update);
  }
  setWorkerIndex(index: number): void {
    this.index = index;
  }
  notify(notice: Notice): void {
    this.notices.push(notice);
  }
  async quitting(): Promise<void> {
    this.done.push('quitting');
  }
  async end(exitCode: number): Promise<void> {
    this.done.push(`end ${exitCode}`);
  }
}
