// Duty: the system under load, which counts the requests itself: no generator is believed.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Child } from '../test/e2e/child.ts';
import { cached } from '../test/tools/cache.ts';
import { run } from '../test/tools/run.ts';
import { cores, startOn } from './cores.ts';

const source = fileURLToPath(new URL('targets/http-target.c', import.meta.url));

// as in http-target.c
const slots = { requests: 0, open: 3, bad: 4, histogram: 8 };
const buckets = 20_000;
const bucketMilliseconds = 0.01;

/** A target as it is started, with the file of its counters as first argument. */
export interface TargetProgram {
  readonly path: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

/** A program that is compiled once for each state of its sources. */
export async function compiled(
  name: string,
  sources: readonly string[],
  compile: (to: string) => Promise<unknown>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of sources) hash.update(await readFile(file));
  const home = await cached(`${name}-${hash.digest('hex').slice(0, 12)}`, async (folder) => {
    await mkdir(folder, { recursive: true });
    await compile(join(folder, name));
  });
  return join(home, name);
}

/**
 * An HTTP server of one thread. With a delay it answers that many milliseconds after it has read a request, and measures
 * what became of it.
 */
export async function httpTarget(delay = 0): Promise<TargetProgram> {
  const path = await compiled('http-target', [source], (to) => run('cc', ['-O2', '-o', to, source]));
  return { path, args: [String(delay * 1000)] };
}

/** A system under load, on the core that the generator does not have. */
export interface UnderLoad {
  readonly url: string;
  readonly pid: number;
  /** How many requests it has read. */
  readonly requests: number;
  /** How many connections are open now. */
  readonly open: number;
  /** Resolves when `requests` is of this moment; for those that count it only now and then. */
  counted?(): Promise<void>;
  end(): Promise<void>;
}

/** A server that keeps its counts in a file. */
export class Target implements UnderLoad {
  readonly port: number;
  readonly #child: Child;
  readonly #folder: string;
  readonly #counters: number;

  private constructor(child: Child, port: number, folder: string) {
    this.#child = child;
    this.port = port;
    this.#folder = folder;
    this.#counters = openSync(join(folder, 'counters'), 'r');
  }

  static async start(program: Promise<TargetProgram> = httpTarget()): Promise<Target> {
    const { path, args = [], env } = await program;
    const folder = await mkdtemp(join(tmpdir(), 'katydid-target-'));
    const child = startOn(cores.target, 'target', [path, join(folder, 'counters'), ...args], env);
    await child.said(/port \d+\n/);
    return new Target(child, Number(/port (\d+)/.exec(child.output)?.[1]), folder);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get requests(): number {
    return this.#read(slots.requests, 1)[0] ?? 0;
  }

  get open(): number {
    return this.#read(slots.open, 1)[0] ?? 0;
  }

  /** How many answers took how long, by hundredths of a millisecond, since the start. */
  times(): readonly number[] {
    return this.#read(slots.histogram, buckets);
  }

  async end(): Promise<void> {
    const [bad = 0] = this.#read(slots.bad, 1);
    closeSync(this.#counters);
    await this.#child.end();
    await rm(this.#folder, { recursive: true });
    if (bad > 0) throw new Error(`the target did not understand ${bad} requests`);
  }

  #read(slot: number, count: number): number[] {
    const bytes = Buffer.alloc(8 * count);
    readSync(this.#counters, bytes, 0, bytes.length, 8 * slot);
    return Array.from({ length: count }, (_, i) => Number(bytes.readBigUInt64LE(8 * i)));
  }
}

/** A percentile (0 to 1) of what was answered between two looks at `times`, in milliseconds. */
export function percentile(before: readonly number[], after: readonly number[], share: number): number {
  const counts = after.map((count, i) => count - (before[i] ?? 0));
  const wanted = share * counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [i, count] of counts.entries()) {
    seen += count;
    if (seen >= wanted) return (i + 1) * bucketMilliseconds;
  }
  return Number.NaN;
}
