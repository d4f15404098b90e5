import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptySnapshot } from '../../src/stats/snapshot.ts';
import { make, ready, running } from './worker-under-test.ts';

test('a stop delivers what was measured before client_stopped, then asks for work again', async () => {
  const worker = await running();
  const { total, ...rest } = emptySnapshot(1000);
  worker.pool.stats = { ...rest, total: { ...total, numRequests: 77 } };
  const from = worker.master.said.length;
  worker.master.order('stop');
  await worker.said('client_ready', 2);
  const said = worker.master.said.slice(from).filter(({ type }) => type !== 'heartbeat');
  assert.deepEqual(
    said.map(({ type }) => type),
    ['stats', 'client_stopped', 'client_ready'],
  );
  const report = said[0]?.data as { stats_total: { num_requests: number }; user_count: number } | undefined;
  assert.deepEqual([report?.stats_total.num_requests, report?.user_count], [77, 0]);
  assert.deepEqual(worker.pool.done, ['resize {"A":2,"B":1}', 'stop 0']);
});

test('a worker without users answers a stop in the same way', async () => {
  const worker = await ready();
  worker.master.order('stop');
  await worker.said('client_ready', 2);
  assert.deepEqual(worker.words(), ['client_ready', 'client_stopped', 'client_ready']);
});

test('after a stop the worker is ready again when stop_timeout is over, not before', async () => {
  const worker = await running({ A: 1, B: 0 }, { stop_timeout: 0.2 });
  worker.master.order('stop');
  await worker.said('client_stopped');
  const stopped = performance.now();
  await worker.said('client_ready', 2);
  assert.ok(performance.now() - stopped > 170);
  assert.deepEqual(worker.pool.done.at(-1), 'stop 0.2');
});

test('the additional wait comes on top of stop_timeout', async () => {
  const worker = await ready({ additionalWait: 0.2 });
  worker.master.order('stop');
  await worker.said('client_stopped');
  const stopped = performance.now();
  await worker.said('client_ready', 2);
  assert.ok(performance.now() - stopped > 170);
});

test('a spawn that comes during a stop is carried out after it', async () => {
  const worker = await running();
  worker.pool.stopping.isOpen = false;
  worker.master.order('stop');
  worker.spawn({ A: 4 });
  await worker.settle();
  assert.equal(worker.data('spawning').length, 1);
  worker.pool.stopping.open();
  await worker.said('client_ready', 2);
  worker.master.order('ack', { index: 3 });
  await worker.said('spawning_complete', 2);
  assert.deepEqual(worker.pool.done.slice(1), ['stop 0', 'resize {"A":4}']);
});

test('a stop during a spawn: no spawning_complete comes after client_stopped', async () => {
  const worker = await ready();
  worker.pool.resizing.isOpen = false;
  worker.spawn({ A: 4 });
  worker.master.order('stop');
  await worker.said('client_stopped');
  worker.pool.resizing.open();
  await worker.settle();
  assert.equal(worker.data('spawning_complete').length, 0);
});

test('a quit stops the users, delivers the last report, takes leave, and ends with 0', async () => {
  const worker = await running();
  const from = worker.master.said.length;
  worker.master.order('quit');
  assert.equal(await worker.ended, 0);
  const said = worker.master.said.slice(from).map(({ type }) => type);
  assert.deepEqual(said, ['stats', 'quit']);
  assert.deepEqual(worker.pool.done.slice(1), ['stop 0', 'quitting', 'end 0']);
  assert.ok(worker.master.isClosed);
});

test('with a long stop_timeout a report goes out before the users are waited for', async () => {
  const worker = await running({ A: 1, B: 0 }, { stop_timeout: 5 });
  worker.pool.stopping.isOpen = false;
  const reports = worker.data('stats').length;
  worker.master.order('quit');
  await worker.said('stats', reports + 1);
  worker.pool.stopping.open();
  await worker.ended;
  assert.equal(worker.data('stats').length, reports + 2);
});

test('a second quit does nothing, nor does any order after it', async () => {
  const worker = await running();
  void worker.runner.quit('got SIGTERM', 1);
  void worker.runner.quit('got SIGTERM', 7);
  worker.master.order('quit');
  worker.master.order('stop');
  worker.spawn({ A: 9 });
  assert.equal(await worker.ended, 1);
  assert.equal(worker.data('quit').length, 1);
  assert.deepEqual(worker.pool.done.slice(1), ['stop 0', 'quitting', 'end 1']);
});

test('the exit code of user code wins', async () => {
  const worker = await ready();
  worker.pool.exitCode = 42;
  worker.master.order('quit');
  assert.equal(await worker.ended, 42);
});

test('a quit before the acknowledgement takes its request back, and says nothing else', async () => {
  const worker = make();
  void worker.runner.quit('got SIGINT');
  assert.equal(await worker.ended, 0);
  assert.deepEqual(worker.words(), ['client_ready', 'quit']);
});

test('a quit during a stop ends it at once', async () => {
  const worker = await running({ A: 1, B: 0 }, { stop_timeout: 2 });
  worker.master.order('stop');
  await worker.said('client_stopped');
  const began = performance.now();
  worker.master.order('quit');
  assert.equal(await worker.ended, 0);
  assert.ok(performance.now() - began < 1900);
  assert.deepEqual(worker.words().slice(-2), ['client_stopped', 'quit']);
});

test('a master that does not answer within --max-connect-time: exit code 1, said once', async () => {
  const worker = make({ maxConnectTime: 0.05 });
  assert.equal(await worker.ended, 1);
  assert.deepEqual(worker.texts('ERROR'), [
    'no master at host:5557 answered within 0.05 s (--max-connect-time); is it there?',
  ]);
  assert.deepEqual(worker.words(), ['client_ready']);
});
