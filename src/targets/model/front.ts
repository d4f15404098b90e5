import { setTimeout as delay } from 'node:timers/promises';
import type { Balancer } from './balancer.ts';

/** What stands before the replicas. */
export interface FrontOptions {
  /** As many may be served or wait; who comes on top is refused. */
  readonly limit: number;
  /** Seconds that anybody waits, service included. */
  readonly timeout: number;
  /** So many are handed on at a time; the others wait. */
  readonly workers: number;
  /** Milliseconds that a worker takes before it hands on. */
  readonly workTime: number;
}

/** How a call ended: its category, or why there is none. */
export type Outcome =
  | { readonly category: number }
  | { readonly refused: 'full' | 'late' | 'failed'; readonly reason: string };

/** The API in front of the replicas: a bottleneck that more of them do not widen. */
export class Front {
  readonly #balancer: Balancer;
  readonly #options: FrontOptions;
  readonly #waiting = new Set<() => void>();
  #busy = 0;
  #inside = 0;
  #served = 0;

  constructor(balancer: Balancer, options: FrontOptions) {
    this.#balancer = balancer;
    this.#options = options;
  }

  /** Calls that are with no replica yet. */
  get waiting(): number {
    return Math.max(0, this.#inside - this.#balancer.running);
  }

  /** Calls that got their category. */
  get served(): number {
    return this.#served;
  }

  async predict(text: string): Promise<Outcome> {
    const { limit, timeout } = this.#options;
    if (this.#inside >= limit) return { refused: 'full', reason: `more than ${limit} requests at once` };
    this.#inside++;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeout * 1000);
    try {
      const category = await this.#handOn(text, late.signal);
      this.#served++;
      return { category };
    } catch (thrown) {
      if (late.signal.aborted) return { refused: 'late', reason: `not within ${timeout} s` };
      return { refused: 'failed', reason: (thrown as Error).message };
    } finally {
      clearTimeout(timer);
      this.#inside--;
    }
  }

  async #handOn(text: string, signal: AbortSignal): Promise<number> {
    const { workTime } = this.#options;
    await this.#worker(signal);
    try {
      if (workTime > 0) await delay(workTime, undefined, { signal });
      return await this.#balancer.predict(text, signal);
    } finally {
      this.#free();
    }
  }

  /** Resolves when a worker has time. */
  #worker(signal: AbortSignal): Promise<void> {
    if (this.#busy < this.#options.workers) {
      this.#busy++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const take = (): void => {
        this.#waiting.delete(take);
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.delete(take);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(take);
    });
  }

  /** A worker that is free goes on to who waits longest. */
  #free(): void {
    const [take] = this.#waiting;
    if (take === undefined) this.#busy--;
    else take();
  }
}
