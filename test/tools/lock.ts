import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Whether the file could be made by us alone; a lock whose process is gone is taken away for the next try. */
async function take(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (owner > 0 && !isAlive(owner)) await rm(file, { force: true });
  return false;
}

/** Runs `work` while no other process of this machine runs one under the same lock file. Waits ten minutes at most. */
export async function whileLocked(file: string, work: () => Promise<void>): Promise<void> {
  const end = Date.now() + 600_000;
  while (!(await take(file))) {
    if (Date.now() > end) throw new Error(`${file} is held for ten minutes`);
    await sleep(200);
  }
  try {
    await work();
  } finally {
    await rm(file, { force: true });
  }
}
