import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../errors.ts';
import { locustfileOf, onShapeClass } from '../locustfile/locustfile.ts';
import { log } from '../log.ts';
import type { Manifest } from '../swarm/manifest.ts';
import { Pool } from '../swarm/pool.ts';
import { argumentsOf, check, parser } from './arguments.ts';
import { type Flag, logFlags, userFlags } from './flags.ts';
import { setUpLog } from './logging.ts';
import { userFiles } from './user-files.ts';

const flags: Readonly<Record<string, Flag>> = {
  ...userFlags,
  ...logFlags,
  output: { type: 'string', alias: 'o', requiresArg: true, describe: 'Write it to this file instead of stdout' },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

/** What user files hold, read in a load thread as any user code is. */
export async function readManifest(files: readonly string[], userClasses: readonly string[] = []): Promise<Manifest> {
  const settings = {
    files,
    threads: 1,
    clientId: 'manifest',
    kind: 'worker',
    logLevel: 'WARNING',
    userClasses,
  } as const;
  const quiet = { onException: () => {}, onMessage: () => {}, onQuit: () => {}, onHopeless: () => {} };
  const pool = await Pool.start({ ...settings, shard: { index: 0, count: 1 } }, quiet);
  await pool.end(0);
  return pool.manifest;
}

/** `katydid locustfile -f users.ts`: prints the locustfile for an unmodified master. */
export async function locustfile(argv: readonly string[]): Promise<number> {
  const args = await argumentsOf(
    parser(argv, flags).usage(
      'katydid locustfile -f users.ts [classes …]\n\nPrints the locustfile that a Locust master must load for these users.',
    ),
  );
  if (args === undefined) return 0;
  check(args, flags);
  setUpLog(args);
  const manifest = await readManifest(userFiles(args.locustfile as string | undefined), args._.map(String));
  const text = locustfileOf(manifest);
  for (const name of manifest.shapeClasses) log.warning(onShapeClass(name));
  if (args.output === undefined) process.stdout.write(text);
  else write(String(args.output), text);
  return 0;
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (thrown) {
    throw new UsageError(`--output ${file} cannot be written: ${(thrown as Error).message}`);
  }
}
