import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { emptySnapshot } from '../../src/stats/snapshot.ts';
import { options } from '../swarm/options.ts';
import { WorkerUnderTest } from './worker-under-test.ts';

const workers: WorkerUnderTest[] = [];

function make(...settings: ConstructorParameters<typeof WorkerUnderTest>): WorkerUnderTest {
  const worker = new WorkerUnderTest(...settings);
  workers.push(worker);
  return worker;
}

async function ready(...settings: ConstructorParameters<typeof WorkerUnderTest>): Promise<WorkerUnderTest> {
  const worker = make(...settings);
  await worker.acknowledge();
  return worker;
}

async function running(counts = { A: 2, B: 1 }, more = {}): Promise<WorkerUnderTest> {
  const worker = await ready();
  worker.spawn(counts, more);
  await worker.said('spawning_complete');
  return worker;
}

afterEach(async () => {
  mock.restoreAll();
  for (const worker of workers.splice(0)) {
    worker.pool.resizing.open();
    worker.pool.stopping.open();
    void worker.runner.quit('the test is over');
    await worker.ended;
  }
});

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

test('a quit before the acknowledgement says nothing', async () => {
  const worker = make();
  void worker.runner.quit('got SIGINT');
  assert.equal(await worker.ended, 0);
  assert.deepEqual(worker.words(), ['client_ready']);
});

test('a quit during a stop ends it at once', async () => {
  const worker = await running({ A: 1, B: 0 }, { stop_timeout: 2 });
  worker.master.order('stop');
  await worker.said('client_stopped');
  const began = performance.now();
  worker.master.order('quit');
  assert.equal(await worker.ended, 0);
  assert.ok(performance.now() - began < 1000);
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
