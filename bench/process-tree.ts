// Duty: what a process and its children used, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** `getconf CLK_TCK`: 100 on every Linux that this runs on. */
const ticksPerSecond = 100;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it is gone
  }
};

function tree(pid: number): number[] {
  const all = [pid];
  for (const parent of all) {
    let threads: string[];
    try {
      threads = readdirSync(`/proc/${parent}/task`);
    } catch {
      continue;
    }
    for (const thread of threads) {
      all.push(...read(`/proc/${parent}/task/${thread}/children`).split(' ').filter(Boolean).map(Number));
    }
  }
  return all;
}

/** Seconds of user and system time of a process, its children, and those of them that are gone and were waited for. */
export function cpuSeconds(pid: number): number {
  let ticks = 0;
  for (const one of tree(pid)) {
    const fields = read(`/proc/${one}/stat`).split(') ')[1]?.split(' ') ?? [];
    for (const field of fields.slice(11, 15)) ticks += Number(field);
  }
  return ticks / ticksPerSecond;
}

/** Resident kilobytes of a process and its children. */
export function residentKilobytes(pid: number): number {
  let sum = 0;
  for (const one of tree(pid)) sum += Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${one}/status`))?.[1] ?? 0);
  return sum;
}

/** Seconds of user and system time that all processes had on a core, by default the generators', since the machine's start. */
export function coreSeconds(core = 1): number {
  const line = new RegExp(`^cpu${core} +(.*)$`, 'm').exec(read('/proc/stat'))?.[1] ?? '';
  const [user = 0, nice = 0, system = 0] = line.split(' ').map(Number);
  return (user + nice + system) / ticksPerSecond;
}
