/** One model: it makes one prediction at a time. */
export interface Replica {
  /** The category of a text; rejects if the replica is not there, or was told to give up. */
  predict(text: string, signal: AbortSignal): Promise<number>;
}

interface Waiting {
  readonly text: string;
  readonly signal: AbortSignal;
  readonly resolve: (category: number) => void;
  readonly reject: (reason: Error) => void;
}

/** Who comes first is served first, by whichever replica is free. */
export class Balancer {
  readonly #queue = new Set<Waiting>();
  readonly #idle = new Set<Replica>();
  #replicas: ReadonlySet<Replica> = new Set();
  #running = 0;

  get replicas(): number {
    return this.#replicas.size;
  }

  get running(): number {
    return this.#running;
  }

  /** From now on these serve; one that is gone ends what it does. */
  use(replicas: Iterable<Replica>): void {
    const known = this.#replicas;
    this.#replicas = new Set(replicas);
    for (const replica of this.#idle) if (!this.#replicas.has(replica)) this.#idle.delete(replica);
    for (const replica of this.#replicas) if (!known.has(replica)) this.#idle.add(replica);
    this.#next();
  }

  /** Rejects with what its replica rejects with, or once `signal` says that nobody waits any more. */
  predict(text: string, signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { text, signal, resolve, reject };
      const onAbort = (): void => {
        this.#queue.delete(waiting);
        reject(signal.reason as Error);
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
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

  async #serve(replica: Replica, { text, signal, resolve, reject }: Waiting): Promise<void> {
    this.#running++;
    try {
      resolve(await replica.predict(text, signal));
    } catch (thrown) {
      reject(thrown as Error);
    } finally {
      this.#running--;
      if (this.#replicas.has(replica)) this.#idle.add(replica);
      this.#next();
    }
  }
}
