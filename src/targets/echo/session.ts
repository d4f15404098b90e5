import type { Client } from 'aedes';
import type { Admission } from './guard.ts';
import type { TopicRights } from './rights.ts';

/** The longest time that a timer of Node's can wait, ms. */
const longestWait = 2 ** 31 - 1;

/** One device's connection, from its admission to its end. */
export class Session {
  readonly client: Client;
  readonly rights: TopicRights;
  /** Subscriptions that were granted. */
  readonly filters: Set<string> = new Set();
  #admission: Admission;
  #end: NodeJS.Timeout | undefined;
  readonly #onExpired: (session: Session) => void;

  /** `onExpired` is called when its token has ended. */
  constructor(client: Client, admission: Admission, rights: TopicRights, onExpired: (session: Session) => void) {
    this.client = client;
    this.rights = rights;
    this.#admission = admission;
    this.#onExpired = onExpired;
    this.#watch();
  }

  get admission(): Admission {
    return this.#admission;
  }

  get device(): string {
    return this.#admission.device;
  }

  /** A fresh token took the place of the old one. */
  renew(admission: Admission): void {
    this.#admission = admission;
    this.#watch();
  }

  close(): void {
    clearTimeout(this.#end);
  }

  #watch(): void {
    clearTimeout(this.#end);
    const { endsAt } = this.#admission;
    if (endsAt === undefined) return;
    const left = endsAt - Date.now();
    this.#end = setTimeout(
      () => (left > longestWait ? this.#watch() : this.#onExpired(this)),
      Math.min(Math.max(0, left), longestWait),
    ).unref();
  }
}
