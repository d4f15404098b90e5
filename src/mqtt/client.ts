import { randomBytes } from 'node:crypto';
import { DeviceLogin } from '../devices/login.ts';
import type { DeviceTopics } from '../devices/platform.ts';
import { UsageError } from '../errors.ts';
import type { ConnectedUser } from './dialer.ts';
import { Exchange, type Question } from './exchange.ts';
import type { MessageListener } from './inbox.ts';
import { Link } from './link.ts';
import type { Qos } from './message.ts';
import { Names } from './names.ts';
import {
  checkOptions,
  type ExchangeOptions,
  type PublishOptions,
  type SubscribeOptions,
  type UnsubscribeOptions,
} from './options.ts';
import { Publishing } from './publishing.ts';
import type { MqttResponse } from './response.ts';
import type { MqttSettings } from './settings.ts';
import { Subscribing, Unsubscribing } from './subscribing.ts';

/** What is published: a text, or bytes. */
export type Payload = string | Uint8Array;

/**
 * The MQTT client of one user, with one connection. Each operation is counted once, as `MQTT` and its name; it never
 * throws for a bad answer or none, but returns it. All end with the user; operations in flight then throw `StopUser`.
 *
 * While there is no connection, operations wait for it, up to `timeout`; that wait is not part of their time. What was in
 * flight when it is lost has failed, and is not sent again.
 */
export class MqttClient {
  readonly #link: Link;
  readonly #names: Names;
  #topics: DeviceTopics | undefined = undefined;
  #exchanges = 0;
  /** Subscriptions for answers that are not acknowledged yet. */
  #pending: Map<string, Promise<MqttResponse>> | undefined = undefined;

  constructor(user: ConnectedUser, settings: MqttSettings) {
    this.#link = new Link(user, settings);
    this.#names = new Names(user, settings.platform.maxQos);
  }

  /** Where this device publishes, and what it subscribes to, on its platform. */
  get topics(): DeviceTopics {
    const { user, settings } = this.#link;
    if (this.#topics === undefined) {
      const { token: _, ...untold } = settings.platform;
      const device = settings.devices === undefined ? { id: user.clientId, privateKey: '' } : user.device;
      this.#topics = new DeviceLogin(untold, device, settings.values).topics;
    }
    return this.#topics;
  }

  /**
   * Connects, until CONNACK says yes: with pauses that grow (`static reconnect`), each failed try a failure of its own,
   * until the user ends. With `reconnect = false` it is tried once. Operations connect by themselves, too.
   */
  connect(): Promise<MqttResponse> {
    return this.#link.connect();
  }

  /** DISCONNECT, and the end of the connection; counted. The next operation connects again. */
  disconnect(): Promise<MqttResponse> {
    return this.#link.disconnect();
  }

  /** Until SUBACK. It is done again on each further connection, until `unsubscribe` or `disconnect`. */
  subscribe(topic: string, options?: SubscribeOptions): Promise<MqttResponse> {
    try {
      if (options !== undefined) checkOptions('subscribe', options);
      const name = this.#names.of('subscribe', options?.qos ?? 0, topic);
      const { user, subscriptions } = this.#link;
      return this.#link.run(new Subscribing(user, options?.name || name, topic, options, subscriptions));
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** Until UNSUBACK. */
  unsubscribe(topic: string, options?: UnsubscribeOptions): Promise<MqttResponse> {
    try {
      if (options !== undefined) checkOptions('unsubscribe', options);
      const name = this.#names.of('unsubscribe', 0, topic);
      const { user, subscriptions } = this.#link;
      subscriptions.delete(topic);
      return this.#link.run(new Unsubscribing(user, options?.name || name, topic, options));
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** With QoS 0 until the socket has it, with 1 until PUBACK, with 2 until PUBCOMP. */
  publish(topic: string, payload: Payload, options?: PublishOptions): Promise<MqttResponse> {
    try {
      if (options !== undefined) checkOptions('publish', options);
      const name = this.#names.publish(options?.qos ?? 0, topic);
      const { user } = this.#link;
      return this.#link.run(new Publishing(user, options?.name || name, topic, bytesOf(payload), options));
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /**
   * Publishes, and waits for the answer; its time is from just before the publishing to the answer's arrival. The answer
   * is in `message`, and goes to no listener. The publishing is counted by itself; if it fails, there is no second entry.
   *
   * @example
   * const { message } = await this.client.exchange(topic, text, { matches: ({ payload }) => payload.equals(sent) });
   */
  exchange(topic: string, payload: Payload, options: ExchangeOptions): Promise<MqttResponse> {
    try {
      checkOptions('exchange', options);
      const qos = options.qos ?? 0;
      const question = { topic, payload: bytesOf(payload), name: this.#names.publish(qos, topic) };
      const name = options.name || this.#names.exchange(qos, topic);
      if (options.matches === undefined) {
        const answer = this.#correlated(name, question, options);
        // Nobody may be waiting.
        answer.catch(ignore);
        return answer;
      }
      return this.#link.run(new Exchange(this.#link.user, name, question, options, undefined));
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** MQTT 5: the answer's data say whose it is. */
  async #correlated(name: string, question: Question, options: ExchangeOptions): Promise<MqttResponse> {
    const correlationData = this.#correlation();
    const { user, subscriptions } = this.#link;
    const responseTopic = options.responseTopic ?? `responses/${user.clientId}`;
    if (!subscriptions.has(responseTopic)) {
      const subscribed = await this.#subscribeOnce(responseTopic, options.qos);
      if (!subscribed.ok) return subscribed;
    }
    const properties = { ...options.properties, responseTopic, correlationData };
    return this.#link.run(new Exchange(user, name, question, { ...options, properties }, correlationData));
  }

  /** Exchanges that begin at once subscribe together. */
  #subscribeOnce(topic: string, qos: Qos | undefined): Promise<MqttResponse> {
    this.#pending ??= new Map();
    const pending = this.#pending.get(topic);
    if (pending !== undefined) return pending;
    const begun = this.subscribe(topic, { qos }).finally(() => this.#pending?.delete(topic));
    this.#pending.set(topic, begun);
    return begun;
  }

  #correlation(): Buffer {
    if (this.#link.settings.version !== 5) {
      throw new UsageError(
        'exchange needs matches: (message) => …, which says what the answer is; only MQTT 5 has correlation data',
      );
    }
    const data = randomBytes(8);
    data.writeUInt32BE(++this.#exchanges >>> 0);
    return data;
  }

  /** Calls `listener` for each message that no exchange waits for, from now on. Returns it, for `offMessage`. */
  onMessage(listener: MessageListener): MessageListener {
    this.#link.inbox.add(listener);
    return listener;
  }

  offMessage(listener: MessageListener): void {
    this.#link.inbox.remove(listener);
  }
}

function ignore(): void {}

/** No copy is made. */
function bytesOf(payload: Payload): string | Buffer {
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) return payload;
  if (payload instanceof Uint8Array) return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  throw new UsageError(`the payload is of the type ${typeof payload}; a text or bytes are expected`);
}
