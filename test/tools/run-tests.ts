// Runs test files with node:test, all of them as one run with one result: `run-tests.ts [unit]`.
// Node 20 expands no globs itself, so the files are found here.
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from './katydid.ts';

const verdict = new URL('verdict.mjs', import.meta.url).href;

/** Folders whose tests start masters, workers and browsers; the others need nothing but Node. */
const system = /^(conform|e2e)\//;

/** The test files, as paths from the project's folder. */
export async function testFiles(kind: 'unit' | 'all'): Promise<readonly string[]> {
  const found = await readdir(join(projectFolder, 'test'), { recursive: true });
  const tests = found.filter((file) => file.endsWith('.test.ts') && (kind === 'all' || !system.test(file)));
  return tests.sort().map((file) => join('test', file));
}

/** Runs the files under one Node, with its output here; returns the exit code. */
export async function runTests(node: string, files: readonly string[]): Promise<number> {
  const reporter = process.stdout.isTTY ? 'spec' : 'tap';
  // most of the time of the system tests is waiting, so two files at once fit on one core
  const flags = ['--import', 'tsx', '--test', '--test-concurrency=2'];
  const reports = [verdict, 'stderr', reporter, 'stdout'];
  for (const [at, value] of reports.entries()) {
    flags.push(at % 2 === 0 ? `--test-reporter=${value}` : `--test-reporter-destination=${value}`);
  }
  const child = spawn(node, [...flags, ...files], { cwd: projectFolder, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await runTests(process.execPath, await testFiles(process.argv[2] === 'unit' ? 'unit' : 'all'));
}
