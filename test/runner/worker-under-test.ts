// A worker between an in-memory master and a pool without threads: what is ordered, said and done is at hand.
import { setImmediate as turn } from 'node:timers/promises';
import { decode, encode } from '@msgpack/msgpack';
import { type LogRecord, setLogLevel, setLogSink } from '../../src/log.ts';
import type { Connection } from '../../src/protocol/socket.ts';
import { WorkerRunner } from '../../src/runner/worker.ts';
import { emptySnapshot, type StatsSnapshot } from '../../src/stats/snapshot.ts';
import type { Pool } from '../../src/swarm/pool.ts';
import type { Notice, TestSettings } from '../../src/swarm/port.ts';
import type { Counts } from '../../src/swarm/split.ts';
import { until } from '../e2e/until.ts';
import { options } from '../swarm/options.ts';

const clientId = 'tested_0123';

/** One message of the worker, as the master reads it. */
export interface Said {
  readonly type: string;
  readonly data: unknown;
  readonly isDroppable: boolean;
}

/** The master's end of a connection that is none. */
export class MemoryConnection implements Connection {
  readonly said: Said[] = [];
  reconnects = 0;
  isClosed = false;
  #onFrame: (frame: Uint8Array) => void = () => {};
  #onReconnect: () => void = () => {};

  send(frame: Uint8Array, { droppable = false }: { readonly droppable?: boolean } = {}): void {
    const [type, data, nodeId] = decode(frame) as [string, unknown, string];
    if (nodeId !== clientId) throw new Error(`the node id is ${nodeId}`);
    this.said.push({ type, data, isDroppable: droppable });
  }
  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#onFrame = listener;
  }
  onReconnect(listener: () => void): void {
    this.#onReconnect = listener;
  }
  async reconnect(): Promise<void> {
    this.reconnects++;
  }
  async close(): Promise<void> {
    this.isClosed = true;
  }

  /** Orders something. */
  order(type: string, data: unknown = null): void {
    this.deliver(encode([type, data, clientId]));
  }
  deliver(frame: Uint8Array): void {
    this.#onFrame(frame);
  }
  /** The transport was lost and is there again. */
  comeBack(): void {
    this.#onReconnect();
  }
}

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

type Settings = ConstructorParameters<typeof WorkerRunner>[2];

/** A worker, its master, its pool and its log. */
export class WorkerUnderTest {
  readonly master = new MemoryConnection();
  readonly pool = new PoolWithoutThreads();
  readonly log: LogRecord[] = [];
  readonly runner: WorkerRunner;
  readonly ended: Promise<number>;
  #timestamp = 1;

  constructor(settings: Partial<Settings> = {}) {
    setLogLevel('DEBUG');
    setLogSink((record) => this.log.push(record));
    this.runner = new WorkerRunner(this.pool as unknown as Pool, this.master, {
      clientId,
      master: 'host:5557',
      options,
      threads: 2,
      additionalWait: 0,
      resetStats: false,
      takeLogs: () => undefined,
      ...settings,
    });
    this.ended = this.runner.run();
  }

  /** The master takes the worker; resolves when the first report is out. */
  async acknowledge(): Promise<void> {
    this.master.order('ack', { index: 3 });
    await this.said('stats');
  }

  /** Orders users; returns the timestamp of the order. */
  spawn(counts: Readonly<Record<string, number>>, more: Readonly<Record<string, unknown>> = {}): number {
    const timestamp = this.#timestamp++;
    const order = { timestamp, user_classes_count: counts, host: '', stop_timeout: 0, parsed_options: {} };
    this.master.order('spawn', { ...order, ...more });
    return timestamp;
  }

  /** What was said, but for heartbeats and regular reports. */
  words(): string[] {
    return this.master.said.map(({ type }) => type).filter((type) => type !== 'heartbeat' && type !== 'stats');
  }
  data(type: string): unknown[] {
    return this.master.said.filter((said) => said.type === type).map(({ data }) => data);
  }
  texts(level: LogRecord['level']): string[] {
    return this.log.filter((record) => record.level === level).map(({ text }) => text);
  }
  /** Waits until it was said so many times. */
  async said(type: string, times = 1): Promise<void> {
    await until(`${times} × ${type}`, () => this.data(type).length >= times, {
      every: 0.002,
      show: () => this.master.said.map((each) => each.type),
    });
  }
  /** Waits until all that could happen at once has happened. */
  async settle(): Promise<void> {
    for (let count = 0; count < 20; count++) await turn();
  }
}
