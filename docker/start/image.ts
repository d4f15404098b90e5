import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfigFiles } from '../../src/commands/config-files.ts';
import type { Image } from './plan.ts';
import { mounts } from './user-code.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
/** Not in `/opt/locust`, over which an operator mounts, and not in `/opt/venv`, where a chart expects what is ours. */
const locust = '/opt/python-locust/bin/locust';

/** The image that this file is in. */
export const thisImage: Image = {
  node: process.execPath,
  cli: path('../dist/cli.js'),
  locust: existsSync(locust) ? locust : undefined,
  example: path('../users/website.ts'),
  folders: mounts,
  configured: (argv) => readConfigFiles(argv).get('locustfile')?.value.toString(),
  program: (name) =>
    (process.env.PATH ?? '')
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find(isProgram),
};

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
