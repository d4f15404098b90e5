import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client, type Subscription } from 'aedes';
import { generate, type Packet } from 'mqtt-packet';
import type { DevicePlatform } from '../../devices/platform.ts';
import { toError } from '../../errors.ts';
import { log } from '../../log.ts';
import type { Counters } from './counters.ts';
import type { EventsTopic } from './events-topic.ts';
import type { Credentials, Guard } from './guard.ts';
import { type ReasonCode, reasonCode } from './mqtt5-packets.ts';
import { Mqtt5Stream } from './mqtt5-stream.ts';
import { type ProtocolLevel, readProtocolLevel } from './protocol-level.ts';
import { quoted, Refusal } from './refusal.ts';
import { answerTopic, TopicRights } from './rights.ts';
import { Session } from './session.ts';

/** A payload that a device published for the application. */
export type OnPayload = (device: string, payload: Buffer) => void;

/** The embedded broker: lets in whom the guard lets in, and each device to its own topics only. */
export class DeviceBroker {
  readonly #platform: DevicePlatform;
  readonly #guard: Guard;
  readonly #events: EventsTopic;
  readonly #counters: Counters;
  readonly #onPayload: OnPayload;
  readonly #aedes: Aedes;
  readonly #sessions = new WeakMap<Client, Session>();
  /** Of those who are connected. */
  readonly #byDevice = new Map<string, Session>();
  #answers = 0;

  constructor(platform: DevicePlatform, guard: Guard, events: EventsTopic, counters: Counters, onPayload: OnPayload) {
    this.#platform = platform;
    this.#guard = guard;
    this.#events = events;
    this.#counters = counters;
    this.#onPayload = onPayload;
    this.#aedes = new Aedes({
      authenticate: (client, username, password, done) => this.#authenticate(client, username, password, done),
      authorizePublish: (client, packet, done) => done(client === null ? null : this.#publishing(client, packet)),
      authorizeSubscribe: (client, wanted, done) => done(null, this.#subscribing(client, wanted)),
      // aedes keeps refused subscriptions of a session, too, if others beside them were granted.
      authorizeForward: (client, packet) =>
        this.#sessions.get(client)?.rights.mayReceive(packet.topic) === true ? packet : null,
      published: (packet, client, done) => {
        this.#take(packet, client);
        done();
      },
    });
    this.#aedes.on('clientReady', (client) => this.#connected(client));
    this.#aedes.on('clientDisconnect', (client) => this.#disconnected(client));
    this.#aedes.on('unsubscribe', (filters, client) => {
      for (const filter of filters) this.#sessions.get(client)?.filters.delete(filter);
    });
    this.#aedes.on('clientError', (client, error) => log.debug(`connection of ${client.id}: ${error.message}`));
    this.#aedes.on('connectionError', (_, error) => log.debug(`a connection before its login: ${error.message}`));
    // Its types do not know this event, which without a listener would be thrown.
    (this.#aedes as EventEmitter).on('error', (error: Error) => log.error(`the broker: ${error.message}`));
  }

  listen(): Promise<void> {
    return this.#aedes.listen();
  }

  /** A connection of a client, on whatever way it came. */
  accept(stream: Duplex, request?: IncomingMessage): void {
    const { protocolVersions } = this.#platform;
    readProtocolLevel(stream, (level) => {
      if (!protocolVersions.includes(level === 5 ? 5 : 4)) this.#refuseVersion(stream, level);
      else this.#aedes.handle(level === 5 ? new Mqtt5Stream(stream) : stream, request);
    });
  }

  /** Sends an answer to a device; resolves when all who subscribed to it have been written to. */
  answer(device: string, payload: Buffer): Promise<void> {
    const topic = answerTopic(this.#platform, { device }, ++this.#answers);
    const packet = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false } as const;
    return new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(error) : resolve());
      if (this.#events.filter !== undefined) {
        this.#aedes.publish(packet, done);
        return;
      }
      // The topic is the same for all devices, so that only the connection says whose answer it is.
      const session = this.#byDevice.get(device);
      if (session === undefined) reject(new Error('it is not connected'));
      else if (session.filters.size === 0) reject(new Error('it has not subscribed'));
      else session.client.publish(packet, done);
    });
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#aedes.close(resolve));
  }

  /** In the words of its own version. */
  #refuseVersion(stream: Duplex, level: ProtocolLevel): void {
    this.#counters.refuse('protocol version');
    log.warning(`refused a client of MQTT ${level === 5 ? '5' : '3'}: the platform does not speak it`);
    const connack = { cmd: 'connack', sessionPresent: false, returnCode: 1, reasonCode: reasonCode.unsupportedVersion };
    stream.on('error', () => {});
    stream.end(generate(connack as Packet, { protocolVersion: level }));
  }

  #authenticate(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    const { conn } = client;
    const said =
      conn instanceof Mqtt5Stream
        ? conn.credentials
        : { clientId: client.id, username, password: password?.toString() };
    try {
      const admission = this.#guard.admit({ ...said, ...certificateOf(client) });
      const rights = new TopicRights(this.#platform, admission.values);
      const session = new Session(client, admission, rights, () => this.#expired(session));
      this.#sessions.set(client, session);
      if (conn instanceof Mqtt5Stream) conn.onReauthenticate = (token) => this.#renew(session, token);
      this.#takeOver(session);
      done(null, true);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) log.error(`${quoted(client.id)}: ${toError(thrown).message}`);
      const refusal = thrown instanceof Refusal ? thrown : new Refusal('unknown device', 'the broker failed');
      this.#counters.refuse(refusal.reason);
      if (conn instanceof Mqtt5Stream) conn.farewell = refusal.reasonCode;
      log.warning(`refused ${quoted(client.id)}: ${refusal.message}`);
      done(Object.assign(new Error('refused'), { returnCode: refusal.returnCode }), null);
    }
  }

  #connected(client: Client): void {
    const session = this.#sessions.get(client);
    if (session === undefined) return;
    this.#counters.connects++;
    this.#byDevice.set(session.device, session);
  }

  #disconnected(client: Client): void {
    const session = this.#sessions.get(client);
    session?.close();
    if (session !== undefined && this.#byDevice.get(session.device) === session) this.#byDevice.delete(session.device);
  }

  /** The broker ends an older connection of the same client (MQTT 3.1.1, 3.1.4-2). */
  #takeOver({ device, client }: Session): void {
    const older = this.#byDevice.get(device);
    if (older === undefined || older.client.id !== client.id) return;
    this.#ends(older, 'taken over', 'another connection has taken its place', reasonCode.takenOver);
  }

  #expired(session: Session): void {
    if (session.client.closed) return;
    this.#ends(session, 'expired', 'its token has expired', reasonCode.notAuthorized);
    session.client.close();
  }

  #renew(session: Session, token: string): void {
    try {
      session.renew(this.#guard.renew(session.admission, token));
      this.#counters.renewals++;
    } catch (thrown) {
      this.#ends(session, 'renewal', toError(thrown).message, reasonCode.notAuthorized);
      throw thrown;
    }
  }

  #ends({ device, client }: Session, reason: string, text: string, code: ReasonCode): void {
    if (client.conn instanceof Mqtt5Stream) client.conn.farewell = code;
    this.#counters.close(reason);
    log.warning(`closed ${quoted(device)}: ${text}`);
  }

  /** An error ends the connection, as MQTT 3.1.1 has no other way to say no to a payload. */
  #publishing(client: Client, { topic, qos }: { readonly topic: string; readonly qos: number }): Error | null {
    const { maxQos } = this.#platform;
    const session = this.#sessions.get(client);
    if (session === undefined) return new Error('not admitted');
    const isForeign = !session.rights.mayPublish(topic);
    if (!isForeign && qos <= maxQos) return null;
    // The last will of a connection that is gone: nothing is left to close.
    if (client.closed) return new Error('not allowed');
    const fault = isForeign ? `to ${quoted(topic)}, which is not its own` : `with QoS ${qos}; ${maxQos} is the highest`;
    const reason = isForeign ? 'foreign topic' : 'quality of service';
    this.#ends(session, reason, `it published ${fault}`, reasonCode.notAuthorized);
    return new Error('not allowed');
  }

  /** Null is answered with 0x80. */
  #subscribing(client: Client, wanted: Subscription): Subscription | null {
    const session = this.#sessions.get(client);
    const mayHave = session?.rights.maySubscribe(wanted.topic) === true && wanted.qos <= this.#platform.maxQos;
    if (mayHave) {
      session.filters.add(wanted.topic);
      return wanted;
    }
    log.warning(`${quoted(session?.device ?? '')} may not subscribe to ${quoted(wanted.topic)} with QoS ${wanted.qos}`);
    return null;
  }

  #take({ topic, payload }: AedesPublishPacket, client: Client | null): void {
    const session = client === null ? undefined : this.#sessions.get(client);
    if (session === undefined) return;
    // Where anybody may publish anything, the topic says whose events these are.
    const device = topic === session.rights.events ? session.device : this.#events.deviceOf(topic);
    if (device !== undefined) this.#onPayload(device, Buffer.isBuffer(payload) ? payload : Buffer.from(payload));
  }
}

function certificateOf({ conn, req }: Client): Pick<Credentials, 'certificateKey'> {
  const socket = req?.socket ?? (conn instanceof Mqtt5Stream ? conn.raw : conn);
  if (!(socket instanceof TLSSocket)) return {};
  return { certificateKey: socket.getPeerX509Certificate()?.publicKey };
}
