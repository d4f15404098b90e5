// Any npm client: users/redis.ts against a real Redis, which counts the commands itself.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createClient } from 'redis';
import { katydidCli } from '../tools/katydid.ts';
import { need } from '../tools/need.ts';
import { findRedis } from '../tools/redis.ts';
import { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const example = fileURLToPath(new URL('../../users/redis.ts', import.meta.url));

interface Redis {
  readonly url: string;
  readonly child: Child;
  /** Calls of each command so far, as the server has counted them. */
  calls(): Promise<ReadonlyMap<string, number>>;
  connectionsReceived(): Promise<number>;
}

/** Starts a server with no data and no files that outlive it. */
async function startRedis(t: TestContext, command: string, port: number): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), 'katydid-redis-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = new Child('redis', command, args);
  t.after(() => child.end());
  await child.said('Ready to accept connections');
  const url = `redis://127.0.0.1:${port}`;
  const info = async (section: string): Promise<string> => {
    const client = createClient({ url });
    await client.connect();
    const text = await client.info(section);
    client.destroy();
    return text;
  };
  return {
    url,
    child,
    calls: async () => {
      const found = (await info('commandstats')).matchAll(/^cmdstat_(\w+):calls=(\d+)/gm);
      return new Map([...found].map(([, name = '', count]) => [name, Number(count)]));
    },
    connectionsReceived: async () =>
      Number(/^total_connections_received:(\d+)/m.exec(await info('stats'))?.[1] ?? Number.NaN),
  };
}

/** Tries the example out; what it printed, and its exit code. */
async function bench(...args: readonly string[]): Promise<{ readonly code: unknown; readonly output: string }> {
  const child = new Child('katydid bench', process.execPath, [katydidCli, 'bench', example, ...args]);
  return { code: await child.ended, output: child.output };
}

/** Requests and failures of a row of the table. */
function row(output: string, name: string): readonly number[] {
  const found = new RegExp(`^  redis +${name} +(\\d+) +(\\d+) `, 'm').exec(output);
  return found === null ? [] : [Number(found[1]), Number(found[2])];
}

test('what is counted is what the server has counted, command by command', { timeout: 60_000 }, async (t) => {
  const command = await need(t, findRedis);
  if (!command) return;
  const redis = await startRedis(t, command, await freePort());
  const before = await redis.connectionsReceived();
  const { code, output } = await bench('-H', redis.url, '-i', '2000');
  assert.equal(code, 0, output);
  const calls = await redis.calls();
  assert.deepEqual(row(output, 'GET'), [calls.get('get'), 0]);
  assert.deepEqual(row(output, 'INCR'), [calls.get('incr'), 0]);
  assert.equal((calls.get('get') ?? 0) + (calls.get('incr') ?? 0), 2000);
  assert.deepEqual(row(output, 'connect'), [1, 0]);
  // One of the user; two of this test, each of which counts itself.
  assert.equal((await redis.connectionsReceived()) - before, 3);
});

test('a host where no server is: each attempt is a failure with its reason', { timeout: 60_000 }, async (t) => {
  if (!(await need(t, findRedis))) return;
  const port = await freePort();
  const { code, output } = await bench('-H', `redis://127.0.0.1:${port}`, '-i', '3');
  assert.equal(code, 1);
  assert.deepEqual(row(output, 'connect'), [3, 3]);
  assert.deepEqual(row(output, 'GET'), []);
  assert.ok(output.includes(`3 × redis connect: Error('connect ECONNREFUSED 127.0.0.1:${port}')`), output);
});

test('a server that comes back has its users back', { timeout: 60_000 }, async (t) => {
  const command = await need(t, findRedis);
  if (!command) return;
  const port = await freePort();
  const first = await startRedis(t, command, port);
  const args = [katydidCli, 'bench', example, '--waits', '-H', first.url, '-i', '1000000', '-L', 'ERROR'];
  const katydid = new Child('katydid bench', process.execPath, args);
  t.after(() => katydid.end('SIGKILL'));
  const read = (redis: Redis): Promise<boolean> =>
    until('the user reads', async () => ((await redis.calls()).get('get') ?? 0) > 0, { show: () => katydid.output });
  await read(first);
  await first.child.end();
  await katydid.said('ECONNREFUSED');
  await read(await startRedis(t, command, port));
  await katydid.end('SIGINT');
  const [connects = 0, failed = 0] = row(katydid.output, 'connect');
  assert.equal(connects - failed, 2, katydid.output);
});
