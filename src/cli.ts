#!/usr/bin/env node
// argv → one command; the only place where the process is ended.
import { readEnvFile } from './commands/env-file.ts';
import { UsageError } from './errors.ts';

type Command = (argv: readonly string[]) => Promise<number>;

/** Loaded when asked for: `--help` needs none of them, a worker only its own. */
const commands = new Map<string, () => Promise<Command>>([
  ['up', async () => (await import('./commands/up.ts')).up],
  ['locustfile', async () => (await import('./commands/locustfile.ts')).locustfile],
  ['target', async () => (await import('./commands/target.ts')).target],
  ['shape', async () => (await import('./commands/shape.ts')).shape],
  ['bench', async () => (await import('./commands/bench.ts')).bench],
  ['import', async () => (await import('./commands/import.ts')).importRecording],
  ['devices', async () => (await import('./commands/devices.ts')).devices],
  ['bundle', async () => (await import('./commands/bundle.ts')).bundle],
  ['doctor', async () => (await import('./commands/doctor.ts')).doctor],
  ['harvest', async () => (await import('./commands/harvest.ts')).harvestLogs],
  ['cost', async () => (await import('./commands/cost.ts')).cost],
  ['study', async () => (await import('./commands/study.ts')).study],
]);

async function main(argv: readonly string[]): Promise<number> {
  readEnvFile();
  const command = commands.get(argv[0] ?? '');
  if (command !== undefined) return (await command())(argv.slice(1));
  return (await import('./commands/main.ts')).main(argv);
}

try {
  const code = await main(process.argv.slice(2));
  await written(process.stdout);
  process.exit(code);
} catch (thrown) {
  const isUsage = thrown instanceof UsageError;
  process.stderr.write(`katydid: ${isUsage ? thrown.message : (thrown as Error).stack}\n`);
  process.exit(isUsage ? 2 : 70);
}

/** A slow reader's pipe holds 64 KB: what it has not taken yet would be lost. One that has gone wants no more. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
