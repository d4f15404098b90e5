import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { make, ready, running } from './worker-under-test.ts';

/** Orders with data that fits none of them, arrays of other lengths, and bytes of any kind. */
const brokenFrame = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom('spawn', 'spawning_complete', 'update_user_class', 'ack'),
      fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer()), fc.boolean()),
    )
    .map(([type, data]) => encode([type, data, 'x'])),
  fc.array(fc.oneof(fc.constant('spawn'), fc.integer(), fc.constant(null)), { maxLength: 2 }).map((it) => encode(it)),
  fc
    .record({
      timestamp: fc.oneof(fc.constant(Number.NaN), fc.string(), fc.constant(null)),
      user_classes_count: fc.oneof(
        fc.dictionary(fc.string(), fc.oneof(fc.double(), fc.string())),
        fc.constant({ A: -1 }),
      ),
    })
    .map((data) => encode(['spawn', data, 'x'])),
);

test('thousands of broken frames are said once, and the worker still obeys', async () => {
  const worker = await ready();
  for (const frame of fc.sample(brokenFrame, { numRuns: 3000, seed: 7 })) worker.master.deliver(frame);
  assert.equal(worker.texts('WARNING').filter((text) => text.startsWith('a broken message')).length, 1);
  assert.ok(worker.texts('DEBUG').length > 2000);
  await worker.settle();
  assert.deepEqual(worker.pool.done, []);
  worker.spawn({ A: 1 });
  await worker.said('spawning_complete');
  worker.master.order('quit');
  assert.equal(await worker.ended, 0);
});

test('statistics are reset when all users run, if that was asked for', async () => {
  const worker = await ready({ resetStats: true });
  worker.spawn({ A: 1 });
  await worker.said('spawning_complete');
  worker.master.order('spawning_complete', { user_count: 12 });
  assert.deepEqual(worker.pool.done, ['resize {"A":1}', 'resetStats']);
  assert.deepEqual(worker.pool.notices.at(-1), { name: 'spawningComplete', userCount: 12 });
});

test('statistics are not reset by themselves', async () => {
  const worker = await running();
  worker.master.order('spawning_complete', { user_count: 12 });
  assert.ok(!worker.pool.done.includes('resetStats'));
});

test('a message of the master’s own kind goes to user code', async () => {
  const worker = await ready();
  worker.master.order('mine', { a: [1, 'x'] });
  worker.master.order('constructor', 7);
  assert.deepEqual(worker.pool.messages, [
    ['mine', { a: [1, 'x'] }],
    ['constructor', 7],
  ]);
});

test('what cannot be sent to the master is told in the log, and the worker goes on', async () => {
  const worker = await ready();
  worker.runner.tellMessage('mine', { size: 10n ** 30n });
  worker.runner.tellMessage('stats', 1);
  worker.runner.tellMessage('fine', 1);
  assert.deepEqual(worker.data('fine'), [1]);
  assert.equal(worker.texts('ERROR').length, 2);
  assert.match(worker.texts('ERROR')[0] ?? '', /^the message 'mine' could not be sent: /);
});

test('what a listener added to the report and cannot be sent is left out of it, and told', async () => {
  const worker = make();
  worker.pool.extra = { size: 10n ** 30n };
  await worker.acknowledge();
  assert.equal(worker.data('stats').length, 1);
  assert.match(worker.texts('ERROR')[0] ?? '', /^what a reportToMaster listener added cannot be sent: /);
});

test('what listeners added goes with the report', async () => {
  const worker = make();
  worker.pool.extra = { sold: 4 };
  await worker.acknowledge();
  assert.equal((worker.data('stats')[0] as { sold: number }).sold, 4);
});

test('an edit of a class comes over with TypeScript names', async () => {
  const worker = await ready();
  worker.master.order('update_user_class', { user_class_name: 'A', fixed_count: 2, host: 'h', tasks: ['go'] });
  await worker.settle();
  const attributes = new Map<string, unknown>([
    ['fixedCount', 2],
    ['host', 'h'],
  ]);
  assert.deepEqual(worker.pool.updates, [['A', attributes, ['go']]]);
});

test('an edit of a class that is not there is told and ignored', async () => {
  const worker = await ready();
  worker.master.order('update_user_class', { user_class_name: '__proto__', host: 'h' });
  await worker.settle();
  assert.deepEqual(worker.pool.updates, []);
  assert.match(worker.texts('ERROR')[0] ?? '', /^the master edits the class __proto__, which this worker has not/);
});

test('log lines are sent only to a master that answers heartbeats, for older ones warn of them', async () => {
  const lines = ['one'];
  const worker = await ready({ takeLogs: () => lines });
  assert.equal(worker.data('logs').length, 0);
  worker.master.order('heartbeat');
  assert.deepEqual(worker.data('logs'), [{ worker_id: 'tested_0123', logs: ['one'] }]);
});
