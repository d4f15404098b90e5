import type { IClientSubscribeOptions, Packet } from 'mqtt';
import type { User } from '../user/user.ts';
import type { Connection } from './connection.ts';
import { firstFailure, refusedText } from './failure.ts';
import type { Qos } from './message.ts';
import { Operation } from './operation.ts';
import type { SubscribeOptions, UnsubscribeOptions } from './options.ts';
import { type AnswerError, failAs } from './publishing.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Until SUBACK. */
export class Subscribing extends Operation {
  readonly #topic: string;
  readonly #options: SubscribeOptions | undefined;
  readonly #subscriptions: Subscriptions | undefined;

  /** `subscriptions` remember it; without them it is done again, and is a part of a reconnect. */
  constructor(
    user: User,
    name: string,
    topic: string,
    options: SubscribeOptions | undefined,
    subscriptions?: Subscriptions,
  ) {
    super(user, name, options?.context);
    this.#topic = topic;
    this.#options = options;
    this.#subscriptions = subscriptions;
  }

  protected override get counts(): boolean {
    return this.#subscriptions !== undefined;
  }

  override begin(connection: Connection, timeout: number): void {
    this.startedAt = performance.now();
    connection.subscribe(this.#topic, sendOptions(this.#options), (error, packet) => this.#end(error, packet));
    connection.inFlight.add(this);
    this.arm(this.#options?.timeout ?? timeout);
  }

  #end(error: AnswerError | null, packet: Packet | undefined): void {
    const code = codeIn(packet);
    if (code === undefined) failAs(this, error ?? { message: 'SUBACK grants nothing' });
    else if (code >= firstFailure) this.fail(refusedText(code), code);
    else {
      // A late one, after its time-out, may have been unsubscribed meanwhile.
      if (!this.isOver) this.#subscriptions?.add(this.#topic, this.#options);
      this.succeed(0, code);
    }
  }
}

/** Until UNSUBACK. */
export class Unsubscribing extends Operation {
  readonly #topic: string;
  readonly #options: UnsubscribeOptions | undefined;

  constructor(user: User, name: string, topic: string, options: UnsubscribeOptions | undefined) {
    super(user, name, options?.context);
    this.#topic = topic;
    this.#options = options;
  }

  override begin(connection: Connection, timeout: number): void {
    this.startedAt = performance.now();
    connection.unsubscribe(this.#topic, (error, packet) => this.#end(error, packet));
    connection.inFlight.add(this);
    this.arm(this.#options?.timeout ?? timeout);
  }

  #end(error: AnswerError | null | undefined, packet: Packet | undefined): void {
    if (error) return failAs(this, error);
    const code = codeIn(packet) ?? 0;
    if (code >= firstFailure) this.fail(refusedText(code), code);
    else this.succeed(0, code);
  }
}

/** The first of its codes: each packet of ours is about one topic. */
function codeIn(packet: Packet | undefined): number | undefined {
  const { granted } = (packet ?? {}) as { readonly granted?: readonly unknown[] };
  const code = granted?.[0];
  return typeof code === 'number' ? code : undefined;
}

/** mqtt.js takes no undefined values. */
function sendOptions(options: SubscribeOptions = {}): IClientSubscribeOptions {
  const { qos = 0, noLocal, retainAsPublished, retainHandling } = options;
  const send: IClientSubscribeOptions = { qos: qos satisfies Qos };
  if (noLocal !== undefined) send.nl = noLocal;
  if (retainAsPublished !== undefined) send.rap = retainAsPublished;
  if (retainHandling !== undefined) send.rh = retainHandling;
  return send;
}
