import type { IClientPublishOptions } from 'mqtt';
import type { User } from '../user/user.ts';
import type { Connection } from './connection.ts';
import { refusedText } from './failure.ts';
import type { Qos } from './message.ts';
import { Operation } from './operation.ts';
import type { PublishOptions } from './options.ts';

/** Who waits for more than the publishing: its time-out holds for both. */
export interface PublishListener {
  failPublish(failure: string, reasonCode: number): void;
}

/** Most messages are sent with nothing but a QoS: these are made once. */
const plain: readonly IClientPublishOptions[] = [{ qos: 0 }, { qos: 1 }, { qos: 2 }];

/** A message on its way: with QoS 0 until the socket has it, with 1 until PUBACK, with 2 until PUBCOMP. */
export class Publishing extends Operation {
  readonly #topic: string;
  readonly #payload: string | Buffer;
  readonly #options: PublishOptions | undefined;
  readonly #listener: PublishListener | undefined;
  #connection: Connection | undefined = undefined;
  #messageId = 0;

  constructor(
    user: User,
    name: string,
    topic: string,
    payload: string | Buffer,
    options: PublishOptions | undefined,
    listener?: PublishListener,
  ) {
    super(user, name, options?.context);
    this.#topic = topic;
    this.#payload = payload;
    this.#options = options;
    this.#listener = listener;
  }

  override begin(connection: Connection, timeout: number): void {
    const options = this.#options;
    const qos = options?.qos ?? 0;
    const send = sendOptions(qos, options);
    this.startedAt = performance.now();
    if (qos === 0 && connection.send(this.#topic, this.#payload, send)) return this.#end(undefined);
    const messageId = connection.publish(this.#topic, this.#payload, send, (error) =>
      this.#end(error as AnswerError | undefined),
    );
    // QoS 0 has ended by now, unless the socket is full.
    if (this.isOver) return;
    if (qos > 0) {
      this.#connection = connection;
      this.#messageId = messageId;
    }
    connection.inFlight.add(this);
    this.arm(this.#listener === undefined ? (options?.timeout ?? timeout) : timeout);
  }

  #end(error: AnswerError | null | undefined): void {
    if (this.isOver) return;
    if (error === undefined || error === null) {
      const payload = this.#payload;
      return this.succeed(typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length);
    }
    failAs(this, error);
  }

  override fail(failure: string, reasonCode = 0): void {
    super.fail(failure, reasonCode);
    this.#listener?.failPublish(failure, reasonCode);
  }

  override expire(): void {
    super.expire();
    this.#connection?.forget(this.#messageId);
  }
}

/** What mqtt.js hands to a callback. */
export interface AnswerError {
  readonly message: string;
  readonly code?: unknown;
}

/** What mqtt.js says to those that were in flight when the connection ended: they hear why from the connection itself. */
const endings: readonly string[] = ['Connection closed', 'Message removed'];

/** Fails the operation with what the broker has answered. */
export function failAs(operation: Operation, { message, code }: AnswerError): void {
  if (typeof code === 'number') operation.fail(refusedText(code), code);
  else if (!endings.includes(message)) operation.fail(message);
}

/** mqtt.js takes no undefined values. */
function sendOptions(qos: Qos, options: PublishOptions | undefined): IClientPublishOptions {
  if (options === undefined || (options.retain === undefined && options.properties === undefined)) {
    return plain[qos] as IClientPublishOptions;
  }
  const { retain = false, properties } = options;
  return properties === undefined ? { qos, retain } : { qos, retain, properties };
}
