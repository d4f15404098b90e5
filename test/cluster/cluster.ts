// The cluster, from inside its network: its clients, and what a master in it says.
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../tools/run.ts';

export const namespace = 'load';

/** kubectl in the namespace of the tests. */
export const kubectl = (...args: readonly string[]): Promise<string> => run('kubectl', ['-n', namespace, ...args]);

/** helm in the namespace of the tests. */
export const helm = (...args: readonly string[]): Promise<string> => run('helm', ['-n', namespace, ...args]);

/** Asks until the answer is good; an error says what was waited for, and what came last. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  isGood: (found: T) => boolean,
  seconds = 90,
): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(250)) {
    try {
      const found = await ask();
      if (isGood(found)) return found;
      last = JSON.stringify(found);
    } catch (thrown) {
      last = (thrown as Error).message;
    }
  }
  throw new Error(`${what}: not after ${seconds} s; last: ${String(last).slice(0, 2000)}`);
}

/** What of `/stats/requests` is read here. */
export interface Stats {
  readonly state: string;
  readonly user_count: number;
  readonly workers: readonly { readonly id: string; readonly state: string; readonly user_count: number }[];
  readonly stats: readonly { readonly name: string; readonly num_requests: number; readonly num_failures: number }[];
}

/** A master's web API, through its Service. */
export class Master {
  readonly #url: string;

  private constructor(url: string) {
    this.#url = url;
  }

  static async find(service: string): Promise<Master> {
    const address = await kubectl('get', 'service', service, '-o', 'jsonpath={.spec.clusterIP}');
    return new Master(`http://${address}:8089`);
  }

  async #ask(path: string, form?: Record<string, string>): Promise<unknown> {
    const post = form && { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(this.#url + path, { ...post, signal: AbortSignal.timeout(5000) });
    return response.json();
  }

  stats(): Promise<Stats> {
    return this.#ask('/stats/requests') as Promise<Stats>;
  }

  async swarm(users: number): Promise<void> {
    const { success } = (await this.#ask('/swarm', { user_count: String(users), spawn_rate: '50' })) as {
      success: boolean;
    };
    if (!success) throw new Error('the master does not swarm');
  }

  async stop(): Promise<Stats> {
    await this.#ask('/stop', {});
    return until(
      'the end of the test',
      () => this.stats(),
      ({ state }) => state === 'stopped',
    );
  }

  /** Waits for so many workers that are of use: those that went without a word are listed for a minute yet. */
  workers(count: number): Promise<Stats> {
    const isThere = ({ state }: { readonly state: string }): boolean => state !== 'missing';
    return until(
      `${count} workers`,
      () => this.stats(),
      ({ workers }) => workers.filter(isThere).length === count,
    );
  }

  /** Waits until so many users run, split over the workers as evenly as can be. */
  balanced(users: number, workers: number): Promise<Stats> {
    const most = Math.ceil(users / workers);
    return until(
      `${users} users on ${workers} workers`,
      () => this.stats(),
      (now) => {
        const counts = now.workers.filter(({ state }) => state !== 'missing').map((worker) => worker.user_count);
        return now.user_count === users && counts.length === workers && counts.every((count) => count <= most);
      },
    );
  }
}

/** The metrics of a pod: for each name of requests, how many there were. */
export async function requestsByName(pod: string): Promise<ReadonlyMap<string, number>> {
  const address = await kubectl('get', 'pod', pod, '-o', 'jsonpath={.status.podIP}');
  const text = await (await fetch(`http://${address}:8080/metrics`)).text();
  const rows = text.matchAll(/^katydid_requests_total\{.*name="([^"]*)".*\} (\d+)$/gm);
  return new Map([...rows].map(([, name = '', count]) => [name, Number(count)]));
}
