import { setTimeout as delay } from 'node:timers/promises';
import { log } from '../log.ts';
import type { MasterMessage, Spawn, UpdateUserClass } from '../protocol/message.ts';
import type { Connection } from '../protocol/socket.ts';
import type { Pool } from '../swarm/pool.ts';
import { sumOfCounts } from '../swarm/split.ts';
import type { ParsedOptions } from '../user/options.ts';
import { Channel } from './channel.ts';
import { unknownClasses } from './classes.ts';
import { Handshake } from './handshake.ts';
import { Link } from './link.ts';
import { camelCase, takeOptions } from './options.ts';
import { Reporter } from './reporter.ts';
import type { WorkerSettings } from './settings.ts';
import { type MasterVitals, orders, type RunnerState, wireState } from './state.ts';

/** A last word to a master that is going away must be out before it is. Seconds; it waits half a second. */
const hurriedStopTimeout = 0.3;
const lingerMilliseconds = 2000;

/** A worker in the service of a master: its orders in, users and reports out. Locust's `WorkerRunner`. */
export class WorkerRunner {
  readonly #pool: Pool;
  readonly #connection: Connection;
  readonly #channel: Channel;
  readonly #settings: WorkerSettings;
  readonly #link = new Link();
  readonly #handshake: Handshake;
  readonly #reporter: Reporter;
  readonly #ended: Promise<number>;
  #resolveEnded: (exitCode: number) => void = () => {};
  #state: RunnerState = 'connecting';
  #options: ParsedOptions;
  #stopTimeout = 0;
  #lastSpawn = 0;
  readonly #leaving = new AbortController();
  #toldProblem: string | undefined;
  #isReporting = false;
  /** Spawns and stops are carried out one at a time, in their order. */
  #orders: Promise<void> = Promise.resolve();

  constructor(pool: Pool, connection: Connection, settings: WorkerSettings) {
    this.#pool = pool;
    this.#connection = connection;
    this.#settings = settings;
    this.#options = settings.options;
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#handshake = new Handshake(settings, () => this.#channel.send({ type: 'clientReady' }, true));
    this.#reporter = new Reporter(pool, settings, {
      send: (message, isDroppable) => this.#channel.send(message, isDroppable),
      state: () => wireState(this.#state),
      isConnected: () => this.#state !== 'connecting',
      warn: (message) => this.tellException(message, message),
    });
    this.#channel = new Channel(connection, settings.clientId, (message) => this.#obey(message));
    connection.onReconnect(() => this.#link.reconnected(performance.now() / 1000));
  }

  /** How it stands with its master, for those who watch this worker. */
  get vitals(): MasterVitals {
    const { heartbeatsSent, heartbeatsReceived } = this.#reporter;
    return { state: this.#state, heartbeatsSent, heartbeatsReceived, brokenMessages: this.#channel.broken };
  }

  /** Serves the master until it, a signal or user code ends the worker; resolves with the exit code. */
  async run(): Promise<number> {
    log.info(`asking the master at ${this.#settings.master} for work`);
    const gaveUp = await this.#handshake.begin();
    if (gaveUp === undefined) return this.#ended;
    log.error(gaveUp);
    await this.#shut(1);
    return this.#ended;
  }

  /** Tells the Exceptions tab of the web UI. */
  tellException(message: string, traceback: string): void {
    this.#channel.tell({ type: 'exception', message, traceback });
  }

  /** Sends a message of user code. */
  tellMessage(messageType: string, data: unknown): void {
    this.#channel.tell({ type: 'custom', messageType, data });
  }

  /** Stops the users, delivers the last statistics, takes leave. A second call does nothing. */
  async quit(reason: string, exitCode = 0): Promise<void> {
    if (this.#state === 'quitting') return;
    const wasConnected = this.#state !== 'connecting';
    log.info(`${reason}: ending`);
    this.#state = 'quitting';
    this.#leaving.abort();
    this.#handshake.end();
    if (wasConnected && this.#stopTimeout > hurriedStopTimeout) await this.#reporter.sendStats();
    await this.#pool.stop(this.#stopTimeout);
    if (wasConnected) await this.#reporter.sendStats();
    await this.#pool.quitting();
    // Not acknowledged yet, too: a master that has its `client_ready` would miss it for a minute.
    this.#channel.send({ type: 'quit' }, !wasConnected);
    await this.#shut(exitCode);
  }

  async #shut(exitCode: number): Promise<void> {
    this.#state = 'quitting';
    this.#reporter.end();
    await this.#pool.end(exitCode);
    await this.#connection.close(lingerMilliseconds);
    this.#resolveEnded(this.#pool.exitCode ?? exitCode);
  }

  #obey(message: MasterMessage): void {
    if (!orders[this.#state].includes(message.type)) {
      log.debug(`the master's ${message.type} was dropped: it is no order for a worker that is ${this.#state}`);
      return;
    }
    switch (message.type) {
      case 'ack':
        return this.#acknowledged(message.index);
      case 'heartbeat':
        this.#link.answered(performance.now() / 1000);
        this.#reporter.masterAnswers();
        return this.#pool.notify({ name: 'heartbeatReceived', timestamp: Date.now() / 1000 });
      case 'reconnect':
        log.warning('the master could not read a message and asks for a new connection');
        return this.#channel.reconnect();
      case 'custom':
        return this.#pool.sendMessage(message.messageType, message.data);
      case 'quit':
        return void this.quit('the master said quit');
      case 'spawningComplete':
        if (this.#settings.resetStats) this.#pool.resetStats();
        return this.#pool.notify({ name: 'spawningComplete', userCount: message.userCount });
      case 'updateUserClass':
        return this.#inOrder(async () => this.#update(message));
      case 'spawn':
        return this.#inOrder(async () => this.#spawn(message));
      case 'stop':
        return this.#inOrder(async () => this.#stop());
    }
  }

  #inOrder(work: () => Promise<void>): void {
    this.#orders = this.#orders
      .then(async () => {
        if (this.#state !== 'quitting') await work();
      })
      .catch((thrown: unknown) => log.error(`an order of the master failed: ${(thrown as Error).stack}`));
  }

  #acknowledged(index: number): void {
    this.#pool.setWorkerIndex(index);
    this.#link.acknowledged(performance.now() / 1000);
    this.#handshake.acknowledged();
    if (this.#state !== 'connecting') return;
    this.#state = 'ready';
    log.info(
      `the master at ${this.#settings.master} has taken this worker${index >= 0 ? `, its number ${index}` : ''}`,
    );
    this.#pool.notify({ name: 'workerConnect', timestamp: Date.now() / 1000 });
    if (!this.#isReporting) this.#reporter.begin(() => this.#watchMaster());
    this.#isReporting = true;
    this.#channel.release();
  }

  /** Each second: a master that has forgotten this worker is asked anew, and until it answers no user runs. */
  #watchMaster(): void {
    if (this.#state === 'connecting' || this.#state === 'stopping' || this.#state === 'quitting') return;
    const reason = this.#link.lost(performance.now() / 1000, sumOfCounts(this.#pool.counts()) > 0);
    if (reason === undefined) return;
    log.warning(`${reason}; stopping the users and asking for work again`);
    this.#state = 'connecting';
    this.#channel.hold();
    this.#lastSpawn = 0;
    this.#inOrder(async () => {
      await this.#pool.stop(this.#stopTimeout);
      // Harmless to a master that has forgotten; one that has not must let go of the old record first.
      this.#channel.send({ type: 'clientStopped' });
      await this.#handshake.begin();
    });
  }

  async #spawn(spawn: Spawn): Promise<void> {
    if (this.#state === 'connecting') return;
    this.#channel.send({ type: 'spawning' });
    if (spawn.timestamp <= this.#lastSpawn) {
      log.info('a spawn order that is older than the last one was discarded');
      return;
    }
    this.#lastSpawn = spawn.timestamp;
    this.#options = takeOptions(this.#options, spawn.parsedOptions, this.#settings.options);
    this.#stopTimeout = spawn.stopTimeout;
    const isNewTest = this.#state !== 'running' && this.#state !== 'spawning';
    if (isNewTest) this.#reporter.beginTest();
    this.#state = 'spawning';
    this.#tellUnknown(spawn);
    // Not waited for: a newer order or a stop may come while users are being stopped.
    void this.#resize(spawn, isNewTest);
  }

  async #resize({ timestamp, userClassesCount, host, stopTimeout }: Spawn, isNewTest: boolean): Promise<void> {
    await this.#pool.resize(userClassesCount, { host, stopTimeout, parsedOptions: this.#options }, isNewTest);
    if (timestamp !== this.#lastSpawn || this.#state !== 'spawning') return;
    const counts = this.#pool.counts();
    this.#channel.send({ type: 'spawningComplete', userClassesCount: counts, userCount: sumOfCounts(counts) });
    this.#state = 'running';
  }

  /** A class that the master has and the user file has not: said once, and the others run. */
  #tellUnknown(spawn: Spawn): void {
    const problem = unknownClasses(spawn.userClassesCount, this.#classNames());
    if (problem === undefined || problem === this.#toldProblem) return;
    this.#toldProblem = problem;
    log.error(problem);
    this.tellException(problem, problem);
  }

  #classNames(): string[] {
    return this.#pool.manifest.classes.map(({ name }) => name);
  }

  #update({ userClassName, attributes, tasks }: UpdateUserClass): void {
    const known = this.#classNames();
    if (!known.includes(userClassName)) {
      log.error(`the master edits the class ${userClassName}, which this worker has not; it has ${known.join(', ')}`);
      return;
    }
    const named = new Map([...attributes].map(([name, value]) => [camelCase(name), value]));
    this.#pool.updateUserClass(userClassName, named, tasks);
  }

  async #stop(): Promise<void> {
    const wasConnected = this.#state !== 'connecting';
    if (wasConnected) this.#state = 'stopping';
    await this.#pool.stop(this.#stopTimeout);
    if (!wasConnected || this.#isQuitting) return;
    await this.#reporter.sendStats();
    this.#channel.send({ type: 'clientStopped' });
    // Python's worker waits here too: the master collects what the slower workers still report.
    const wait = (this.#stopTimeout + this.#settings.additionalWait) * 1000;
    await delay(wait, undefined, { signal: this.#leaving.signal }).catch(() => {});
    if (this.#isQuitting) return;
    this.#state = 'ready';
    await this.#handshake.begin();
  }

  get #isQuitting(): boolean {
    return this.#state === 'quitting';
  }
}
