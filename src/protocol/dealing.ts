import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer } from 'zeromq';
import type { Endpoint } from './endpoint.ts';

export interface DealingOptions {
  readonly endpoint: Endpoint;
  readonly identity: string;
  readonly retryMs: { readonly first: number; readonly last: number };
  readonly onFrame: (frame: Uint8Array) => void;
  readonly onTrouble: (what: string) => void;
  /** The master is there: at first, and after each loss of the connection. */
  readonly onConnected: () => void;
  /** libzmq has given up: it will not connect again. */
  readonly onEnd: () => void;
}

/** Above the limit of the codec, which drops a frame alone; libzmq drops the connection with it. */
const maxMessageSize = 80 * 1024 * 1024;
/** A connection attempt to an address that no longer exists has to end before the name is resolved again. */
const connectTimeout = 5000;
/** libzmq says that it will retry in the moment in which it loses a connection. */
const retryNoticeMs = 500;

/** One DEALER, from its connect to the end of its TCP connection. */
export class Dealing {
  readonly #options: DealingOptions;
  readonly #dealer: Dealer;
  readonly #ended: Promise<void>;
  #giveUp: NodeJS.Timeout | undefined;
  #connected = false;
  #onConnection: ((connected: boolean) => void) | undefined;

  constructor(options: DealingOptions) {
    const { endpoint, identity, retryMs } = options;
    this.#options = options;
    this.#dealer = new Dealer({
      routingId: identity,
      ipv6: endpoint.ipv6,
      tcpKeepalive: 1,
      tcpKeepaliveIdle: 30,
      // Queue nothing in libzmq that has no connection: stale heartbeats would pile up there.
      immediate: true,
      sendHighWaterMark: 8,
      receiveHighWaterMark: 10_000,
      maxMessageSize,
      connectTimeout,
      reconnectInterval: retryMs.first,
      reconnectMaxInterval: retryMs.last,
      // A process that ends without a farewell must not hang in libzmq.
      linger: 0,
    });
    this.#ended = this.#watch();
    this.#dealer.connect(endpoint.address);
    void this.#receive();
  }

  /**
   * Waits for a handshake: libzmq would send to anything that says a few bytes, taking it for a peer of ZMTP 1.0.
   *
   * @returns whether libzmq has taken the frame; never while there is no connection, false once closed.
   */
  async send(frame: Uint8Array): Promise<boolean> {
    if (!(await this.#connection())) return false;
    try {
      await this.#dealer.send(frame);
      return true;
    } catch (error) {
      if (this.#dealer.closed) return false;
      this.#options.onTrouble(`a message could not be sent and is lost: ${reasonOf(error)}`);
      return true;
    }
  }

  /** Resolves when libzmq has delivered what it took and closed the TCP connection, or the time has run out. */
  async close(lingerMilliseconds: number): Promise<void> {
    clearTimeout(this.#giveUp);
    this.#onConnection?.(false);
    if (this.#dealer.closed) return this.#ended;
    this.#dealer.linger = lingerMilliseconds;
    this.#dealer.close();
    const timer = new AbortController();
    const patience = sleep(lingerMilliseconds + 500, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([this.#ended, patience]);
    timer.abort();
  }

  async #connection(): Promise<boolean> {
    if (this.#connected || this.#dealer.closed) return this.#connected;
    return new Promise((resolve) => {
      this.#onConnection = resolve;
    });
  }

  async #receive(): Promise<void> {
    try {
      for await (const parts of this.#dealer) {
        const [frame] = parts;
        if (parts.length === 1 && frame !== undefined) this.#options.onFrame(frame);
        else this.#options.onTrouble(`a message of ${parts.length} parts was dropped, the master sends one`);
      }
    } catch (error) {
      if (this.#dealer.closed) return;
      this.#options.onTrouble(`receiving failed: ${reasonOf(error)}`);
      this.#options.onEnd();
    }
  }

  /**
   * After a breach of ZeroMQ's protocol, a message over the limit too, libzmq closes the connection and never says
   * that it will not open it again: then there is a `disconnect` that no `connect:retry` follows.
   */
  async #watch(): Promise<void> {
    const { address } = this.#options.endpoint;
    let strange = false;
    for await (const { type } of this.#dealer.events) {
      if (type === 'disconnect') {
        if (this.#connected) this.#options.onTrouble(`the connection to ${address} is lost, trying again`);
        this.#connected = false;
        clearTimeout(this.#giveUp);
        if (!this.#dealer.closed) this.#giveUp = setTimeout(() => this.#options.onEnd(), retryNoticeMs);
      } else if (type === 'connect:retry' || type === 'connect') {
        clearTimeout(this.#giveUp);
      } else if (type === 'handshake') {
        this.#connected = true;
        this.#onConnection?.(true);
        strange = false;
        this.#options.onConnected();
      } else if (type.startsWith('handshake:error') && !strange) {
        strange = true;
        this.#options.onTrouble(`what listens at ${address} does not answer as a master does, trying again`);
      }
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
