import { lookup } from 'node:dns/promises';
import { log } from '../../log.ts';
import type { Balancer, Replica } from './balancer.ts';

/** Seconds between two looks at which addresses a name has. */
const look = 1;

/** A replica in another process, or on another machine. */
class RemoteReplica implements Replica {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async predict(text: string, signal: AbortSignal): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(this.#url, { method: 'POST', headers, body: JSON.stringify({ text }), signal });
    const { category, error } = (await answer.json()) as { category?: number; error?: string };
    if (category === undefined) throw new Error(`a replica answered ${answer.status}: ${error}`);
    return category;
  }
}

/** Keeps a balancer's replicas those that a name stands for: each address of it is one, as a scaled service has them. */
export class Upstream {
  readonly #host: string;
  readonly #port: number;
  readonly #balancer: Balancer;
  readonly #replicas = new Map<string, Replica>();
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(host: string, port: number, balancer: Balancer) {
    this.#host = host;
    this.#port = port;
    this.#balancer = balancer;
  }

  /** Resolves after the first look; looks again and again until `end`. */
  async start(): Promise<void> {
    await this.#look();
    if (this.#isEnded) return;
    this.#timer = setTimeout(() => void this.start(), look * 1000);
    this.#timer.unref();
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    // A name that is not known for a moment keeps the replicas that it had.
    const found = await lookup(this.#host, { all: true }).catch(() => undefined);
    if (found === undefined) return;
    const addresses = new Set(found.map(({ address, family }) => (family === 6 ? `[${address}]` : address)));
    const before = [...this.#replicas.keys()].join();
    for (const known of this.#replicas.keys()) if (!addresses.has(known)) this.#replicas.delete(known);
    for (const address of addresses) {
      if (this.#replicas.has(address)) continue;
      this.#replicas.set(address, new RemoteReplica(`http://${address}:${this.#port}/predict`));
    }
    if ([...this.#replicas.keys()].join() === before) return;
    log.info(`${this.#host} has ${this.#replicas.size} replicas: ${[...this.#replicas.keys()].join(', ')}`);
    this.#balancer.use(this.#replicas.values());
  }
}
