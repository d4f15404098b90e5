// Any npm client is a client of katydid: what is measured is what `measure` is told to do.
// To try it: npm install redis, then katydid bench users/redis.ts -H redis://127.0.0.1:6379
import { between, type Tasks, User } from 'katydid';
import { createClient } from 'redis';

/** Reads a counter of a Redis server, and counts now and then. */
export class RedisUser extends User {
  static host = 'redis://127.0.0.1:6379';
  static waitTime = between(0.1, 0.5);
  static tasks = { read: 4, count: 1 } satisfies Tasks<RedisUser>;

  /** Each user has a connection of its own, as each client of the real system has. */
  readonly #redis = createClient({
    url: this.host ?? RedisUser.host,
    // A server that is not there shall be a failure in the statistics, not a wait within the client.
    socket: { connectTimeout: 5000, reconnectStrategy: false },
  });

  onStart() {
    // The command that fails tells of it; an event without a listener would be an exception too.
    this.#redis.on('error', () => {});
  }

  async read() {
    await this.#command('GET', () => this.#redis.get('katydid:visits'));
  }

  async count() {
    await this.#command('INCR', () => this.#redis.incr('katydid:visits'));
  }

  /** One command is one request. So is the connection, which is made anew after the server was away. */
  async #command(name: string, work: () => Promise<unknown>) {
    if (!this.#redis.isOpen) await this.measure('redis', 'connect', () => this.#redis.connect());
    await this.measure('redis', name, work);
  }

  onStop() {
    if (this.#redis.isOpen) this.#redis.destroy();
  }
}
