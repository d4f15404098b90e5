import assert from 'node:assert/strict';
import { test } from 'node:test';
import { options } from '../swarm/options.ts';
import { make, ready, running } from './worker-under-test.ts';

test('nothing but client_ready is said before the master acknowledges', async () => {
  const worker = make();
  await worker.settle();
  worker.runner.tellException('too early', 'too early');
  await worker.settle();
  assert.deepEqual(
    worker.master.said.map(({ type }) => type),
    ['client_ready'],
  );
  assert.deepEqual(worker.data('client_ready'), [-1]);
});

test('a heartbeat and a report follow the acknowledgement at once', async () => {
  const worker = await ready();
  assert.deepEqual(
    worker.master.said.map(({ type, isDroppable }) => [type, isDroppable]),
    [
      ['client_ready', true],
      ['heartbeat', true],
      ['stats', false],
    ],
  );
  const [beat] = worker.data('heartbeat') as { state: string; current_cpu_usage: number }[];
  assert.deepEqual([beat?.state, beat?.current_cpu_usage], ['ready', 0]);
  assert.equal(worker.pool.index, 3);
  assert.deepEqual(
    worker.pool.notices.map(({ name }) => name),
    ['workerConnect', 'heartbeatSent'],
  );
});

test('what user code said before the acknowledgement is said after it', async () => {
  const worker = make();
  worker.runner.tellException('early', 'trace');
  worker.runner.tellMessage('mine', { a: 1 });
  await worker.acknowledge();
  assert.deepEqual(worker.data('exception'), [{ msg: 'early', traceback: 'trace' }]);
  assert.deepEqual(worker.data('mine'), [{ a: 1 }]);
});

test('a further acknowledgement changes only the index', async () => {
  const worker = await ready();
  worker.master.order('ack', { index: 9 });
  await worker.settle();
  assert.equal(worker.pool.index, 9);
  assert.equal(worker.data('heartbeat').length, 1);
});

test('a spawn is answered with spawning, and with the true counts when it is carried out', async () => {
  const worker = await ready();
  worker.pool.resizing.isOpen = false;
  worker.spawn({ A: 2, B: 0 });
  await worker.said('spawning');
  await worker.settle();
  assert.deepEqual(worker.words(), ['client_ready', 'spawning']);
  worker.pool.resizing.open();
  await worker.said('spawning_complete');
  assert.deepEqual(worker.data('spawning_complete'), [{ user_classes_count: { A: 2, B: 0 }, user_count: 2 }]);
});

test('host, stop timeout and options of the order are those of the test', async () => {
  const worker = await ready();
  worker.spawn(
    { A: 1 },
    { host: 'http://x', stop_timeout: 2.5, parsed_options: { max_tokens: 5, host: 'y', tags: ['a'] } },
  );
  await worker.said('spawning_complete');
  const [{ test, isNew } = { test: undefined, isNew: false }] = worker.pool.tests;
  assert.deepEqual([test?.host, test?.stopTimeout, isNew], ['http://x', 2.5, true]);
  assert.deepEqual(test?.parsedOptions, { ...options, maxTokens: 5, tags: ['a'] });
});

test('an empty host leaves each class its own', async () => {
  const worker = await running();
  assert.equal(worker.pool.tests[0]?.test.host, null);
});

test('only the first spawn after a stop begins a new test', async () => {
  const worker = await running();
  worker.spawn({ A: 5 });
  await worker.said('spawning_complete', 2);
  worker.master.order('stop');
  await worker.said('client_ready', 2);
  worker.master.order('ack', { index: 3 });
  worker.spawn({ A: 1 });
  await worker.said('spawning_complete', 3);
  assert.deepEqual(
    worker.pool.tests.map(({ isNew }) => isNew),
    [true, false, true],
  );
});

test('an order that is not newer is discarded, but answered with spawning', async () => {
  const worker = await ready();
  const timestamp = worker.spawn({ A: 1 });
  await worker.said('spawning_complete');
  worker.spawn({ A: 7 }, { timestamp });
  worker.spawn({ A: 8 }, { timestamp: timestamp - 0.5 });
  await worker.said('spawning', 3);
  await worker.settle();
  assert.deepEqual(worker.pool.done, ['resize {"A":1}']);
  assert.equal(worker.data('spawning_complete').length, 1);
});

test('an order that a newer one overtakes is completed once, with the counts of the newer', async () => {
  const worker = await ready();
  worker.pool.resizing.isOpen = false;
  worker.spawn({ A: 1 });
  worker.spawn({ A: 2 });
  worker.spawn({ A: 3 });
  await worker.said('spawning', 3);
  worker.pool.resizing.open();
  await worker.said('spawning_complete');
  await worker.settle();
  assert.deepEqual(worker.data('spawning_complete'), [{ user_classes_count: { A: 3, B: 0 }, user_count: 3 }]);
});

test('heartbeats say where the worker is', async () => {
  const worker = await ready();
  const state = async (): Promise<string | undefined> => {
    const count = worker.data('heartbeat').length;
    await worker.said('heartbeat', count + 1);
    return (worker.data('heartbeat').at(-1) as { state: string }).state;
  };
  worker.pool.resizing.isOpen = false;
  worker.spawn({ A: 1 });
  assert.equal(await state(), 'spawning');
  worker.pool.resizing.open();
  assert.equal(await state(), 'running');
});

test('classes that the user file has not are told once, and the others run', async () => {
  const worker = await ready();
  worker.spawn({ A: 1, Aa: 2, Z: 0 });
  await worker.said('spawning_complete');
  worker.spawn({ A: 2, Aa: 3, Z: 0 });
  await worker.said('spawning_complete', 2);
  const [told, ...more] = worker.data('exception') as { msg: string; traceback: string }[];
  assert.deepEqual(more, []);
  assert.match(
    told?.msg ?? '',
    /^the master orders users of Aa, which this worker's user file has not \(it has A, B\)/,
  );
  assert.match(told?.msg ?? '', /is A meant\? Give the master the locustfile that 'katydid locustfile' prints$/);
  assert.equal(told?.traceback, told?.msg);
  assert.deepEqual(worker.data('spawning_complete').at(-1), { user_classes_count: { A: 2, B: 0 }, user_count: 2 });
});
