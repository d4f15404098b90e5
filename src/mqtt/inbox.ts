import type { IPublishPacket } from 'mqtt';
import { StopUser, toError } from '../errors.ts';
import { events } from '../user/events.ts';
import type { User } from '../user/user.ts';
import type { PendingExchange } from './in-flight.ts';
import { MqttMessage } from './message.ts';

/** Hears the messages that no exchange waits for. */
export type MessageListener = (message: MqttMessage) => unknown;

/** The messages that come in for one user. */
export class Inbox {
  readonly #user: User;
  #listeners: readonly MessageListener[] = [];

  constructor(user: User) {
    this.#user = user;
  }

  add(listener: MessageListener): void {
    this.#listeners = [...this.#listeners, listener];
  }

  remove(listener: MessageListener): void {
    this.#listeners = this.#listeners.filter((known) => known !== listener);
  }

  /** To the exchange that waits for it, else to all listeners. */
  deliver(exchanges: readonly PendingExchange[], topic: string, payload: Buffer, packet: IPublishPacket): void {
    const receivedAt = performance.now();
    const listeners = this.#listeners;
    if ((exchanges.length === 0 && listeners.length === 0) || this.#user.life.isSilent) return;
    const message = new MqttMessage(topic, payload, packet, receivedAt);
    for (const exchange of exchanges) if (exchange.takes(message)) return;
    for (const listener of listeners) {
      try {
        const result = listener(message);
        if (result instanceof Promise) result.catch(this.#report);
      } catch (thrown) {
        this.#report(thrown);
      }
    }
  }

  /** A listener is user code, though of no task. */
  readonly #report = (thrown: unknown): void => {
    const user = this.#user;
    if (user.life.isSilent || thrown instanceof StopUser) return;
    events.userError.fire({ user, exception: toError(thrown) });
  };
}
