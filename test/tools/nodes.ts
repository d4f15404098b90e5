// Runs the unit tests on every Node that katydid promises, each from the npm package `node`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { run } from './run.ts';
import { runTests, testFiles } from './run-tests.ts';

const versions = ['20', '22', '24', 'latest'];

async function findNode(version: string): Promise<string> {
  const home = await cached(`node-${version}`, async (folder) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], { cwd: folder });
  });
  return join(home, 'node_modules', 'node', 'bin', 'node');
}

const files = await testFiles('unit');
for (const version of versions) {
  const node = await findNode(version);
  process.stdout.write(`# Node ${(await run(node, ['--version'])).trim()}\n`);
  const code = await runTests(node, files);
  if (code !== 0) process.exitCode = code;
}
