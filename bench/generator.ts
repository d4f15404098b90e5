// Duty: one measurement of one load generator: it runs, the target counts, /proc tells what it used.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Child } from '../test/e2e/child.ts';
import type { Master } from '../test/e2e/master.ts';
import { until } from '../test/e2e/until.ts';
import { readyOf, rowsOf } from '../test/e2e/web-api.ts';
import { katydidCli } from '../test/tools/katydid.ts';
import { type Cores, cores, startOn } from './cores.ts';
import { coreSeconds, cpuSeconds, residentKilobytes } from './process-tree.ts';
import type { Target, UnderLoad } from './target.ts';

/** What a generator is told. */
export interface Setting {
  readonly url: string;
  readonly users: number;
  /** After so many seconds it must end by itself. */
  readonly seconds: number;
  readonly masterPort: number;
}

export type Command = (setting: Setting) => readonly [string, ...string[]];

export interface Generator {
  readonly name: string;
  /** It waits for a master to tell it how many users to run. */
  readonly isWorker?: boolean;
  readonly env?: Record<string, string>;
  /** How many connections so many users have; one each if not given. */
  readonly connections?: (users: number) => number;
  /** Installs what it needs; an error leaves it out. */
  prepare(): Promise<Command>;
}

/** A generator that is there. */
export interface Prepared extends Omit<Generator, 'prepare'> {
  readonly command: Command;
}

/** Where generators are measured. */
export interface Place<Of extends UnderLoad = Target> {
  readonly target: Of;
  readonly master: Master;
}

export interface Timing {
  /** Seconds between the last connection and the window: start-up and compilation are not measured. */
  readonly warmUp: number;
  /** Seconds that are measured. */
  readonly window: number;
}

export interface Sample {
  readonly requests: number;
  /** Seconds, of the generator's process tree. */
  readonly cpu: number;
  /** Seconds. */
  readonly wall: number;
  /** At the end of the window. */
  readonly residentKilobytes: number;
  /** Seconds, of the target. */
  readonly targetCpu: number;
  /** How much of the generator's core other processes took, 0 to 1; no sense if it was not bound to that core. */
  readonly others: number;
}

/** The worker as it is published, with a user file of `bench/users/`. */
export function katydidWorker(name: string, users: string, ...flags: readonly string[]): Generator {
  const fixed = [process.execPath, katydidCli, '--worker', '-f', userFile(users), ...flags] as const;
  return {
    name,
    isWorker: true,
    prepare: async () => (setting) => [...fixed, '--master-port', String(setting.masterPort)],
  };
}

export const userFile = (name: string): string => fileURLToPath(new URL(`users/${name}.ts`, import.meta.url));

/** Prepares all; those that cannot be had are left out, with a line that says why. */
export async function prepareAll(
  generators: readonly Generator[],
  leftOut: (line: string) => void,
): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const generator of generators) {
    try {
      prepared.push({ ...generator, command: await generator.prepare() });
    } catch (error) {
      leftOut(`${generator.name} is left out: ${String(error).split('\n')[0]}`);
    }
  }
  return prepared;
}

/** A generator with its users at work; workers are told by the master. It is ended if that does not come about. */
export async function startLoad(
  place: Place<UnderLoad>,
  generator: Prepared,
  { users, seconds, on = cores.generator, spawnRate = users }: LoadOptions,
): Promise<Child> {
  const { target, master } = place;
  const setting = { url: target.url, users, seconds, masterPort: master.port };
  const child = startOn(on, generator.name, generator.command(setting), generator.env);
  try {
    if (generator.isWorker) {
      await master.web.until(`${generator.name} is ready`, (now) => !child.isAlive || readyOf(now) === 1);
      await master.web.swarm(users, spawnRate);
    }
    const connections = generator.connections?.(users) ?? users;
    const isLoaded = (): boolean => !child.isAlive || target.open >= connections;
    const show = (): string => `it has ${target.open}; ${child.output.slice(-1000)}`;
    await until(`${generator.name} has ${connections} connections`, isLoaded, { limit: 60, show });
    if (!child.isAlive) throw new Error(`${generator.name} has ended: ${child.output.slice(-1000)}`);
  } catch (thrown) {
    // Those that are measured after it must have the master and the target to themselves.
    await endLoad(place, generator, child);
    throw thrown;
  }
  return child;
}

export interface LoadOptions extends Pick<Setting, 'users' | 'seconds'> {
  readonly on?: Cores;
  /** Users a second; all in one by default. */
  readonly spawnRate?: number;
}

/** Ends a generator; the master and the target are then as before. */
export async function endLoad({ target, master }: Place<UnderLoad>, generator: Prepared, child: Child): Promise<void> {
  if (generator.isWorker && child.isAlive) await master.web.stop();
  await child.end(generator.isWorker ? 'SIGTERM' : 'SIGKILL');
  if (generator.isWorker) await master.web.until('no worker is there', ({ workers }) => workers.length === 0, 40);
  await until('the connections are closed', () => target.open === 0);
}

/** What a running generator does in one window. */
export async function observe(target: UnderLoad, child: Child, window: number): Promise<Sample> {
  const pid = child.pid ?? 0;
  await target.counted?.();
  const ofTarget = cpuSeconds(target.pid);
  const before = { requests: target.requests, cpu: cpuSeconds(pid), core: coreSeconds(), at: performance.now() };
  await sleep(window * 1000);
  await target.counted?.();
  const requests = target.requests - before.requests;
  const cpu = cpuSeconds(pid) - before.cpu;
  const wall = (performance.now() - before.at) / 1000;
  const targetCpu = cpuSeconds(target.pid) - ofTarget;
  const others = Math.max(0, coreSeconds() - before.core - cpu) / wall;
  if (!child.isAlive) throw new Error(`${child.name} has ended: ${child.output.slice(-1000)}`);
  return { requests, cpu, wall, targetCpu, others, residentKilobytes: residentKilobytes(pid) };
}

/** Starts one generator, lets it warm up, observes it and ends it. A worker whose requests fail is an error. */
async function measureOnce(
  place: Place<UnderLoad>,
  generator: Prepared,
  options: Omit<LoadOptions, 'seconds'>,
  timing: Timing,
): Promise<Sample> {
  const seconds = Math.ceil(timing.warmUp + timing.window) + 20;
  const child = await startLoad(place, generator, { ...options, seconds });
  try {
    await sleep(timing.warmUp * 1000);
    const sample = await observe(place.target, child, timing.window);
    if (generator.isWorker) {
      const failed = rowsOf(await place.master.web.statistics()).reduce((sum, row) => sum + row.num_failures, 0);
      if (failed > 0) throw new Error(`${failed} requests of ${generator.name} have failed`);
    }
    return sample;
  } finally {
    await endLoad(place, generator, child);
  }
}

/** More than this of its core taken by others, and the sample is taken again. */
export const disturbed = 0.1;

/** One sample; up to `tries`, of which the least disturbed counts, if other processes took much of the core. */
export async function measure(
  place: Place<UnderLoad>,
  generator: Prepared,
  options: Omit<LoadOptions, 'seconds'>,
  timing: Timing,
  tries = 3,
): Promise<Sample> {
  let best = await measureOnce(place, generator, options, timing);
  for (let again = 1; again < tries && best.others > disturbed; again++) {
    const sample = await measureOnce(place, generator, options, timing);
    if (sample.others < best.others) best = sample;
  }
  return best;
}
