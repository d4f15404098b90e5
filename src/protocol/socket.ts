import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import { Dealing } from './dealing.ts';
import { type Endpoint, resolveEndpoint } from './endpoint.ts';
import { SendQueue } from './send-queue.ts';

/** The way to a master and back, frame by frame. */
export interface Connection {
  /** Frames arrive in order. A droppable one, as a heartbeat, is of no use later: it does not wait behind another. */
  send(frame: Uint8Array, options?: { readonly droppable?: boolean }): void;
  onFrame(listener: (frame: Uint8Array) => void): void;
  /** Called when a lost connection is there again; not for one that `reconnect` asked for. */
  onReconnect(listener: () => void): void;
  /** A new transport under the same identity. Frames sent meanwhile are kept, but for droppable ones. */
  reconnect(): Promise<void>;
  /** Resolves when all that was sent is delivered, or the time has run out. Nothing can be sent any more. */
  close(lingerMilliseconds: number): Promise<void>;
}

export interface MasterSocketOptions {
  readonly host: string;
  readonly port: number;
  /** The node id of each message. */
  readonly identity: string;
  /** Told in words what went wrong and was survived. */
  readonly onTrouble?: (what: string) => void;
}

/** So long may what was sent take to get out of a transport that is to be replaced. */
const farewellMs = 200;
/**
 * A ROUTER ignores a second live connection with the same identity, for good: the master has to see the end of the old
 * one first.
 */
const pauseMs = 300;
const firstRetryMs = 100;
const lastRetryMs = 5000;

/**
 * The connection to a Locust master: a ZeroMQ DEALER, which connects at once and for ever again.
 *
 * zeromq.js allows one `send` at a time, so all frames wait in one bounded queue; none waits inside libzmq while there
 * is no connection.
 *
 * @throws UsageError for a port that is none.
 * @example
 * const socket = new MasterSocket({ host: '127.0.0.1', port: 5557, identity });
 * socket.onFrame((frame) => obey(decodeMessage(frame)));
 * socket.send(encodeMessage({ type: 'clientReady' }, identity));
 */
export class MasterSocket implements Connection {
  readonly #options: MasterSocketOptions;
  readonly #queue = new SendQueue();
  readonly #listeners: ((frame: Uint8Array) => void)[] = [];
  readonly #reconnectListeners: (() => void)[] = [];
  readonly #closed = new AbortController();
  #dealing: Dealing | undefined;
  #reconnecting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #pumping = false;
  #wasConnected = false;
  #overflowing = false;
  /** Frames that had to go because too many waited. */
  lost = 0;
  #onDrained: (() => void) | undefined;

  constructor(options: MasterSocketOptions) {
    if (!Number.isInteger(options.port) || options.port < 1 || options.port > 65535) {
      throw new UsageError(`The master's port is ${options.port}, expected a number from 1 to 65535.`);
    }
    this.#options = options;
    void this.#open();
  }

  send(frame: Uint8Array, { droppable = false }: { readonly droppable?: boolean } = {}): void {
    if (this.#closing !== undefined || (droppable && this.#reconnecting !== undefined)) return;
    const lost = this.#queue.push(frame, droppable);
    this.lost += lost;
    if (lost > 0 && !this.#overflowing) {
      this.#overflowing = true;
      this.#trouble(`the master takes no messages: ${this.#queue.size} wait, the oldest are dropped from now on`);
    }
    void this.#pump();
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#listeners.push(listener);
  }

  onReconnect(listener: () => void): void {
    this.#reconnectListeners.push(listener);
  }

  reconnect(): Promise<void> {
    this.#wasConnected = false;
    return this.#renew();
  }

  close(lingerMilliseconds: number): Promise<void> {
    this.#closing ??= this.#shut(lingerMilliseconds);
    return this.#closing;
  }

  #renew(): Promise<void> {
    this.#reconnecting ??= this.#replace().finally(() => {
      this.#reconnecting = undefined;
    });
    return this.#reconnecting;
  }

  async #replace(): Promise<void> {
    const old = this.#dealing;
    // Still looking for the name: there is nothing to replace yet.
    if (old === undefined) return;
    this.#dealing = undefined;
    this.#queue.dropStale();
    await old.close(farewellMs);
    await this.#pause(pauseMs);
    await this.#open();
  }

  async #open(): Promise<void> {
    for (let wait = firstRetryMs; !this.#closed.signal.aborted; wait = Math.min(wait * 2, lastRetryMs)) {
      const endpoint = await this.#resolve(wait === firstRetryMs);
      if (this.#closed.signal.aborted) return;
      if (endpoint !== undefined) return this.#deal(endpoint);
      await this.#pause(wait);
    }
  }

  async #resolve(loudly: boolean): Promise<Endpoint | undefined> {
    try {
      return await resolveEndpoint(this.#options.host, this.#options.port);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (loudly) this.#trouble(`the master's host '${this.#options.host}' cannot be resolved, trying on: ${reason}`);
      return undefined;
    }
  }

  #deal(endpoint: Endpoint): void {
    const dealing = new Dealing({
      endpoint,
      identity: this.#options.identity,
      retryMs: { first: firstRetryMs, last: lastRetryMs },
      onFrame: (frame) => this.#receive(frame),
      onTrouble: (what) => this.#trouble(what),
      onConnected: () => this.#connected(),
      onEnd: () => {
        if (this.#dealing === dealing && this.#closing === undefined) void this.#renew();
      },
    });
    this.#dealing = dealing;
    void this.#pump();
  }

  /** Sends from the front as long as there is a transport. A frame leaves the queue when the transport has it. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    let dealing = this.#dealing;
    for (let next = this.#queue.first; next !== undefined && dealing !== undefined; next = this.#queue.first) {
      if (await dealing.send(next.frame)) this.#queue.remove(next);
      dealing = this.#dealing;
    }
    this.#pumping = false;
    if (this.#queue.size > 0) return;
    this.#overflowing = false;
    this.#onDrained?.();
  }

  #connected(): void {
    const isBack = this.#wasConnected;
    this.#wasConnected = true;
    if (isBack) for (const listener of this.#reconnectListeners) this.#tell(listener);
  }

  #receive(frame: Uint8Array): void {
    for (const listener of this.#listeners) this.#tell(() => listener(frame));
  }

  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : error;
      this.#trouble(`an order was not carried out: ${reason}`);
    }
  }

  async #shut(lingerMilliseconds: number): Promise<void> {
    const deadline = performance.now() + lingerMilliseconds;
    this.#queue.dropStale();
    if (this.#queue.size > 0 && lingerMilliseconds > 0) {
      const drained = new Promise<void>((resolve) => {
        this.#onDrained = resolve;
      });
      const timer = new AbortController();
      await Promise.race([drained, sleep(lingerMilliseconds, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
    }
    this.#closed.abort();
    const last = this.#dealing;
    this.#dealing = undefined;
    await last?.close(Math.max(0, Math.round(deadline - performance.now())));
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#closed.signal }).catch(() => {});
  }

  #trouble(what: string): void {
    this.#options.onTrouble?.(what);
  }
}
