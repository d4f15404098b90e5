import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import { targetOf } from './atomic-file.ts';

/** What stands in the file beside the locked one. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Tells this process from a later one with the same pid: pods are killed and come back with all of their pids. */
  readonly startedAt: string;
  readonly nonce: string;
}

/** Held until released; the end of the process releases it too. */
export interface FileLock {
  /** Throws if the lock was taken away: by hand, or by who thought that its holder is dead. */
  check(): void;
  release(): void;
}

const pauseMilliseconds = 50;
/** A lock whose holder was not written into it within this time never will be. */
const emptyMilliseconds = 10_000;

/**
 * Keeps a file for this process: against a second one that reads, changes and writes it at the same time. The lock of a
 * dead process is taken over; that of a living one is waited for.
 *
 * @param patienceMilliseconds after this long it is a UsageError that names the holder.
 */
export async function lockFile(path: string, patienceMilliseconds = 5_000): Promise<FileLock> {
  const place = `${targetOf(path)}.lock`;
  const own: Holder = { pid: process.pid, host: hostname(), startedAt: startOf(process.pid), nonce: randomUUID() };
  const end = performance.now() + patienceMilliseconds;
  while (!take(place, own)) {
    const held = read(place);
    if (held !== undefined && isDead(held)) takeAway(place, held.text);
    else if (performance.now() < end) await sleep(pauseMilliseconds);
    else
      throw new UsageError(
        `${path} is being changed by ${who(held)}; try again when it has ended, or delete its lock if it is no more: ${place}`,
      );
  }
  const check = (): void => {
    if (read(place)?.holder?.nonce === own.nonce) return;
    throw new UsageError(`${path} was left as it is: its lock ${place} was taken away`);
  };
  const release = (): void => {
    process.off('exit', release);
    if (read(place)?.holder?.nonce === own.nonce) rmSync(place, { force: true });
  };
  process.on('exit', release);
  return { check, release };
}

function take(place: string, own: Holder): boolean {
  try {
    writeFileSync(place, `${JSON.stringify(own)}\n`, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new UsageError(`${place} cannot be made: ${(thrown as Error).message}`);
  }
}

interface Held {
  readonly text: string;
  readonly holder: Holder | undefined;
  readonly ageMilliseconds: number;
}

function read(place: string): Held | undefined {
  try {
    const { mtimeMs } = statSync(place);
    const text = readFileSync(place, 'utf8');
    return { text, holder: parse(text), ageMilliseconds: Date.now() - mtimeMs };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`${place} cannot be read: ${(thrown as Error).message}`);
  }
}

function parse(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder | null;
    return Number.isSafeInteger(holder?.pid) ? (holder ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

function isDead({ holder, ageMilliseconds }: Held): boolean {
  if (holder === undefined) return ageMilliseconds > emptyMilliseconds;
  // Of other machines that share the folder nothing can be known.
  if (holder.host !== hostname()) return false;
  return !isRunning(holder.pid) || startOf(holder.pid) !== holder.startedAt;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** When a process began, in the system's own words; empty where it does not say. */
function startOf(pid: number): string {
  try {
    const [, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) /);
    return fields.join(') ').split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/**
 * Removes a dead process's lock. Two may try at once, and the slower one would remove the faster one's new lock: so it
 * is moved away first, which only one can, and put back if it is not what was seen.
 */
function takeAway(place: string, seen: string): void {
  const aside = `${place}.${randomUUID()}`;
  try {
    renameSync(place, aside);
    if (readFileSync(aside, 'utf8') !== seen) linkSync(aside, place);
  } catch (thrown) {
    if (!['ENOENT', 'EEXIST'].includes((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown;
  } finally {
    rmSync(aside, { force: true });
  }
}

function who(held: Held | undefined): string {
  if (held?.holder === undefined) return 'another process';
  const { pid, host } = held.holder;
  return `process ${pid}${host === hostname() ? '' : ` on ${host}`}`;
}
