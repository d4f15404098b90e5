// Becomes the program that the container's arguments ask for: no process stays between it and init.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/errors.ts';
import { thisImage } from './image.ts';
import { type Plan, planOf } from './plan.ts';

try {
  const plan = planOf(process.argv.slice(2), process.env, thisImage);
  if (plan.note !== undefined) process.stderr.write(`katydid: ${plan.note}\n`);
  process.env.TMPDIR = writableFolder();
  become(plan.stubOf === undefined ? plan : withStub(plan, plan.stubOf));
} catch (thrown) {
  process.stderr.write(`katydid: ${thrown instanceof UsageError ? thrown.message : (thrown as Error).stack}\n`);
  process.exit(thrown instanceof UsageError ? 2 : 70);
}

/** Written anew at each start, from the files that the workers have too: the two cannot disagree. */
function withStub(plan: Plan, files: readonly string[]): Plan {
  const stub = join(mkdtempSync(join(tmpdir(), 'katydid-')), 'locustfile.py');
  try {
    const argv = [thisImage.cli, 'locustfile', '-f', files.join(','), '-o', stub];
    execFileSync(thisImage.node, argv, { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (thrown) {
    // It has said what was wrong.
    process.exit((thrown as { status?: number | null }).status ?? 70);
  }
  return { ...plan, argv: ['-f', stub, ...plan.argv] };
}

/** Where a file can be written in a container whose root cannot: shared memory is there without any volume. */
function writableFolder(): string {
  const usual = tmpdir();
  return [usual, '/dev/shm'].find(isWritable) ?? usual;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function become({ program, argv, env }: Plan): void {
  const all = { ...env, TMPDIR: process.env.TMPDIR };
  const defined = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  // Of Node 22.15 and newer, which the types of the oldest supported one do not have.
  const { execve } = process as unknown as {
    execve(file: string, args: readonly string[], env: Readonly<Record<string, string>>): never;
  };
  execve.call(process, program, [program, ...argv], Object.fromEntries(defined));
}
