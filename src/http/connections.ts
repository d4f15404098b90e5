import type { Connection, Opener } from './transport.ts';

/** So many connections stay open when a user has made several requests at once; as in requests. */
const usualMaxIdle = 10;

/**
 * The connections of one user to one origin. One after the other its requests use the same one; those made at once
 * (`Promise.all`) have one each, without limit. Not undici's Pool, which opens two for a user who needs one.
 */
export class Connections {
  readonly #opener: Opener;
  readonly #maxIdle: number;
  #all: Connection[] = [];
  /** How many requests were sent a second time, on another connection. */
  repeats = 0;

  /** `concurrent`: so many requests at once are usual for this user; their connections stay open. */
  constructor(opener: Opener, concurrent = 1) {
    this.#opener = opener;
    this.#maxIdle = Math.max(usualMaxIdle, concurrent);
  }

  /** A free connection, or a new one. */
  take(): Connection {
    const all = this.#all;
    for (let at = 0; at < all.length; at++) {
      const connection = all[at] as Connection;
      if (connection.isBusy) continue;
      if (connection.isSpent) {
        this.drop(connection);
        return this.take();
      }
      connection.isBusy = true;
      return connection;
    }
    return this.open();
  }

  /** A new connection, whatever is free. */
  open(): Connection {
    const connection = this.#opener.open(this.#lost);
    connection.isBusy = true;
    this.#all.push(connection);
    return connection;
  }

  /** The request on it is over. */
  give(connection: Connection): void {
    connection.isBusy = false;
    if (this.#all.length > this.#maxIdle || connection.isSpent) this.drop(connection);
  }

  /** It is of no more use. What is in flight on it ends with `error`. */
  drop(connection: Connection, error: Error | null = null): void {
    this.#all = this.#all.filter((known) => known !== connection);
    connection.destroy(error);
  }

  /** Closes those that are not in use; a request that is in flight still ends well. */
  close(): void {
    for (const connection of this.#all) {
      if (!connection.isBusy) this.drop(connection);
    }
  }

  /** Closes all; what is in flight ends with `error`. */
  destroy(error: Error): void {
    for (const connection of this.#all) this.drop(connection, error);
  }

  readonly #lost = (connection: Connection): void => this.drop(connection);
}
