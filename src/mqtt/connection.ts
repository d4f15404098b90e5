import type { Duplex } from 'node:stream';
import type {
  IClientOptions,
  IClientPublishOptions,
  IClientSubscribeOptions,
  IConnackPacket,
  IPublishPacket,
  MqttClient,
  Packet,
} from 'mqtt';
import type { Login } from '../devices/login.ts';
import type { Exchange } from './exchange.ts';
import { reasonText, troubleText } from './failure.ts';
import { mqtt } from './library.ts';
import type { Operation, Place } from './operation.ts';

/** Why a connection is no more. */
export interface Ending {
  readonly text: string;
  /** MQTT's code of a refusal or of the broker's DISCONNECT; 0 if it did not say. */
  readonly reasonCode: number;
}

export interface ConnectionListener {
  /** CONNACK has come. */
  onOpen?(connection: Connection, isSessionPresent: boolean): void;
  /** It has not come, or the connection is lost. Not called after `close` or `destroy`. */
  onLost(connection: Connection, ending: Ending): void;
  onMessage(connection: Connection, topic: string, payload: Buffer, packet: IPublishPacket): void;
}

/** The listener of a connection that is not looked after any more. */
const nobody: ConnectionListener = { onLost: ignore, onMessage: ignore };
const none: readonly Exchange[] = [];
const closedByBroker = 'closed by the broker';
/** How long the broker may take to close its end after DISCONNECT. */
const graceMilliseconds = 1000;
const reAuthenticate = 0x19;

/** One connection to a broker: one client of mqtt.js, which never connects a second time. */
export class Connection implements Place {
  /** Those that wait for an answer, in the order of their beginning. */
  exchanges: readonly Exchange[] = none;
  readonly #client: MqttClient;
  #listener: ConnectionListener;
  #stream: Duplex | undefined = undefined;
  #operations: Set<Operation> | undefined = undefined;
  #trouble: Ending | undefined = undefined;
  #onIdle: (() => void) | undefined = undefined;
  #onRefused: ((text: string) => void) | undefined = undefined;
  #onClosed: (() => void) | undefined = undefined;
  #isClosed = false;

  /** Connects at once. `open` may throw. */
  constructor(options: IClientOptions, open: () => Duplex, listener: ConnectionListener) {
    this.#listener = listener;
    const { MqttClient } = mqtt();
    this.#client = new MqttClient(() => {
      const stream = open();
      stream.on('error', this.#note);
      this.#stream = stream;
      return stream;
    }, options);
    this.#client
      .on('connect', this.#onConnect)
      .on('message', this.#onMessage)
      .on('disconnect', ({ reasonCode = 0 }) => this.#giveUp({ text: reasonText(reasonCode), reasonCode }))
      .on('error', (error) => this.#giveUp(endingOf(error)))
      .on('close', this.#onClose);
  }

  handTo(listener: ConnectionListener): void {
    this.#listener = listener;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isIdle(): boolean {
    return this.exchanges.length === 0 && (this.#operations === undefined || this.#operations.size === 0);
  }

  /** Resolves when nothing is in flight, or after so many milliseconds, or when it is lost. */
  untilIdle(milliseconds: number): Promise<void> {
    if (this.isIdle || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#onIdle = undefined;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#onIdle = end;
    });
  }

  add(operation: Operation): void {
    operation.place = this;
    this.#operations ??= new Set();
    this.#operations.add(operation);
  }

  addExchange(exchange: Exchange): void {
    exchange.place = this;
    this.exchanges = this.exchanges.length === 0 ? [exchange] : [...this.exchanges, exchange];
  }

  remove(operation: Operation): void {
    if (this.#operations?.delete(operation) !== true) {
      this.exchanges = this.exchanges.length <= 1 ? none : this.exchanges.filter((other) => other !== operation);
    }
    if (this.#onIdle !== undefined && this.isIdle) this.#onIdle();
  }

  lateText(seconds: number): string {
    return `timeout after ${seconds} s`;
  }

  /** Returns the id under which its acknowledgement is awaited; of QoS 0 it says nothing. */
  publish(
    topic: string,
    payload: string | Buffer,
    options: IClientPublishOptions,
    done: (error?: Error | null) => void,
  ): number {
    this.#client.publish(topic, payload, options, done);
    return this.#client.getLastMessageId();
  }

  subscribe(
    topic: string,
    options: IClientSubscribeOptions,
    done: (error: Error | null, packet: Packet | undefined) => void,
  ): number {
    this.#client.subscribe(topic, options, (error, _granted, packet) => done(error, packet));
    return this.#client.getLastMessageId();
  }

  unsubscribe(topic: string, done: (error: Error | null | undefined, packet: Packet | undefined) => void): number {
    this.#client.unsubscribe(topic, done);
    return this.#client.getLastMessageId();
  }

  /** Its acknowledgement is not waited for any more. */
  forget(messageId: number): void {
    this.#client.removeOutgoingMessage(messageId);
  }

  /** MQTT 5: logs in anew on the same connection. The text of the failure, undefined if it was taken. */
  reauthenticate(
    { authenticationMethod, authenticationData }: Login,
    milliseconds: number,
  ): Promise<string | undefined> {
    return new Promise((resolve) => {
      const end = (failure: string | undefined): void => {
        clearTimeout(timer);
        this.#onRefused = undefined;
        this.#client.handleAuth = (_packet, done) => done();
        resolve(failure);
      };
      const timer = setTimeout(end, milliseconds, `timeout after ${milliseconds / 1000} s`);
      // A refusal is a DISCONNECT; the listener need not know of it.
      this.#onRefused = end;
      this.#client.handleAuth = (packet, done) => {
        done();
        if (packet.reasonCode === 0) end(undefined);
      };
      const properties = {
        ...(authenticationMethod === undefined ? {} : { authenticationMethod }),
        ...(authenticationData === undefined ? {} : { authenticationData: Buffer.from(authenticationData) }),
      };
      // mqtt.js has no public way to send an AUTH.
      const sender = this.#client as unknown as { _sendPacket(packet: Packet): void };
      sender._sendPacket({ cmd: 'auth', reasonCode: reAuthenticate, properties } as Packet);
    });
  }

  /**
   * Ends what is in flight with `failure`, or as the user's end. Publishing comes first: an exchange whose message may
   * not have been sent is no second failure.
   */
  endAll(failure: string | undefined): void {
    for (const operation of [...(this.#operations ?? []), ...this.exchanges]) {
      if (failure === undefined) operation.stop();
      else operation.fail(failure);
    }
  }

  /** DISCONNECT, and the end; resolves when the socket is closed. What is in flight must have ended. */
  close(): Promise<void> {
    this.#listener = nobody;
    if (this.#isClosed) return Promise.resolve();
    for (const messageId of Object.keys(this.#client.outgoing)) this.forget(Number(messageId));
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.destroy(), graceMilliseconds);
      this.#onClosed = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#client.end();
    });
  }

  /** The socket is closed without a word. */
  destroy(): void {
    this.#listener = nobody;
    this.#client.end(true);
    this.#stream?.destroy();
  }

  readonly #onConnect = (packet: IConnackPacket): void => {
    if (!this.#isClosed) this.#listener.onOpen?.(this, packet.sessionPresent);
  };

  readonly #onMessage = (topic: string, payload: Buffer, packet: IPublishPacket): void => {
    this.#listener.onMessage(this, topic, payload, packet);
  };

  readonly #note = (error: unknown): void => {
    this.#trouble ??= endingOf(error);
  };

  /** mqtt.js goes on after some errors, and brokers may leave a connection open after DISCONNECT. */
  #giveUp(ending: Ending): void {
    this.#trouble ??= ending;
    this.#stream?.destroy();
  }

  readonly #onClose = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const ending = this.#trouble ?? { text: closedByBroker, reasonCode: 0 };
    const listener = this.#listener;
    this.#listener = nobody;
    this.#onClosed?.();
    this.#onIdle?.();
    if (this.#onRefused === undefined) listener.onLost(this, ending);
    else this.#onRefused(ending.text);
  };
}

/** What an error says. */
export function endingOf(error: unknown): Ending {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'number') return { text: reasonText(code), reasonCode: code };
  return { text: troubleText(error), reasonCode: 0 };
}

function ignore(): void {}
