import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { until } from '../e2e/until.ts';
import { type PoolUnderTest, startPool } from './pool-under-test.ts';

/** A user whose thread dies, or hangs, when it is told to. */
const mortal = `import { events, User, constant } from 'katydid';
let doom = '';
events.init.addListener(({ environment }) => {
  environment.runner.registerMessage('doom', ({ environment: { thread }, data }) => {
    const { index, how } = data as { index: number; how: string };
    if (index === thread.index) doom = how;
  });
});
export class A extends User {
  static waitTime = constant(0.01);
  static tasks = { go: 1 };
  async go(): Promise<void> {
    if (doom === 'spin') { this.environment.runner.sendMessage('spinning'); for (;;); }
    if (doom === 'memory') { let kept = {}; for (;;) kept = { kept, text: String(Math.random()) }; }
    if (doom === 'late') setTimeout(() => { throw new TypeError('later'); }, 1);
    if (doom === 'rejected') void Promise.reject(new RangeError('unheard'));
    if (doom === 'odd') void Promise.reject('a text');
    if (doom === 'late' || doom === 'rejected' || doom === 'odd') doom = '';
    await this.measure('task', 'thread ' + this.environment.thread.index, () => 1);
    if (doom === 'exit') process.exit(5);
  }
}
`;

const running = ({ pool }: PoolUnderTest): number => pool.counts().get('A') ?? 0;
const doom = ({ pool }: PoolUnderTest, how: string, index = 0): void => pool.sendMessage('doom', { index, how });

test('a thread that ends by process.exit is replaced: told, its users back, what it had measured kept', async (t) => {
  const tested = await startPool(t, mortal, { threads: 2 });
  const { heard, resize, pool } = tested;
  await resize({ A: 4 });
  const before = (await tested.measured(({ entries }) => entries.length === 2)).entries;
  doom(tested, 'exit', 1);
  await until('the death is told', () => heard.exceptions.length > 0);
  const { message, traceback } = heard.exceptions[0] ?? { message: '', traceback: '' };
  assert.match(
    message,
    /^load thread 2 of 2 ended: process\.exit\(5\) in user code; another one takes over its users$/,
  );
  assert.equal(traceback, message);
  await until('its users are back', () => running(tested) === 4, { limit: 5 });
  const sumOf = (name: string, entries = before): number =>
    entries.find((entry) => entry.name === name)?.numRequests ?? 0;
  const { entries } = await tested.measured((stats) => sumOf('thread 1', [...stats.entries]) > sumOf('thread 1') + 10);
  assert.ok(sumOf('thread 0', [...entries]) > sumOf('thread 0'));
  assert.equal(heard.exceptions.length, 1);
  await resize({ A: 6 }, {}, false);
  assert.equal(running(tested), 6);
  await pool.stop(0);
  assert.equal(running(tested), 0);
});

test('what was measured just before a process.exit is not lost', async (t) => {
  const { heard, resize, measured } = await startPool(
    t,
    `import { User } from 'katydid';
     let first = true;
     export class A extends User {
       static tasks = { go: 1 };
       async go() {
         for (let i = 0; i < 7; i++) await this.measure('x', 'before the end', () => 1);
         if (first) process.exit(0);
       }
     }`,
  );
  await resize({ A: 1 });
  await until('it is told', () => heard.exceptions.length > 0 || heard.hopeless.length > 0);
  const { total } = await measured((stats) => stats.total.numRequests > 0);
  assert.equal(total.numRequests % 7, 0);
});

test('a task that spins: a stop is over a second after stop_timeout, and the thread is replaced', async (t) => {
  const tested = await startPool(t, mortal, { threads: 2 });
  const { pool, heard, resize } = tested;
  await resize({ A: 2 });
  doom(tested, 'spin');
  await until('it spins', () => heard.data('spinning').length === 1);
  const began = performance.now();
  await pool.stop(0.5);
  const took = performance.now() - began;
  assert.ok(took > 1400 && took < 4000, `${took} ms`);
  assert.equal(running(tested), 0);
  assert.match(heard.exceptions[0]?.message ?? '', /^load thread 1 of 2 did not answer a stop in time: /);
  await resize({ A: 4 });
  await until('users run again', () => running(tested) === 4);
});

test('a thread that is blocked keeps no report of the others waiting', async (t) => {
  const tested = await startPool(t, mortal, { threads: 2 });
  const { pool, heard, resize } = tested;
  await resize({ A: 2 });
  doom(tested, 'spin');
  await until('it spins', () => heard.data('spinning').length === 1);
  const { entries } = await tested.measured((stats) => stats.entries.some(({ name }) => name === 'thread 1'));
  assert.ok(entries.length > 0);
  await pool.stop(0);
});

test('a thread without memory is replaced, and it is said what it lacked', async (t) => {
  setFlagsFromString('--max-old-space-size=96');
  t.after(() => setFlagsFromString('--max-old-space-size=0'));
  const tested = await startPool(t, mortal);
  const { heard, resize } = tested;
  await resize({ A: 1 });
  doom(tested, 'memory');
  await until('the death is told', () => heard.exceptions.length > 0);
  assert.match(heard.exceptions[0]?.message ?? '', /^load thread 1 of 1 ended: out of memory; another one takes over/);
  await until('its user is back', () => running(tested) === 1, { limit: 5 });
});

test('errors that nobody caught are reported, each with its own lines, and survived', async (t) => {
  const tested = await startPool(t, mortal);
  const { heard, resize } = tested;
  await resize({ A: 1 });
  for (const [how, count] of [
    ['late', 1],
    ['rejected', 2],
    ['odd', 3],
  ] as const) {
    doom(tested, how);
    await until(how, () => heard.exceptions.length === count);
  }
  assert.deepEqual(
    heard.exceptions.map(({ message }) => message),
    ['later', 'unheard', "'a text' was thrown, which is not an Error"],
  );
  assert.match(heard.exceptions[0]?.traceback ?? '', /^TypeError: later\n {4}at .*users\.ts:15:\d+\)$/);
  assert.match(heard.exceptions[1]?.traceback ?? '', /^RangeError: unheard\n {4}at .*users\.ts:16:\d+\)$/);
  const { total } = await tested.measured((stats) => stats.total.numRequests > 3);
  assert.ok(total.numRequests > 3);
  assert.equal(running(tested), 1);
});

test('threads that end again and again in onStart end the run, with the reason', async (t) => {
  const { heard, resize } = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User { static tasks = { go: 1 }; onStart() { process.exit(1); } go() {} }`,
  );
  await resize({ A: 1 });
  await until('it is given up', () => heard.hopeless.length > 0);
  assert.deepEqual(heard.hopeless, [
    'load thread 1 of 1 ended: process.exit(1) in user code; again and again, so no other one is started',
  ]);
  assert.equal(heard.exceptions.length, 2);
});

test('a stop of threads that are not started any more is over at once, and replaces none', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User { static tasks = { go: 1 }; onStart() { process.exit(1); } go() {} }`,
  );
  void resize({ A: 1 }, { stopTimeout: 6 });
  await until('it is given up', () => heard.hopeless.length > 0);
  const began = performance.now();
  await pool.stop(6);
  assert.ok(performance.now() - began < 5900);
  assert.equal(heard.exceptions.length + heard.hopeless.length, 3);
});

test("a thread that is replaced knows the worker's index and what was ordered of its classes", async (t) => {
  const tested = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User {
       static label = 'own'; static other = 'own'; static tasks = { go: 1, no: 1 };
       async go() {
         const { label, other } = this.constructor as typeof A;
         this.environment.runner.sendMessage('seen', [label, other, this.environment.runner.workerIndex]);
         await this.sleep(0.05);
         if (label === 'set') process.exit(3);
       }
       async no() { this.environment.runner.sendMessage('seen', 'no'); await this.sleep(0.05); }
     }`,
  );
  const { heard, pool, resize } = tested;
  pool.setWorkerIndex(4);
  pool.updateUserClass('A', new Map([['label', 'set']]), ['go']);
  pool.updateUserClass('A', new Map([['other', 'set']]));
  await resize({ A: 1 });
  await until('it is replaced', () => heard.data('seen').length > 1);
  assert.deepEqual(heard.data('seen').slice(0, 2), [
    ['set', 'set', 4],
    ['set', 'set', 4],
  ]);
});

test('a listener that takes its time at the stop is waited for', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { events, User } from 'katydid';
     events.testStop.addListener(async ({ environment }) => {
       await new Promise((resolve) => setTimeout(resolve, 1600));
       environment.runner.sendMessage('saved');
     });
     export class A extends User { static tasks = { go: 1 }; async go() { await this.sleep(9); } }`,
  );
  await resize({ A: 1 });
  await pool.stop(0);
  assert.deepEqual(heard.data('saved').length, 1);
  assert.deepEqual(heard.exceptions, []);
});

test('an onStop that does not end is given up in time', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User {
       static tasks = { go: 1 };
       async go() { await new Promise(() => {}); }
       async onStop() { await new Promise(() => {}); }
     }`,
  );
  await resize({ A: 3 });
  const began = performance.now();
  await pool.stop(0);
  assert.ok(performance.now() - began < 8000);
  assert.equal(pool.counts().get('A'), 0);
  assert.deepEqual(heard.exceptions, []);
});

test('a user class that cannot be made is told, and the others run', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { events, User } from 'katydid';
     let isReady = false;
     events.init.addListener(() => { isReady = true; });
     export class Bad extends User {
       static tasks = { go: 1 };
       constructor(environment: ConstructorParameters<typeof User>[0]) { super(environment); if (isReady) throw new Error('no key'); }
       go() {}
     }
     export class Good extends User { static tasks = { go: 1 }; async go() { await this.sleep(9); } }`,
  );
  await resize({ Bad: 2, Good: 2 });
  assert.deepEqual(Object.fromEntries(pool.counts()), { Bad: 0, Good: 2 });
  assert.equal(heard.exceptions.length, 1);
  assert.match(
    heard.exceptions[0]?.traceback ?? '',
    /^Error: Bad could not be made: no key\nCaused by: Error: no key\n {4}at new Bad \(.*users\.ts:6:\d+\)$/,
  );
});
