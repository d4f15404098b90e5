import type { User } from '../user/user.ts';
import type { Connection } from './connection.ts';
import type { SubscribeOptions } from './options.ts';
import { Subscribing } from './subscribing.ts';

/** What one user has subscribed to, for its next connection. */
export class Subscriptions {
  #topics: Map<string, SubscribeOptions | undefined> | undefined = undefined;

  add(topic: string, options: SubscribeOptions | undefined): void {
    this.#topics ??= new Map();
    this.#topics.set(topic, options);
  }

  delete(topic: string): void {
    this.#topics?.delete(topic);
  }

  has(topic: string): boolean {
    return this.#topics?.has(topic) === true;
  }

  clear(): void {
    this.#topics = undefined;
  }

  /** Subscribes to all of them on a new connection; what the first one that was refused failed with. */
  async renew(user: User, connection: Connection, timeout: number): Promise<string | undefined> {
    if (this.#topics === undefined) return undefined;
    const all = [...this.#topics].map(([topic, options]) => {
      const operation = new Subscribing(user, '', topic, options);
      operation.begin(connection, timeout);
      return operation.answer;
    });
    const failed = (await Promise.all(all)).find(({ ok }) => !ok);
    return failed?.failure;
  }
}
