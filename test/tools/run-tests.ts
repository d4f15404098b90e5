// Runs test files with node:test, all of them as one run with one result: `run-tests.ts [unit] [--twice]`.
// Node 20 expands no globs itself, so the files are found here.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from './katydid.ts';

const verdict = new URL('verdict.mjs', import.meta.url).href;

/** Folders whose tests start masters, workers and browsers; the others need nothing but Node. */
const system = /^(conform|e2e)\//;

/** Run by `test/docker/run`, which builds the images that they need. */
const elsewhere = /^docker\/(health|image|operators)\.test\.ts$/;

/** It waits for minutes, so it begins first, and beside the others. */
const longest = 'e2e/study-example.test.ts';

/** The test files, as paths from the project's folder. */
export async function testFiles(kind: 'unit' | 'all'): Promise<readonly string[]> {
  const found = await readdir(join(projectFolder, 'test'), { recursive: true });
  const tests = found.filter((file) => file.endsWith('.test.ts') && !elsewhere.test(file));
  return tests
    .filter((file) => kind === 'all' || !system.test(file))
    .sort((a, b) => Number(b === longest) - Number(a === longest) || (a < b ? -1 : 1))
    .map((file) => join('test', file));
}

/** Runs the files under one Node, with its output here; returns the exit code. */
export async function runTests(node: string, files: readonly string[]): Promise<number> {
  const reporter = process.stdout.isTTY ? 'spec' : 'tap';
  // most of the time of the system tests is waiting, so two files at once fit on one core, and the longest beside them
  const flags = ['--import', 'tsx', '--test', '--test-concurrency=3'];
  const reports = [verdict, 'stderr', reporter, 'stdout'];
  for (const [at, value] of reports.entries()) {
    flags.push(at % 2 === 0 ? `--test-reporter=${value}` : `--test-reporter-destination=${value}`);
  }
  const child = spawn(node, [...flags, ...files], { cwd: projectFolder, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

/** More files than these do not fail by chance. */
const mostByChance = 3;

/**
 * Runs the files; those in which a test failed, if they are few, once more, alone and one after the other: what passes
 * then failed because the machine was busy, and is named. What is wrong fails twice.
 */
export async function runTestsTwice(node: string, files: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'katydid-tests-'));
  try {
    const list = join(folder, 'failed');
    process.env.KATYDID_FAILED = list;
    const code = await runTests(node, files);
    delete process.env.KATYDID_FAILED;
    const lines = await readFile(list, 'utf8').catch(() => '');
    const failed = [...new Set(lines.split('\n').filter((line) => line !== ''))];
    if (code === 0 || failed.length === 0 || failed.length > mostByChance) return code;
    process.stderr.write(`once more, alone: ${failed.join(', ')}\n`);
    for (const file of failed) {
      const again = await runTests(node, [file]);
      if (again !== 0) return again;
      process.stderr.write(`unstable: ${file} failed at first, and passed alone\n`);
    }
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const [kind, ...rest] = process.argv.slice(2);
  const files = await testFiles(kind === 'unit' ? 'unit' : 'all');
  const run = [kind, ...rest].includes('--twice') ? runTestsTwice : runTests;
  process.exitCode = await run(process.execPath, files);
}
