import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { katydidCli, projectFolder } from '../tools/katydid.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { Scene } from './scene.ts';
import { rowsOf, totalOf, WebApi } from './web-api.ts';

const website = join(projectFolder, 'users', 'website.ts');

/** All scripts that a katydid process and its threads have loaded, as V8's coverage names them. */
async function scriptsLoaded(args: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'katydid-scripts-'));
  try {
    const child = new Child('katydid', process.execPath, [katydidCli, ...args], { NODE_V8_COVERAGE: folder });
    assert.equal(await child.ended, 0, child.output);
    const reports = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
    return reports.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('a user file with HTTP users only loads no gRPC and no MQTT', async () => {
  const scripts = await scriptsLoaded(['locustfile', '-f', website]);
  assert.ok(
    scripts.some((url) => url.includes('/node_modules/undici/')),
    'what is loaded is seen',
  );
  assert.deepEqual(
    scripts.filter((url) => /\/node_modules\/(@grpc|mqtt)/.test(url)),
    [],
  );
});

test('--help loads neither the socket nor the bundler', async () => {
  const scripts = await scriptsLoaded(['--help']);
  assert.ok(scripts.some((url) => url.includes('/commands/main.js')));
  assert.deepEqual(
    scripts.filter((url) => /\/node_modules\/(zeromq|esbuild|undici)/.test(url)),
    [],
  );
});

test('a worker is acknowledged soon after its start', { timeout: 60_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const scene = await Scene.open(t, locust, { users: website, workers: 0 });
  const began = performance.now();
  const worker = scene.addWorker();
  await worker.said('has taken this worker');
  t.diagnostic(`acknowledged ${Math.round(performance.now() - began)} ms after the command`);
});

test('katydid up: a swarm in one command, and after Ctrl-C nothing is left', { timeout: 90_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const [webPort, port] = [await freePort(), await freePort()];
  const ports = ['--web-port', `${webPort}`, '--master-bind-port', `${port}`];
  const args = ['up', '-f', website, '--target', 'website', '--processes', '2', '--locust', locust.command, ...ports];
  const up = new Child('katydid up', process.execPath, [katydidCli, ...args]);
  t.after(() => up.end('SIGKILL'));
  await up.said('katydid is up', 60);
  const web = new WebApi(`http://127.0.0.1:${webPort}`, newestLocust);
  await web.swarm(20, 20);
  await web.until('requests are made', (now) => totalOf(now) >= 30);
  const names = rowsOf(await web.statistics()).map(({ method, name }) => `${method} ${name}`);
  assert.ok(names.includes('POST /login') && names.includes('GET /'), names.join());
  assert.equal(await up.end('SIGINT', 20), 0);
  const left = await processesWith(`${port}`);
  assert.deepEqual(left, []);
});

/** Command lines of processes that have this argument. */
async function processesWith(argument: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.split('\0').includes(argument));
}
