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
import { reasonText, troubleText } from './failure.ts';
import { gatherNext } from './gathering.ts';
import { InFlight } from './in-flight.ts';
import { mqtt } from './library.ts';
import { mostBytes, publishPacket } from './publish-packet.ts';

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
const closedByBroker = 'closed by the broker';
/** How long the broker may take to close its end after DISCONNECT. */
const graceMilliseconds = 1000;
const reAuthenticate = 0x19;

/** One connection to a broker: one client of mqtt.js, which never connects a second time. */
export class Connection {
  readonly inFlight: InFlight = new InFlight();
  readonly #client: MqttClient;
  readonly #version: 4 | 5;
  #listener: ConnectionListener;
  #stream: Duplex | undefined = undefined;
  #trouble: Ending | undefined = undefined;
  #onRefused: ((text: string) => void) | undefined = undefined;
  #onClosed: (() => void) | undefined = undefined;
  #isClosed = false;

  /** Connects at once. `open` may throw. */
  constructor(options: IClientOptions, open: () => Duplex, listener: ConnectionListener) {
    this.#listener = listener;
    this.#version = options.protocolVersion === 5 ? 5 : 4;
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

  /**
   * The hot path, past all that mqtt.js makes for each message: false if it must take the long way, for it is large, has
   * properties, or the socket is full.
   */
  send(topic: string, payload: string | Buffer, options: IClientPublishOptions, messageId = 0): boolean {
    const stream = this.#stream;
    const isShort = options.properties === undefined && payload.length <= mostBytes;
    if (!isShort || stream === undefined || !stream.writable || stream.writableNeedDrain) return false;
    gatherNext(stream);
    stream.write(publishPacket(topic, payload, options, messageId, this.#version));
    return true;
  }

  /** Returns the id under which its acknowledgement is awaited; of QoS 0 it says nothing. */
  publish(
    topic: string,
    payload: string | Buffer,
    options: IClientPublishOptions,
    done: (error?: Error | null) => void,
  ): number {
    const client = this.#client;
    if (options.qos !== 0) {
      const messageId = client.messageIdProvider.allocate();
      if (messageId !== null && this.send(topic, payload, options, messageId)) {
        client.outgoing[messageId] = { volatile: true, cmd: 'publish', cb: done };
        return messageId;
      }
    }
    client.publish(topic, payload, options, done);
    return client.getLastMessageId() ?? 0;
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
    this.inFlight.stopWaiting();
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
