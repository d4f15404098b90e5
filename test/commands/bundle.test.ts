import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { userFolder } from '../swarm/user-folder.ts';

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const node = ['--import', import.meta.resolve('tsx'), '--import', place('../swarm/threads-from-source.ts')];

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs katydid in this folder. */
function katydid(folder: string, ...argv: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [...node, place('../../src/cli.ts'), ...argv], { cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** A user file with a file beside it, and packages in both module systems. */
const site = {
  'site.ts': `import { HttpUser, type Tasks } from 'katydid';
import { first } from 'modern';
import { second } from 'older';
import { third } from './paths.ts';
export class SiteUser extends HttpUser {
  static tasks = { visit: 1 } satisfies Tasks<SiteUser>;
  async visit(): Promise<void> {
    for (const path of [first, second, third]) await this.client.get(path);
  }
}
`,
  'paths.ts': `export const third: string = '/third';`,
  'node_modules/modern/package.json': '{"name": "modern", "type": "module", "main": "index.js"}',
  'node_modules/modern/index.js': `export const first = '/first';`,
  'node_modules/older/package.json': '{"name": "older", "main": "index.js"}',
  'node_modules/older/index.js': `exports.second = require('node:path').posix.join('/', 'second');`,
};

test('the bundle runs as a user file where its packages are not', async (t) => {
  const folder = await userFolder(t, site);
  const elsewhere = await userFolder(t, {});
  const { code, stderr } = await katydid(folder, 'bundle', 'site.ts', '-o', join(elsewhere, 'site.mjs'));
  assert.equal(code, 0, stderr);
  assert.match(stderr, /site\.mjs has \d KiB of the 1024 KiB/);
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(String(request.url));
    response.end();
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ran = await katydid(elsewhere, '-f', 'site.mjs', '--headless', '-u', '1', '-i', '1', '--host', host);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(paths, ['/first', '/second', '/third']);
});

test('without -o it goes to stdout, smaller if told so, with the names of its classes', async (t) => {
  const folder = await userFolder(t, site);
  const plain = await katydid(folder, 'bundle', 'site.ts');
  assert.match(plain.stdout, /SiteUser = class/);
  const small = await katydid(folder, 'bundle', '--minify', 'site.ts');
  assert.ok(small.stdout.length < plain.stdout.length * 0.9);
  await writeFile(join(folder, 'small.mjs'), small.stdout);
  const { stdout } = await katydid(folder, '-f', 'small.mjs', '--list');
  assert.match(stdout, /SiteUser/);
});

test('more than a ConfigMap holds is refused, with what takes the place', async (t) => {
  const folder = await userFolder(t, { ...site, 'paths.ts': `export { third } from 'large';` });
  await mkdir(join(folder, 'node_modules', 'large'));
  const text = JSON.stringify('x'.repeat(1024 * 1024));
  await writeFile(join(folder, 'node_modules', 'large', 'index.js'), `export const third = '/' + ${text}.length;`);
  const { code, stderr } = await katydid(folder, 'bundle', 'site.ts', '-o', 'site.mjs');
  assert.equal(code, 2);
  assert.match(stderr, /has 10\d\d KiB, and a ConfigMap holds 1024 KiB \(the largest: large 1025 KiB/);
  await assert.rejects(readFile(join(folder, 'site.mjs')), /ENOENT/);
});

test('a file that reads what lies beside it is named', async (t) => {
  const paths = `export const third: string = new URL('./data.csv', import.meta.url).pathname;`;
  const folder = await userFolder(t, { ...site, 'paths.ts': paths });
  const { code, stderr } = await katydid(folder, 'bundle', 'site.ts', '-o', 'out/site.mjs');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /paths\.ts asks where it lies \(import\.meta\.url\)/);
  assert.doesNotMatch(stderr, /site\.ts asks/);
});

test('what does not compile, or is not there, is told with its place', async (t) => {
  const folder = await userFolder(t, { 'broken.ts': `import 'missing';\nexport const a: number = ;\n` });
  assert.match((await katydid(folder, 'bundle', 'broken.ts')).stderr, /cannot be bundled:\n {2}broken\.ts:2:26: /);
  assert.match((await katydid(folder, 'bundle', 'none.ts')).stderr, /none\.ts/);
  assert.match((await katydid(folder, 'bundle')).stderr, /no user file: katydid bundle/);
});
