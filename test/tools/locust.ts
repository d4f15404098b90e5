import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { run } from './run.ts';

/** The masters that katydid obeys: the oldest, two in between, the newest. */
export const locustVersions = ['2.12.1', '2.20.1', '2.32.10', '2.47.0'] as const;
export type LocustVersion = (typeof locustVersions)[number];
export const newestLocust: LocustVersion = '2.47.0';

/** An unmodified Locust of one version: its command, and the Python that has it (with pyzmq and msgpack). */
export interface Locust {
  readonly version: LocustVersion;
  readonly command: string;
  readonly python: string;
}

/** pip writes absolute paths into its scripts; this one still works after the folder was renamed. */
const movableScript = '#!/bin/sh\nexec "$(dirname "$0")/python" -m locust "$@"\n';

/** Finds the Locust of that version in the tools' folder, or installs it there into a virtual environment. */
export async function findLocust(version: LocustVersion): Promise<Locust> {
  const home = await cached(`locust-${version}`, async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    const python = join(folder, 'bin', 'python');
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `locust==${version}`]);
    await writeFile(join(folder, 'bin', 'locust'), movableScript);
    await chmod(join(folder, 'bin', 'locust'), 0o755);
  });
  return { version, command: join(home, 'bin', 'locust'), python: join(home, 'bin', 'python') };
}
