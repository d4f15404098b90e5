import type { User } from '../user/user.ts';
import type { Connection } from './connection.ts';
import type { PendingExchange } from './in-flight.ts';
import type { MqttMessage } from './message.ts';
import { Operation } from './operation.ts';
import type { ExchangeOptions } from './options.ts';
import { Publishing, type PublishListener } from './publishing.ts';

/** What is published, and under which name that is counted. */
export interface Question {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly name: string;
}

/** A message, and the wait for its answer: from just before the publishing to the answer's arrival. */
export class Exchange extends Operation implements PendingExchange, PublishListener {
  readonly #question: Question;
  readonly #options: ExchangeOptions;
  /** MQTT 5's, where no function says what matches. */
  readonly #correlation: Buffer | undefined;
  #isUnsent = false;

  constructor(user: User, name: string, question: Question, options: ExchangeOptions, correlation: Buffer | undefined) {
    super(user, name, options.context);
    this.#question = question;
    this.#options = options;
    this.#correlation = correlation;
  }

  protected override get requestType(): string {
    return this.#options.type ?? super.requestType;
  }

  /** Of a message that was not sent there is one failure, that of its publishing. */
  protected override get counts(): boolean {
    return !this.#isUnsent;
  }

  override begin(connection: Connection, timeout: number): void {
    const { topic, payload, name } = this.#question;
    this.startedAt = performance.now();
    connection.inFlight.addExchange(this);
    this.arm(this.#options.timeout ?? timeout);
    new Publishing(this.user, name, topic, payload, this.#options, this).begin(connection, timeout);
  }

  takes(message: MqttMessage): boolean {
    try {
      if (!this.#matches(message)) return false;
    } catch (thrown) {
      this.abandon(thrown);
      return false;
    }
    this.message = message;
    this.succeed(message.payload.length, 0, message.receivedAt);
    return true;
  }

  #matches(message: MqttMessage): boolean {
    if (this.#correlation === undefined) return this.#options.matches?.(message) === true;
    return message.properties?.correlationData?.equals(this.#correlation) === true;
  }

  override expire(): void {
    this.name = this.#options.timeoutName ?? this.name;
    super.expire();
  }

  failPublish(failure: string, reasonCode: number): void {
    this.#isUnsent = true;
    this.fail(failure, reasonCode);
  }
}
