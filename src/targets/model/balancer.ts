/** One model: it makes one prediction at a time. */
export interface Replica {
  /** The category of a text; rejects if the replica is not there, or was told to give up. */
  predict(text: string, signal: AbortSignal): Promise<number>;
}

/** What an API does with those who ask for more than its replicas can serve. */
export interface BalancerOptions {
  /** As many may be served or wait; who comes on top is refused. */
  readonly limit: number;
  /** Seconds that anybody waits, service included. */
  readonly timeout: number;
}

/** How a call ended: its category, or why there is none. */
export type Outcome =
  | { readonly category: number }
  | { readonly refused: 'full' | 'late' | 'failed'; readonly reason: string };

interface Waiting {
  readonly text: string;
  readonly signal: AbortSignal;
  readonly settle: (outcome: Outcome) => void;
}

/** Who comes first is served first, by whichever replica is free. */
export class Balancer {
  readonly #limit: number;
  readonly #timeout: number;
  readonly #queue = new Set<Waiting>();
  readonly #idle = new Set<Replica>();
  #replicas: ReadonlySet<Replica> = new Set();
  #running = 0;
  #served = 0;

  constructor({ limit, timeout }: BalancerOptions) {
    this.#limit = limit;
    this.#timeout = timeout;
  }

  get replicas(): number {
    return this.#replicas.size;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Calls that got their category. */
  get served(): number {
    return this.#served;
  }

  /** From now on these serve; one that is gone ends what it does. */
  use(replicas: Iterable<Replica>): void {
    const known = this.#replicas;
    this.#replicas = new Set(replicas);
    for (const replica of this.#idle) if (!this.#replicas.has(replica)) this.#idle.delete(replica);
    for (const replica of this.#replicas) if (!known.has(replica)) this.#idle.add(replica);
    this.#next();
  }

  predict(text: string): Promise<Outcome> {
    if (this.#running + this.#queue.size >= this.#limit) {
      return Promise.resolve({ refused: 'full', reason: `more than ${this.#limit} requests at once` });
    }
    return new Promise((resolve) => {
      const late = new AbortController();
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      const waiting: Waiting = { text, signal: late.signal, settle };
      const timer = setTimeout(() => {
        this.#queue.delete(waiting);
        late.abort();
        resolve({ refused: 'late', reason: `not within ${this.#timeout} s` });
      }, this.#timeout * 1000);
      this.#queue.add(waiting);
      this.#next();
    });
  }

  #next(): void {
    for (const waiting of this.#queue) {
      const [replica] = this.#idle;
      if (replica === undefined) return;
      this.#idle.delete(replica);
      this.#queue.delete(waiting);
      void this.#serve(replica, waiting);
    }
  }

  async #serve(replica: Replica, { text, signal, settle }: Waiting): Promise<void> {
    this.#running++;
    try {
      const category = await replica.predict(text, signal);
      if (!signal.aborted) this.#served++;
      settle({ category });
    } catch (thrown) {
      settle({ refused: 'failed', reason: (thrown as Error).message });
    } finally {
      this.#running--;
      if (this.#replicas.has(replica)) this.#idle.add(replica);
      this.#next();
    }
  }
}
