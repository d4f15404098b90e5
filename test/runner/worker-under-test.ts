// A worker between an in-memory master and a pool without threads: what is ordered, said and done is at hand.
import { afterEach, mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { decode, encode } from '@msgpack/msgpack';
import { type LogRecord, setLogLevel, setLogSink } from '../../src/log.ts';
import type { Connection } from '../../src/protocol/socket.ts';
import { WorkerRunner } from '../../src/runner/worker.ts';
import type { Pool } from '../../src/swarm/pool.ts';
import { until } from '../e2e/until.ts';
import { options } from '../swarm/options.ts';
import { PoolWithoutThreads } from './pool-without-threads.ts';

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

const workers: WorkerUnderTest[] = [];

/** A worker that has asked the master for work; it is ended after the test. */
export function make(...settings: ConstructorParameters<typeof WorkerUnderTest>): WorkerUnderTest {
  const worker = new WorkerUnderTest(...settings);
  workers.push(worker);
  return worker;
}

/** A worker that the master has taken. */
export async function ready(...settings: ConstructorParameters<typeof WorkerUnderTest>): Promise<WorkerUnderTest> {
  const worker = make(...settings);
  await worker.acknowledge();
  return worker;
}

/** A worker that runs users. */
export async function running(
  counts: Readonly<Record<string, number>> = { A: 2, B: 1 },
  more: Readonly<Record<string, unknown>> = {},
): Promise<WorkerUnderTest> {
  const worker = await ready();
  worker.spawn(counts, more);
  await worker.said('spawning_complete');
  return worker;
}

afterEach(async () => {
  mock.restoreAll();
  for (const worker of workers.splice(0)) {
    worker.pool.resizing.open();
    worker.pool.stopping.open();
    void worker.runner.quit('the test is over');
    await worker.ended;
  }
});
