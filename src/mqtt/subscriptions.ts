import type { SubscribeOptions } from './options.ts';

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

  /** Undefined if there are none. */
  get all(): ReadonlyMap<string, SubscribeOptions | undefined> | undefined {
    return this.#topics;
  }
}
