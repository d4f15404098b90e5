// The threads of one worker, as one swarm: deals counts out, merges what they measured, replaces the dead.
import { UsageError } from '../errors.ts';
import { log, writeRecord } from '../log.ts';
import type { StatsSnapshot } from '../stats/snapshot.ts';
import { longestTimer } from '../user/life.ts';
import type { ParsedOptions } from '../user/options.ts';
import { bundleUserFiles } from './bundle.ts';
import { Collector } from './collector.ts';
import { mergeExtra } from './extra.ts';
import { choose, type Manifest } from './manifest.ts';
import type { PoolListener, PoolSettings } from './pool-settings.ts';
import type { Notice, Report, Strain, TestSettings } from './port.ts';
import { Seat } from './seat.ts';
import { addCounts, type Counts, split } from './split.ts';
import { Strains } from './strain.ts';
import { within } from './within.ts';

export type { PoolListener, PoolSettings } from './pool-settings.ts';

/** How long a report waits for a thread that is busy; what comes later goes with the next one. */
const reportMilliseconds = 200;
/** Beyond `stop_timeout`, a resize is waited for this long before its counts are told as they are. */
const resizeMilliseconds = 1000;
/** Listeners of `quitting` and `quit` have this long. */
const endMilliseconds = 1000;

/** A swarm over load threads. */
export class Pool {
  /** What the user files hold. */
  readonly manifest: Manifest;
  readonly #seats: readonly Seat[];
  readonly #listener: PoolListener;
  readonly #measured = new Collector();
  readonly #watchers = new Set<Seat>();
  #resizes = 0;
  #ticks = 0;
  readonly #strains = new Strains();
  /** What `reportToMaster` listeners added and nobody has had yet. */
  readonly #extras: Readonly<Record<string, unknown>>[] = [];
  #exitCode: number | undefined;

  private constructor(manifest: Manifest, seats: readonly Seat[], listener: PoolListener) {
    this.manifest = manifest;
    this.#seats = seats;
    this.#listener = listener;
  }

  /** Bundles the user files and starts the threads with them; a file that cannot be used is a `UsageError`. */
  static async start(settings: PoolSettings, listener: PoolListener): Promise<Pool> {
    const { threads, clientId, kind, logLevel, shard, precision = 2 } = settings;
    const bundle = bundleUserFiles(settings.files);
    let pool: Pool | undefined;
    let death = 'ended';
    const seats = Array.from({ length: threads }, (_, index) => {
      const thread = { index, count: threads };
      const part = { ...shard, index: shard.index * threads + index, count: shard.count * threads };
      return new Seat({ clientId, kind, logLevel, precision, thread, shard: part }, bundle, {
        onReport: (seat, report) => (pool === undefined ? receiveEarly(report) : pool.#receive(seat, report)),
        onReplaced: (seat, reason) => (pool === undefined ? undefined : pool.#tellReplaced(seat, reason)),
        onHopeless: (seat, reason) => {
          if (pool === undefined) death = reason;
          else pool.#tellHopeless(seat, reason);
        },
      });
    });
    try {
      const loaded = seats.map((seat) => seat.answer(({ type }) => type === 'loaded' || type === 'loadFailed'));
      const { hash } = await bundle;
      const [first] = await Promise.all(loaded);
      if (first?.type === 'loadFailed') throw new UsageError(`${settings.files.join(', ')}: ${first.reason}`);
      if (first?.type !== 'loaded')
        throw new UsageError(`${settings.files.join(', ')}: its thread ${death}, while it was loaded`);
      log.debug(`user files ${settings.files.join(', ')} have the hash ${hash}`);
      pool = new Pool(choose(first.manifest, settings.userClasses), seats, listener);
      return pool;
    } catch (thrown) {
      await Promise.all(seats.map((seat) => seat.terminate()));
      throw thrown;
    }
  }

  /** Fires `init` in each thread and waits for its listeners. */
  async init(parsedOptions: ParsedOptions): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.init(parsedOptions)));
  }

  /** The users that run, over all threads; every class of the manifest is named. */
  counts(): Counts {
    const all = addCounts(this.#seats.map(({ counts }) => counts));
    return new Map(this.manifest.classes.map(({ name }) => [name, all.get(name) ?? 0]));
  }

  /** The exit code that user code asked for. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /**
   * Brings the running users to `target` (absolute; classes it does not name stay). Resolves when they run and the
   * surplus is gone, or when it took `patience` ms more than `stopTimeout` allows.
   */
  async resize(
    target: Counts,
    test: TestSettings,
    isNewTest: boolean,
    patience: number = resizeMilliseconds,
  ): Promise<void> {
    if (isNewTest) this.#measured.forgetTotals();
    const known = this.manifest.classes.flatMap(({ name }): [string, number][] =>
      target.has(name) ? [[name, target.get(name) ?? 0]] : [],
    );
    const dealt = split(
      this.#seats.map((seat) => seat.dealt),
      new Map(known),
    );
    const id = ++this.#resizes;
    const all = this.#seats.map((seat, at) => seat.resize(id, isNewTest, dealt[at] ?? new Map(), test));
    await within(Math.min(test.stopTimeout * 1000 + patience, longestTimer), Promise.all(all));
  }

  /** Stops all users; resolves when none runs. `stopTimeout` in seconds. */
  async stop(stopTimeout: number): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.stop(stopTimeout)));
  }

  /** Asks each thread for what it measured; resolves with what `reportToMaster` listeners added. */
  async report(): Promise<Readonly<Record<string, unknown>>> {
    const answers = this.#seats.map((seat) => seat.answer(({ type }) => type === 'report'));
    for (const seat of this.#seats) seat.post({ type: 'report' });
    await within(reportMilliseconds, Promise.all(answers));
    return this.#extras.splice(0).reduce(mergeExtra, {});
  }

  /** Everything measured since the last call. */
  takeStats(): StatsSnapshot {
    return this.#measured.take();
  }

  /** How hard the hardest working load thread had to work since the last call. */
  takeStrain(): Strain {
    return this.#strains.take();
  }

  /** Forgets what was measured and not yet taken. */
  resetStats(): void {
    this.takeStats();
    for (const seat of this.#seats) seat.post({ type: 'resetStats' });
  }

  sendMessage(messageType: string, data: unknown): void {
    for (const seat of this.#seats) seat.post({ type: 'message', messageType, data });
  }

  updateUserClass(name: string, attributes: ReadonlyMap<string, unknown>, tasks?: readonly string[]): void {
    for (const seat of this.#seats) {
      seat.post({ type: 'updateUserClass', name, attributes, ...(tasks === undefined ? {} : { tasks }) });
    }
  }

  setWorkerIndex(index: number): void {
    for (const seat of this.#seats) seat.post({ type: 'workerIndex', index });
  }

  /** Lets the listeners in each thread hear an event of the main thread. */
  notify(notice: Notice): void {
    for (const seat of this.#seats) seat.post({ type: 'notice', notice });
  }

  /** Asks a shape with `tick()` in the first thread, which may take its time; undefined if it ended meanwhile. */
  tick(shape: string, runTime: number, userCount: number): Promise<Report | undefined> {
    const [seat] = this.#seats;
    const id = ++this.#ticks;
    const answer = seat?.answer((report) => 'id' in report && report.type !== 'resized' && report.id === id);
    seat?.post({ type: 'tick', id, shape, runTime, userCount });
    return answer ?? Promise.resolve(undefined);
  }

  /** Fires `quitting` in each thread: there, `runner.stats` has the whole test, asked for before or not. */
  async quitting(): Promise<void> {
    for (const seat of this.#seats) seat.post({ type: 'totals', stats: this.#measured.totals });
    await this.#ask('quitting', () => ({ type: 'quitting' }));
  }

  /** Fires `quit` in each thread, then ends the threads. */
  async end(exitCode: number): Promise<void> {
    await this.#ask('ended', () => ({ type: 'end', exitCode }));
    await Promise.all(this.#seats.map((seat) => seat.terminate()));
  }

  async #ask(type: 'quitting' | 'ended', order: () => Parameters<Seat['post']>[0]): Promise<void> {
    const answers = this.#seats.map((seat) => seat.answer((report) => report.type === type));
    for (const seat of this.#seats) seat.post(order());
    await within(endMilliseconds, Promise.all(answers));
  }

  #receive(seat: Seat, report: Report): void {
    if ('stats' in report) {
      this.#measured.keep(report.stats);
      this.#listener.onMeasured?.(seat.data.thread.index, report.stats, 'strain' in report ? report.strain : undefined);
    }
    if ('counts' in report) this.#listener.onCounts?.(this.counts());
    switch (report.type) {
      case 'exception':
        return this.#listener.onException(report.message, report.traceback);
      case 'message':
        return this.#listener.onMessage(report.messageType, report.data);
      case 'quit':
        return this.#listener.onQuit(report.reason);
      case 'request':
        return this.#listener.onRequest?.(report.request);
      case 'limitReached':
        for (const each of this.#seats) each.post({ type: 'limitReached' });
        return;
      case 'ended':
        this.#exitCode ??= report.exitCode;
        return;
      case 'watchTotals':
        this.#watchers.add(seat);
        return;
      case 'stats':
        this.#strains.add(seat, report.strain);
        if (this.#watchers.has(seat)) seat.post({ type: 'totals', stats: this.#measured.totals });
        return;
      case 'report':
        this.#extras.push(report.extra);
        return;
      case 'log':
        return writeRecord(report.record);
      default:
        return;
    }
  }

  /** The web UI's Exceptions tab tells of a thread that was replaced. */
  #tellReplaced(seat: Seat, reason: string): void {
    const message = `${seat.label} ${reason.split('\n')[0]}; another one takes over its users`;
    log.error(`${seat.label} ${reason}; another one takes over its users`);
    this.#listener.onException(message, message);
  }

  #tellHopeless(seat: Seat, reason: string): void {
    this.#listener.onHopeless(`${seat.label} ${reason}; again and again, so no other one is started`);
  }
}

/** Before the pool is complete, a thread only logs. */
function receiveEarly(report: Report): void {
  if (report.type === 'log') writeRecord(report.record);
}
