import { randomUUID } from 'node:crypto';
import { Duplex } from 'node:stream';
import { generate, type IAuthPacket, type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import type { Credentials } from './guard.ts';
import { newPacket, oldConnect, oldPacket, type ReasonCode, reasonCode } from './mqtt5-packets.ts';

/** A fresh token on a connection (AUTH, reason 0x19). Throws if it is not taken. */
export type OnReauthenticate = (token: string) => void;

/** Milliseconds for the last packet to be taken by a client. */
const farewellTime = 1000;

/**
 * Lets a client of MQTT 5 speak with a broker of 3.1.1: packets are translated, properties are dropped. Authentication data
 * and reason codes, which 3.1.1 has not, go beside the broker.
 */
export class Mqtt5Stream extends Duplex {
  /** What came below it. */
  readonly raw: Duplex;
  /** Set with the CONNECT. */
  credentials: Credentials = { clientId: '', username: undefined, password: undefined };
  /** Why the connection ends, or is not made; said to the client. */
  farewell: ReasonCode | undefined;
  onReauthenticate: OnReauthenticate | undefined;
  readonly #fromClient = parser();
  readonly #fromBroker = parser({ protocolVersion: 4 });
  readonly #unsubscribing = new Map<number, number>();
  #method: string | undefined;
  #assigned: string | undefined;
  /** CONNECT has come. */
  #isAsking = false;
  #isConnected = false;

  constructor(raw: Duplex) {
    super();
    this.raw = raw;
    this.#fromClient.on('packet', (packet) => this.#toBroker(packet));
    this.#fromBroker.on('packet', (packet) => this.#toClient(packet));
    for (const side of [this.#fromClient, this.#fromBroker]) side.on('error', (error: Error) => this.destroy(error));
    raw.on('data', (chunk: Buffer) => this.#fromClient.parse(chunk));
    raw.on('end', () => this.push(null));
    raw.on('error', (error) => this.destroy(error));
    raw.on('close', () => this.destroy());
  }

  override _read(): void {
    this.raw.resume();
  }

  override _write(chunk: Buffer, _: unknown, done: () => void): void {
    this.#fromBroker.parse(chunk);
    if (this.raw.writableNeedDrain && !this.raw.destroyed) this.raw.once('drain', done);
    else done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#isConnected && this.farewell !== undefined) this.#send({ cmd: 'disconnect', reasonCode: this.farewell });
    this.raw.end();
    setTimeout(() => this.raw.destroy(), farewellTime).unref();
    done(error);
  }

  #toBroker(packet: Packet): void {
    if (this.destroyed) return;
    // A second one (MQTT 5, 3.1) might come before the broker looks at the first, and would say who that is.
    if (packet.cmd === 'connect' && this.#isAsking) this.#end(reasonCode.protocolError);
    else if (packet.cmd === 'connect') this.#connect(packet);
    else if (packet.cmd === 'auth') this.#reauthenticate(packet);
    else if (packet.cmd === 'disconnect') this.#disconnect(packet.reasonCode ?? 0);
    else {
      if (packet.cmd === 'unsubscribe') this.#unsubscribing.set(packet.messageId ?? 0, packet.unsubscriptions.length);
      const old = oldPacket(packet);
      if (old === undefined) this.#end(reasonCode.protocolError);
      else if (!this.push(generate(old))) this.raw.pause();
    }
  }

  #connect(packet: IConnectPacket): void {
    const { username, password, properties = {} } = packet;
    this.#isAsking = true;
    this.#method = properties.authenticationMethod;
    if (packet.clientId === '') this.#assigned = randomUUID();
    const clientId = this.#assigned ?? packet.clientId;
    this.credentials = {
      clientId,
      username,
      password: password?.toString(),
      authenticationMethod: this.#method,
      authenticationData: properties.authenticationData?.toString(),
    };
    this.push(generate(oldConnect(packet, clientId)));
  }

  /** MQTT 5, 4.12.1: the connection goes on, with a fresh token. */
  #reauthenticate({ reasonCode: reason, properties = {} }: IAuthPacket): void {
    const { authenticationMethod, authenticationData } = properties;
    if (reason !== 0x19 || !this.#isConnected || authenticationMethod === undefined) {
      this.#end(reasonCode.protocolError);
      return;
    }
    if (authenticationMethod !== this.#method) {
      this.#end(reasonCode.badAuthenticationMethod);
      return;
    }
    try {
      this.onReauthenticate?.(authenticationData?.toString() ?? '');
      this.#send({ cmd: 'auth', reasonCode: 0, properties: { authenticationMethod } });
    } catch {
      this.#end(reasonCode.notAuthorized);
    }
  }

  /** With another reason than 0 the last will is to be sent (3.14.4), which the broker does where it hears no DISCONNECT. */
  #disconnect(reason: number): void {
    if (reason === 0) this.push(generate({ cmd: 'disconnect' }));
    else this.destroy();
  }

  #end(reason: ReasonCode): void {
    this.farewell = reason;
    this.destroy();
  }

  #toClient(packet: Packet): void {
    if (packet.cmd === 'connack' && (packet.returnCode ?? 0) === 0) this.#isConnected = true;
    const own = {
      ...(this.#assigned === undefined ? {} : { assignedClientIdentifier: this.#assigned }),
      ...(this.#method === undefined ? {} : { authenticationMethod: this.#method }),
    };
    const translated = newPacket(packet, (id) => this.#unsubscribing.get(id) ?? 1, own);
    if (packet.cmd === 'unsuback') this.#unsubscribing.delete(packet.messageId ?? 0);
    // Why it is refused may be known better than 3.1.1 can say it.
    const isRefusal = translated.cmd === 'connack' && translated.reasonCode !== 0;
    if (isRefusal && this.farewell !== undefined) this.#send({ ...translated, reasonCode: this.farewell });
    else this.#send(translated);
  }

  #send(packet: Packet): void {
    if (this.raw.writable) this.raw.write(generate(packet, { protocolVersion: 5 }));
  }
}
