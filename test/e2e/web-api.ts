import { setTimeout as sleep } from 'node:timers/promises';
import { until } from './until.ts';

/** One row of the Statistics tab. */
export interface Row {
  readonly method: string | null;
  readonly name: string;
  readonly num_requests: number;
  readonly num_failures: number;
}

/** What the web UI polls. */
export interface Statistics {
  readonly state: string;
  readonly user_count: number;
  readonly stats: readonly Row[];
  readonly errors: readonly { method: string; name: string; error: string; occurrences: number }[];
  readonly workers: readonly { id: string; state: string; user_count: number; cpu_usage: number }[];
}

export interface Raised {
  readonly count: number;
  readonly msg: string;
  readonly traceback: string;
}

/** What `POST /swarm` takes besides the counts: host, classes, custom arguments, by their Python names. */
export type Form = Readonly<Record<string, string | number | readonly string[]>>;

/** The rows without the last, which adds them up. */
export const rowsOf = ({ stats }: Statistics): readonly Row[] => stats.filter(({ name }) => name !== 'Aggregated');

/** All requests that the master knows of. */
export const totalOf = ({ stats }: Statistics): number =>
  stats.find(({ name }) => name === 'Aggregated')?.num_requests ?? 0;

export const readyOf = ({ workers }: Statistics): number => workers.filter(({ state }) => state === 'ready').length;

/** A master's web API, as a browser uses it. Old versions take GET where new ones want POST. */
export class WebApi {
  readonly url: string;
  readonly #isOld: boolean;

  constructor(url: string, version: string) {
    this.url = url;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    this.#isOld = major < 2 || (major === 2 && minor < 40);
  }

  /** Starts a test or changes the running one; the answer is always 200, so `success` decides. */
  async swarm(users: number, spawnRate: number, form: Form = {}): Promise<void> {
    const body = new URLSearchParams({ user_count: String(users), spawn_rate: String(spawnRate) });
    for (const [key, value] of Object.entries(form)) {
      for (const one of Array.isArray(value) ? value : [value]) body.append(key, String(one));
    }
    const answer = (await this.#json('/swarm', { method: 'POST', body })) as { success: boolean; message: string };
    if (!answer.success) throw new Error(`the master refused: ${answer.message}`);
  }

  /** Stops the test; answers when the users are gone. */
  async stop(): Promise<void> {
    await this.#json('/stop', { method: this.#isOld ? 'GET' : 'POST' });
  }

  async resetStatistics(): Promise<void> {
    await this.#get('/stats/reset', { method: this.#isOld ? 'GET' : 'POST' });
  }

  /** Edits a user class, as the class picker's form does. */
  async editUser(edit: Readonly<Record<string, unknown>>): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await this.#get('/user', { method: 'POST', headers, body: JSON.stringify(edit) });
  }

  async statistics(): Promise<Statistics> {
    return (await this.#json('/stats/requests')) as Statistics;
  }

  /** The statistics after the last reports of all workers came in (each 3 s) and the page's cache (2 s) is over. */
  async settledStatistics(): Promise<Statistics> {
    await sleep(5500);
    return this.statistics();
  }

  async exceptions(): Promise<readonly Raised[]> {
    return ((await this.#json('/exceptions')) as { exceptions: readonly Raised[] }).exceptions;
  }

  /** The last lines of each worker's log. */
  async logs(): Promise<Readonly<Record<string, readonly string[]>>> {
    return ((await this.#json('/logs')) as { workers: Record<string, readonly string[]> }).workers;
  }

  async tasks(): Promise<unknown> {
    return this.#json('/tasks');
  }

  /** Looks at the statistics until they are as wanted; returns them. */
  async until(what: string, isSo: (now: Statistics) => boolean, limit = 25): Promise<Statistics> {
    let last: Statistics | undefined;
    const look = async (): Promise<Statistics | undefined> => {
      last = await this.statistics();
      return isSo(last) ? last : undefined;
    };
    const show = (): unknown => last && { ...last, stats: rowsOf(last).map((row) => [row.name, row.num_requests]) };
    return until(what, look, { limit, every: 0.4, show });
  }

  async #get(path: string, init: RequestInit = {}): Promise<string> {
    const response = await fetch(`${this.url}${path}`, { ...init, signal: AbortSignal.timeout(60_000) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return text;
  }

  async #json(path: string, init?: RequestInit): Promise<unknown> {
    return JSON.parse(await this.#get(path, init));
  }
}
