import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { until } from './router.ts';
import { freePort, listen, numbers, pair, unbound, Worker } from './scene.ts';

test('what was sent before the master comes arrives then, but of many heartbeats only the newest', async () => {
  const port = await freePort();
  const worker = new Worker(port);
  worker.send('ready');
  for (let beat = 0; beat < 50; beat += 1) worker.send(`heartbeat ${beat}`, true);
  worker.send('stats');
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (let beat = 0; beat < 50; beat += 1) worker.send(`late heartbeat ${beat}`, true);
  const master = await listen(port);
  await master.count(3);
  worker.send('end');
  await master.count(4);
  assert.deepEqual(master.texts, ['ready', 'stats', 'late heartbeat 49', 'end']);
});

test('a connection that was lost and is there again is told, a first one and one asked for are not', async () => {
  const { master, worker } = await pair();
  let told = 0;
  worker.socket.onReconnect(() => {
    told += 1;
  });
  worker.send('hello');
  await master.count(1);
  await worker.socket.reconnect();
  worker.send('after a reconnect');
  await master.count(2);
  assert.equal(told, 0);
  master.close();
  await worker.trouble(/is lost/);
  await unbound(master.port);
  worker.send('to the second');
  const second = await listen(master.port);
  await second.count(1);
  assert.equal(told, 1);
});

test('a master that comes back on its port hears the same worker again', async () => {
  const { master, worker } = await pair();
  worker.send('to the first');
  await master.count(1);
  master.close();
  await worker.trouble(/is lost/);
  await unbound(master.port);
  worker.send('to the second');
  const second = await listen(master.port);
  await second.count(1);
  assert.deepEqual(second.received, [{ identity: worker.identity, parts: 1, frame: Buffer.from('to the second') }]);
  await second.send(worker.identity, 'welcome');
  await worker.count(1);
});

test('reconnecting keeps the identity and all frames in order, again and again', async () => {
  const { master, worker } = await pair();
  const texts: string[] = [];
  const say = (text: string): void => {
    texts.push(text);
    worker.send(text);
  };
  for (const round of numbers(5)) {
    say(`before ${round}`);
    const reconnected = worker.socket.reconnect();
    say(`meanwhile ${round}`);
    worker.send('a stale heartbeat', true);
    await reconnected;
    say(`after ${round}`);
    await master.count(texts.length);
    await master.send(worker.identity, round);
    await worker.count(Number(round) + 1);
  }
  assert.deepEqual(master.texts, texts);
  assert.deepEqual(new Set(master.received.map(({ identity }) => identity)), new Set([worker.identity]));
  assert.deepEqual(worker.texts, numbers(5));
});

test('a big frame that is on its way when the transport is replaced arrives whole', async () => {
  const { master, worker } = await pair();
  worker.send('hello');
  await master.count(1);
  worker.send('x'.repeat(50_000_000));
  await worker.socket.reconnect();
  worker.send('after');
  await master.count(3);
  assert.deepEqual(
    master.received.map(({ frame }) => frame.length),
    [5, 50_000_000, 5],
  );
});

test('reconnecting while reconnecting is the same reconnecting', async () => {
  const { master, worker } = await pair();
  worker.send('one');
  await master.count(1);
  const first = worker.socket.reconnect();
  assert.equal(worker.socket.reconnect(), first);
  await first;
  worker.send('two');
  await master.count(2);
});

test('a frame over the limit of the socket costs the connection, which is opened again and told', async () => {
  const { master, worker } = await pair();
  let told = 0;
  worker.socket.onReconnect(() => {
    told += 1;
  });
  worker.send('hello');
  await master.count(1);
  await master.send(worker.identity, Buffer.alloc(90 * 1024 * 1024));
  await worker.trouble(/is lost/);
  worker.send('still here');
  await master.count(2);
  await master.send(worker.identity, 'stop');
  await worker.count(1);
  assert.deepEqual(worker.texts, ['stop']);
  assert.equal(told, 1);
});

test('closing in the middle of reconnecting still delivers what was sent', async () => {
  const { master, worker } = await pair();
  worker.send('one');
  await master.count(1);
  void worker.socket.reconnect();
  worker.send('two');
  await worker.socket.close(5000);
  await master.count(2);
});

test('something that is no master is reported once, and left for the master that comes in its place', async () => {
  let attempts = 0;
  const watchers = new Set<() => void>();
  const stranger = createServer((socket) => {
    attempts += 1;
    for (const look of watchers) look();
    socket.on('error', () => {});
    socket.resume().end('HTTP/1.1 400 Bad Request\r\nServer: someone else altogether\r\nConnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const address = stranger.address();
  assert.ok(typeof address === 'object' && address !== null);
  const worker = new Worker(address.port);
  worker.send('hello');
  await until(
    () => attempts > 3,
    watchers,
    () => 'four attempts',
  );
  await new Promise((resolve) => stranger.close(resolve));
  const master = await listen(address.port);
  await master.count(1);
  assert.equal(worker.troubles.filter((what) => /does not answer as a master/.test(what)).length, 1);
});
