import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { BuildFailure, Metafile } from 'esbuild';
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { argumentsOf, check, parser } from './arguments.ts';
import { type Flag, logFlags } from './flags.ts';
import { setUpLog } from './logging.ts';
import { userFiles } from './user-files.ts';

/** What Kubernetes lets a ConfigMap hold, bytes. */
const most = 1024 * 1024;
const flags: Readonly<Record<string, Flag>> = {
  output: { type: 'string', alias: 'o', requiresArg: true, describe: 'Write it to this file instead of stdout' },
  minify: { type: 'boolean', describe: 'Smaller; lines of stacks are of no use then' },
  ...logFlags,
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};
const usage = `katydid bundle users.ts -o users.mjs

Makes one file of user files and the packages that they import, which fits a ConfigMap (1 MiB) and needs no package
but katydid.`;

/** `katydid bundle`: user files as one module that is a user file again. */
export async function bundle(argv: readonly string[]): Promise<number> {
  const args = await argumentsOf(parser(argv, flags).usage(usage));
  if (args === undefined) return 0;
  check(args, flags);
  setUpLog(args);
  const files = args._.flatMap((file) => userFiles(String(file)));
  if (files.length === 0) throw new UsageError('no user file: katydid bundle users.ts -o users.mjs');
  const { code, inputs } = await bundled(files, args.minify === true);
  const bytes = Buffer.byteLength(code);
  if (bytes > most) throw new UsageError(tooLarge(bytes, inputs, args.minify === true));
  for (const path of inputs.keys()) warnOfFiles(path);
  if (args.output === undefined) process.stdout.write(code);
  else write(String(args.output), code);
  log.info(`${basename(String(args.output ?? 'the bundle'))} has ${kib(bytes)} of the 1024 KiB that a ConfigMap holds`);
  return 0;
}

/** One module of the files, and of what it is made: path → bytes in it. */
async function bundled(
  files: readonly string[],
  minify: boolean,
): Promise<{ readonly code: string; readonly inputs: ReadonlyMap<string, number> }> {
  const { build, stop } = await import('esbuild');
  const contents = files.map((file) => `export * from ${JSON.stringify(resolve(file))};`).join('\n');
  const result = await build({
    stdin: { contents, resolveDir: process.cwd(), sourcefile: 'katydid-bundle.ts' },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // One instance of katydid runs the users: the one that loads this file.
    external: ['katydid'],
    // Classes show by their names in the master.
    ...{ keepNames: true, minify, logLevel: 'silent' },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  })
    .catch((thrown: unknown) => {
      throw asUsageError(thrown);
    })
    .finally(() => stop());
  const code = result.outputFiles[0]?.text;
  if (code === undefined) throw new Error('esbuild gave no output');
  return { code, inputs: inputsOf(result.metafile) };
}

function inputsOf({ outputs }: Metafile): Map<string, number> {
  const all = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return new Map(
    all.filter(([path]) => path !== 'katydid-bundle.ts').map(([path, part]) => [path, part.bytesInOutput]),
  );
}

/** What lies beside a source file does not come along; its address becomes the bundle's. */
function warnOfFiles(path: string): void {
  if (!/\.[cm]?[jt]s$/.test(path)) return;
  const [found] =
    /\bimport\.meta\.(url|dirname|filename)\b|\b__(dirname|filename)\b/.exec(readFileSync(path, 'utf8')) ?? [];
  if (found === undefined) return;
  log.warning(
    `${shown(path)} asks where it lies (${found}): files that it reads from there are not in the bundle, and must lie ` +
      'beside that: as further keys of the ConfigMap, for instance',
  );
}

function tooLarge(bytes: number, inputs: ReadonlyMap<string, number>, isMinified: boolean): string {
  const packages = new Map<string, number>();
  for (const [path, part] of inputs) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? shown(path);
    packages.set(name, (packages.get(name) ?? 0) + part);
  }
  const largest = [...packages].sort(([, a], [, b]) => b - a).slice(0, 3);
  const parts = largest.map(([name, part]) => `${name} ${kib(part)}`).join(', ');
  const advice = isMinified ? '' : '--minify makes it smaller; ';
  return (
    `the bundle has ${kib(bytes)}, and a ConfigMap holds 1024 KiB (the largest: ${parts}); ${advice}a volume, a ` +
    'repository or an image may hold more: users.source of the chart'
  );
}

const kib = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`;

function asUsageError(thrown: unknown): unknown {
  const { errors } = thrown as Partial<BuildFailure>;
  if (errors === undefined) return thrown;
  const lines = errors.map(({ text, location }) => {
    return location === null ? text : `${shown(location.file)}:${location.line}:${location.column + 1}: ${text}`;
  });
  return new UsageError(`the user file cannot be bundled:\n  ${lines.join('\n  ')}`);
}

/** A path as the person would type it. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? resolve(path) : near;
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (thrown) {
    throw new UsageError(`--output ${file} cannot be written: ${(thrown as Error).message}`);
  }
}
