// Duty: finds, or makes once, the programs of others that the tests need, in a cache outside the project.
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { whileLocked } from './lock.ts';

/** The folder that keeps what was made: `$KATYDID_TOOLS`, else `~/.cache/katydid`. */
const toolsFolder = (): string => process.env.KATYDID_TOOLS ?? join(homedir(), '.cache', 'katydid');

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * The folder of one tool, made by `make` if it is not there. `make` fills a folder with a temporary name that is
 * renamed when it is whole, so that a torn one is never found; two makers wait for each other.
 *
 * @example await cached('locust-2.47.0', (folder) => run('python3', ['-m', 'venv', folder]));
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const home = join(toolsFolder(), name);
  if (await exists(home)) return home;
  await mkdir(toolsFolder(), { recursive: true });
  await whileLocked(`${home}.lock`, async () => {
    if (await exists(home)) return;
    const draft = `${home}.${process.pid}.draft`;
    try {
      await make(draft);
      await rename(draft, home);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  });
  return home;
}
