import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { decodeMessage, encodeMessage } from '../../src/protocol/codec.ts';
import { BrokenFrameError } from '../../src/protocol/message.ts';
import { MasterSocket } from '../../src/protocol/socket.ts';
import { freePort, listen, numbers, pair, Worker } from './scene.ts';

test('the master sees the identity, and one frame without a delimiter', async () => {
  const { master, worker } = await pair();
  worker.send('hello');
  await master.count(1);
  assert.deepEqual(master.received, [{ identity: worker.identity, parts: 1, frame: Buffer.from('hello') }]);
});

test('frames arrive in order, both ways, however many are sent at once', async () => {
  const { master, worker } = await pair();
  const texts = numbers(900);
  for (const text of texts) worker.send(text);
  await master.count(texts.length);
  assert.deepEqual(master.texts, texts);
  for (const text of texts) await master.send(worker.identity, text);
  await worker.count(texts.length);
  assert.deepEqual(worker.texts, texts);
});

test('a frame of 64 MB is handed over, refused by the codec, and the next order is heard', async () => {
  const { master, worker } = await pair();
  worker.send('hello');
  await master.count(1);
  await master.send(worker.identity, Buffer.alloc(64 * 1024 * 1024, 0x90));
  await master.send(worker.identity, 'stop');
  await worker.count(2);
  assert.throws(() => decodeMessage(worker.frames[0] ?? Buffer.of()), BrokenFrameError);
  assert.equal(worker.texts[1], 'stop');
});

test('a message of several parts is dropped and reported', async () => {
  const { master, worker } = await pair();
  worker.send('hello');
  await master.count(1);
  await master.send(worker.identity, 'one', 'two');
  await master.send(worker.identity, 'good');
  await worker.count(1);
  assert.deepEqual(worker.texts, ['good']);
  assert.match(worker.troubles.join(), /message of 2 parts was dropped/);
});

test('a listener that throws is reported, and hears the next frame', async () => {
  const { master, worker } = await pair();
  worker.socket.onFrame(() => {
    throw new Error('cannot obey');
  });
  worker.send('hello');
  await master.count(1);
  await master.send(worker.identity, 'one');
  await master.send(worker.identity, 'two');
  await worker.count(2);
  assert.match(worker.troubles.join(), /cannot obey/);
});

test('closing delivers what was sent', async () => {
  const { master, worker } = await pair();
  const texts = numbers(500);
  for (const text of texts) worker.send(text);
  worker.send('x'.repeat(50_000_000));
  await worker.socket.close(5000);
  worker.send('too late');
  await master.count(501);
  assert.deepEqual(master.texts.slice(0, 500), texts);
  assert.equal(master.received[500]?.frame.length, 50_000_000);
  assert.equal(master.received.length, 501);
});

test('closing waits no longer than it is told to for a master that is not there', async () => {
  const worker = new Worker(await freePort());
  worker.send('to nobody');
  const start = performance.now();
  await worker.socket.close(200);
  const waited = performance.now() - start;
  assert.ok(waited >= 195 && waited < 3000, `${waited} ms`);
});

test('a closed socket stays closed', async () => {
  const { master, worker } = await pair();
  worker.send('one');
  await master.count(1);
  const closing = worker.socket.close(100);
  assert.equal(worker.socket.close(100), closing);
  await closing;
  await worker.socket.reconnect();
  worker.send('two');
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(master.received.length, 1);
});

test('the last order of a master that goes away at once is heard', async () => {
  const { master, worker } = await pair();
  worker.send('hello');
  await master.count(1);
  await master.send(worker.identity, 'quit');
  await worker.count(1);
  master.close();
  assert.deepEqual(worker.texts, ['quit']);
});

test('a host without an address is reported and does not end anything', async () => {
  const worker = new Worker(5557, 'no-such-host.invalid');
  await worker.trouble(/'no-such-host.invalid' cannot be resolved/);
  worker.send('hello');
  await worker.socket.close(10);
});

test('an IPv6 address is connected to', async (t) => {
  const master = await listen(0, '[::1]').catch(() => undefined);
  if (master === undefined) return t.skip('no IPv6 here');
  const worker = new Worker(master.port, '::1');
  worker.send('hello');
  await master.count(1);
});

test('a port that is none is told at once', () => {
  for (const port of [0, -1, 65536, 1.5, Number.NaN]) {
    assert.throws(() => new MasterSocket({ host: '127.0.0.1', port, identity: 'w' }), UsageError);
  }
});

test('what the codec writes arrives as it was written', async () => {
  const { master, worker } = await pair();
  const frame = encodeMessage({ type: 'clientReady' }, worker.identity);
  worker.socket.send(frame);
  await master.count(1);
  assert.deepEqual(new Uint8Array(master.received[0]?.frame ?? Buffer.of()), frame);
});
