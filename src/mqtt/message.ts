import type { IPublishPacket } from 'mqtt';

/** At most once, at least once, exactly once. */
export type Qos = 0 | 1 | 2;

/** The properties of a message in MQTT 5. */
export type MessageProperties = NonNullable<IPublishPacket['properties']>;

/** A message that came in. */
export class MqttMessage {
  readonly topic: string;
  /** The bytes as they came; no copy is made of them. */
  readonly payload: Buffer;
  /** When it came, by the monotonic clock (`performance.now()`), ms. */
  readonly receivedAt: number;
  readonly #packet: IPublishPacket;

  constructor(topic: string, payload: Buffer, packet: IPublishPacket, receivedAt: number) {
    this.topic = topic;
    this.payload = payload;
    this.receivedAt = receivedAt;
    this.#packet = packet;
  }

  get qos(): Qos {
    return this.#packet.qos;
  }

  /** The broker had kept it for whoever subscribes. */
  get retain(): boolean {
    return this.#packet.retain === true;
  }

  /** MQTT 5. */
  get properties(): MessageProperties | undefined {
    return this.#packet.properties;
  }

  text(): string {
    return this.payload.toString();
  }

  json<T = unknown>(): T {
    return JSON.parse(this.payload.toString()) as T;
  }
}
