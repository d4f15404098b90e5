import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { Metrics } from '../../src/monitor/metrics.ts';
import { type Health, Monitor } from '../../src/monitor/monitor.ts';

const metrics = new Metrics(() => ({
  ...{ state: 'ready', users: new Map(), heartbeatsSent: 0, heartbeatsReceived: 0 },
  ...{ reconnects: 0, brokenMessages: 0, droppedMessages: 0 },
}));

async function open(t: TestContext, health: () => Health): Promise<string> {
  const monitor = await Monitor.listen(0, '127.0.0.1', health, metrics);
  t.after(() => monitor.close());
  return `http://127.0.0.1:${monitor.port}`;
}

test('a worker is alive whatever its master does, and ready when the master knows it', async (t) => {
  let health: Health = { state: 'connecting', isReady: false };
  const url = await open(t, () => health);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.equal((await fetch(`${url}/readyz`)).status, 503);
  health = { state: 'ready', isReady: true };
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
  assert.equal(await (await fetch(`${url}/readyz?verbose`)).text(), 'ready, ready\n');
});

test('metrics say their media type', async (t) => {
  const url = await open(t, () => ({ state: 'ready', isReady: true }));
  const response = await fetch(`${url}/metrics`);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  assert.match(await response.text(), /^katydid_state\{state="ready"\} 1$/m);
});

test('another path is told what there is, another method what is expected', async (t) => {
  const url = await open(t, () => ({ state: 'ready', isReady: true }));
  const missing = await fetch(url);
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /\/healthz, \/readyz and \/metrics/);
  assert.equal((await fetch(`${url}/healthz`, { method: 'POST' })).status, 405);
});

test('a port that is taken is said with what to do', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  await assert.rejects(
    Monitor.listen(port, '127.0.0.1', () => ({ state: 'ready', isReady: true }), metrics),
    (thrown) => thrown instanceof UsageError && /EADDRINUSE.*give another --health-port/.test(thrown.message),
  );
});
