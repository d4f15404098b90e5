import type { ParsedOptions } from '../user/options.ts';
import type { Bundle } from './bundle.ts';
import { LoadThread } from './load-thread.ts';
import type { Order, Report, TestSettings, ThreadData } from './port.ts';
import { type Counts, sumOfCounts } from './split.ts';

/** Beyond `stop_timeout` a thread has this long to answer a stop. */
const answerMilliseconds = 1000;
/** More for each of its users: ten thousand do not end within a second where the machine is busy. */
const userMilliseconds = 0.5;
/** A thread that says it is alive, but whose listeners do not end, is waited for so much longer. */
const patienceMilliseconds = 10_000;
/** This many deaths, each within `youngMilliseconds` of its thread's start: user code ends every thread. */
const hopelessDeaths = 3;
const youngMilliseconds = 5000;

/** What a seat tells the pool. */
export interface SeatListener {
  onReport(seat: Seat, report: Report): unknown;
  /** Its thread ended, or was ended; another one takes its place. */
  onReplaced(seat: Seat, reason: string): unknown;
  /** Thread after thread ends; none is made any more. */
  onHopeless(seat: Seat, reason: string): unknown;
}

interface Waiter {
  readonly isAnswer: (report: Report) => boolean;
  readonly resolve: (answer: Report | undefined) => void;
}

/**
 * A place for one load thread. When the thread dies, or does not answer a stop, another takes the place, with the same
 * share of users.
 */
export class Seat {
  /** The users that this seat was told to run. */
  dealt: Counts = new Map();
  /** The users that its thread says it has. */
  counts: Counts = new Map();
  readonly data: ThreadData;
  readonly #bundle: Promise<Bundle>;
  readonly #listener: SeatListener;
  readonly #waiters = new Set<Waiter>();
  #thread: LoadThread;
  #bornAt = performance.now();
  #youngDeaths = 0;
  #lastSign = 0;
  #prepared: Extract<Order, { type: 'init' }> | undefined;
  #workerIndex = -1;
  /** All that was ordered of each class, by its name: what a new thread has to be told again. */
  readonly #updates = new Map<string, Extract<Order, { type: 'updateUserClass' }>>();
  #test: TestSettings | undefined;
  /** It is hopeless: no thread is here any more. */
  #isEmpty = false;

  constructor(data: ThreadData, bundle: Promise<Bundle>, listener: SeatListener) {
    this.data = data;
    this.#bundle = bundle;
    this.#listener = listener;
    this.#thread = this.#start();
  }

  /** `load thread 1 of 2`, for people. */
  get label(): string {
    return `load thread ${this.data.thread.index + 1} of ${this.data.thread.count}`;
  }

  post(order: Order): void {
    this.#remember(order);
    this.#thread.post(order);
  }

  /** The first report that `isAnswer`; undefined if the thread ends before, or has ended for good. */
  answer(isAnswer: (report: Report) => boolean): Promise<Report | undefined> {
    if (this.#isEmpty) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiters.add({ isAnswer, resolve });
    });
  }

  async init(parsedOptions: ParsedOptions): Promise<void> {
    this.#prepared = { type: 'init', parsedOptions, workerIndex: this.#workerIndex };
    const ready = this.answer((report) => report.type === 'ready');
    this.post(this.#prepared);
    await ready;
  }

  /** Resolves when the thread runs `counts`, or has ended. */
  async resize(id: number, isNewTest: boolean, counts: Counts, test: TestSettings): Promise<void> {
    this.dealt = counts;
    this.#test = test;
    const resized = this.answer((report) => report.type === 'resized' && report.id === id);
    this.post({ type: 'resize', id, isNewTest, counts, test });
    await resized;
  }

  /** Resolves when no user runs any more: the thread has said so, or was ended. */
  async stop(stopTimeout: number): Promise<void> {
    const answer = answerMilliseconds + sumOfCounts(this.dealt) * userMilliseconds;
    this.dealt = new Map();
    this.#test = undefined;
    this.#lastSign = 0;
    const stopped = this.answer((report) => report.type === 'stopped');
    this.post({ type: 'stop', stopTimeout });
    const due = performance.now() + stopTimeout * 1000 + answer;
    const watch = setInterval(() => {
      const now = performance.now();
      const isAlive = now - this.#lastSign < answerMilliseconds && now < due + patienceMilliseconds;
      if (now < due || isAlive) return;
      clearInterval(watch);
      this.#replace('did not answer a stop in time: a task blocks it, or a listener does not end');
    }, 50);
    await stopped;
    clearInterval(watch);
  }

  async terminate(): Promise<void> {
    await this.#thread.terminate();
    this.#release();
  }

  #start(): LoadThread {
    this.#bornAt = performance.now();
    const thread = new LoadThread(this.data, {
      onReport: (report) => this.#receive(report),
      onDeath: (reason) => this.#replace(`ended: ${reason}`),
    });
    // A bundle that fails is the pool's to tell of; then there is nothing to load.
    this.#bundle.then((bundle) => thread.post({ type: 'load', bundle })).catch(() => {});
    return thread;
  }

  #receive(report: Report): void {
    this.#lastSign = performance.now();
    if ('counts' in report) this.counts = report.counts;
    this.#listener.onReport(this, report);
    for (const waiter of this.#waiters) {
      if (!waiter.isAnswer(report)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(report);
    }
  }

  #replace(reason: string): void {
    const old = this.#thread;
    void old.terminate();
    this.counts = new Map();
    this.#youngDeaths = performance.now() - this.#bornAt < youngMilliseconds ? this.#youngDeaths + 1 : 0;
    if (this.#youngDeaths >= hopelessDeaths || this.#prepared === undefined) {
      this.#isEmpty = true;
      this.#listener.onHopeless(this, reason);
      this.#release();
      return;
    }
    this.#thread = this.#start();
    void this.#bundle.then(() => this.#resume());
    this.#listener.onReplaced(this, reason);
    this.#release();
  }

  /** Brings a new thread to where the old one was. */
  #resume(): void {
    if (this.#prepared !== undefined) this.post({ ...this.#prepared, workerIndex: this.#workerIndex });
    for (const update of this.#updates.values()) this.#thread.post(update);
    if (this.#test !== undefined) {
      this.post({ type: 'resize', id: 0, isNewTest: true, counts: this.dealt, test: this.#test });
    }
  }

  #remember(order: Order): void {
    if (order.type === 'workerIndex') this.#workerIndex = order.index;
    if (order.type !== 'updateUserClass') return;
    const known = this.#updates.get(order.name);
    const attributes = new Map([...(known?.attributes ?? []), ...order.attributes]);
    this.#updates.set(order.name, { ...known, ...order, attributes });
  }

  /** Nobody waits for a thread that is gone. */
  #release(): void {
    for (const { resolve } of this.#waiters) resolve(undefined);
    this.#waiters.clear();
  }
}
