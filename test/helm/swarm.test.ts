import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { Ran } from '../tools/run.ts';
import { chartFolder } from './chart.ts';

/** What a master's web API says of a run in this test. */
interface Told {
  readonly requests: number;
  readonly failures: number;
  readonly state?: string;
  /** Stops are a GET to older masters, and a POST to newer ones. */
  readonly stop?: 'GET' | 'POST';
}

const servers: Server[] = [];

/** A master's web API: it swarms at once, and tells what it is told to. */
async function fakeMaster({
  requests,
  failures,
  state: first = 'ready',
  stop = 'POST',
}: Told): Promise<{ url: string; asked: string[] }> {
  let state = first;
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push(`${request.method} ${request.url} ${body}`.trim());
    if (request.url === '/swarm') state = 'running';
    if (request.url === '/stop' && request.method !== stop) return void response.writeHead(405).end();
    if (request.url === '/stop') state = 'stopped';
    const stats = [{ name: 'Aggregated', num_requests: requests, num_failures: failures }];
    const workers = [{ id: 'a' }, { id: 'b' }];
    const user_count = state === 'running' ? 4 : 0;
    response.end(JSON.stringify({ success: true, message: '', state, stats, workers, user_count, errors: [] }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** The script of `helm test`, told as the chart tells it. */
function helmTest(masters: readonly object[], workers: readonly string[] = []): Promise<Ran> {
  const SWARM = JSON.stringify({ users: 4, seconds: 0.01, maxFailRatio: 0.1 });
  const env = { ...process.env, MASTERS: JSON.stringify(masters), WORKERS: JSON.stringify(workers), SWARM };
  const child = spawn(process.execPath, [join(chartFolder, 'files', 'swarm.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? 1, output })));
}

suite('helm test', () => {
  after(() => {
    for (const server of servers) server.close();
  });

  test('it swarms, stops and reads the statistics back', async () => {
    const { url, asked } = await fakeMaster({ requests: 120, failures: 6 });
    const { code, output } = await helmTest([{ url, workers: 2, host: 'http://target' }]);
    assert.equal(code, 0, output);
    assert.match(output, /120 requests, 6 failures, 2 workers/);
    assert.ok(asked.includes('POST /swarm user_count=4&spawn_rate=4&host=http%3A%2F%2Ftarget'), asked.join('\n'));
    assert.ok(asked.includes('POST /stop'));
  });

  test('it stops an older master, too', async () => {
    const { url, asked } = await fakeMaster({ requests: 120, failures: 0, stop: 'GET' });
    const { code, output } = await helmTest([{ url, workers: 2, host: '' }]);
    assert.equal(code, 0, output);
    assert.ok(asked.includes('GET /stop'));
  });

  test('it fails without requests', async () => {
    const { url } = await fakeMaster({ requests: 0, failures: 0 });
    const { code, output } = await helmTest([{ url, workers: 2, host: '' }]);
    assert.equal(code, 1);
    assert.match(output, /4 users made no request/);
  });

  test('it fails with more failures than are allowed', async () => {
    const { url } = await fakeMaster({ requests: 100, failures: 20 });
    const { code, output } = await helmTest([{ url, workers: 2, host: '' }]);
    assert.equal(code, 1);
    assert.match(output, /20 of 100 requests failed/);
  });

  test('it disturbs no test that runs', async () => {
    const { url, asked } = await fakeMaster({ requests: 100, failures: 0, state: 'running' });
    const { code, output } = await helmTest([{ url, workers: 9, host: '' }]);
    assert.equal(code, 1);
    assert.match(output, /a test runs/);
    assert.deepEqual(asked, ['GET /stats/requests']);
  });

  test('it asks workers of a master of another making whether they are ready', async () => {
    const { url, asked } = await fakeMaster({ requests: 0, failures: 0 });
    const { code, output } = await helmTest([], [`${url}/readyz`]);
    assert.equal(code, 0, output);
    assert.deepEqual(asked, ['GET /readyz']);
  });
});
