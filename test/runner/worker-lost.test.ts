import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { make, running } from './worker-under-test.ts';

test('reconnect is obeyed, and nothing else happens', async () => {
  const worker = await running();
  const { length } = worker.words();
  worker.master.order('reconnect');
  await worker.settle();
  assert.equal(worker.master.reconnects, 1);
  assert.equal(worker.words().length, length);
});

test('a spawn is dropped while the master does not know this worker', async () => {
  const worker = make();
  worker.spawn({ A: 3 });
  await worker.settle();
  assert.deepEqual(worker.words(), ['client_ready']);
  await worker.acknowledge();
  assert.deepEqual(worker.pool.done, []);
});

test('a stop before the acknowledgement is not answered', async () => {
  const worker = make();
  worker.master.order('stop');
  await worker.settle();
  assert.deepEqual(worker.words(), ['client_ready']);
  assert.deepEqual(worker.pool.done, ['stop 0']);
});

/** Lets the monotonic clock leap; the worker looks at it each second. */
function leap(seconds: number): void {
  const real = performance.now.bind(performance);
  mock.method(performance, 'now', () => real() + seconds * 1000);
}

test('a lost master: the users are stopped, and only client_stopped and client_ready are said until it answers', async () => {
  const worker = await running();
  worker.master.order('heartbeat');
  await worker.settle();
  leap(70);
  const from = worker.master.said.length;
  await worker.said('client_ready', 2);
  worker.runner.tellException('meanwhile', 'meanwhile');
  worker.spawn({ A: 9 });
  await worker.settle();
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const said = worker.master.said.slice(from).map(({ type }) => type);
  assert.deepEqual(said, ['client_stopped', 'client_ready']);
  assert.deepEqual(worker.pool.done, ['resize {"A":2,"B":1}', 'stop 0']);
  assert.match(worker.texts('WARNING').at(-1) ?? '', /^the master has been silent for 7\d s; stopping the users/);

  worker.master.order('ack', { index: 4 });
  await worker.said('exception');
  worker.spawn({ A: 1 }, { timestamp: 0.5 });
  await worker.said('spawning_complete', 2);
  assert.equal(worker.pool.tests.at(-1)?.isNew, true);
});

test('a connection that comes back to an old master: it is asked anew', async () => {
  const worker = await running();
  worker.master.comeBack();
  await worker.said('client_ready', 2);
  assert.deepEqual(worker.words().slice(-2), ['client_stopped', 'client_ready']);
  assert.match(worker.texts('WARNING').at(-1) ?? '', /^the connection to the master was lost and made again/);
});
