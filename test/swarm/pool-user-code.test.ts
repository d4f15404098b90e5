import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../e2e/until.ts';
import { options } from './options.ts';
import { startPool } from './pool-under-test.ts';

test('messages of one’s own go both ways, through a listener that may throw', async (t) => {
  const { pool, heard } = await startPool(
    t,
    `import { events, User } from 'katydid';
     events.init.addListener(({ environment }) => {
       environment.runner.registerMessage('ask', ({ environment, data }) => {
         if (data === 'bad') throw new Error('cannot');
         environment.runner.sendMessage('answer', { data, at: new Date(0), bytes: new Uint8Array([1]) });
       });
     });
     export class A extends User { static tasks = { go: 1 }; go() {} }`,
  );
  pool.sendMessage('ask', 'bad');
  pool.sendMessage('nobody', 1);
  pool.sendMessage('ask', [1, 'two']);
  await until('the answer comes', () => heard.data('answer').length === 1);
  assert.deepEqual(heard.data('answer'), [{ data: [1, 'two'], at: new Date(0), bytes: new Uint8Array([1]) }]);
  assert.match(heard.texts('ERROR')[0] ?? '', /the listener of the message 'ask' threw: Error: cannot/);
  assert.deepEqual(heard.texts('WARNING'), ["nobody listens to the master's message 'nobody'"]);
});

test('runner.quit() of user code is told', async (t) => {
  const { heard, resize } = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User { static tasks = { go: 1 }; async go() { this.environment.runner.quit(); await this.sleep(9); } }`,
  );
  await resize({ A: 1 });
  await until('the quit is heard', () => heard.quits === 1);
});

test('what user code prints becomes lines of the log', async (t) => {
  const { heard } = await startPool(
    t,
    `import { User } from 'katydid';
     console.log('hello %s', 'world', { a: 1 }); console.error('oh no');
     export class A extends User { static tasks = { go: 1 }; go() {} }`,
  );
  await until('the lines are there', () => heard.log.length >= 2);
  assert.deepEqual(
    heard.log.map(({ level, text }) => [level, text]),
    [
      ['INFO', 'hello world { a: 1 }'],
      ['WARNING', 'oh no'],
    ],
  );
});

test('each thread knows its number, its shard and its part of a list', async (t) => {
  const { heard, pool } = await startPool(
    t,
    `import { events, shard as shardOf, User } from 'katydid';
     events.init.addListener(({ environment }) => {
       const { thread, shard, runner } = environment;
       const part = shardOf([0, 1, 2, 3, 4, 5, 6, 7, 8]);
       runner.sendMessage('place', { thread, shard, part, client: runner.clientId, kind: runner.kind });
       runner.registerMessage('index', () => runner.sendMessage('index', runner.workerIndex));
     });
     export class A extends User { static tasks = { go: 1 }; go() {} }`,
    { threads: 2, shard: { index: 1, count: 3 } },
  );
  const places = heard.data('place') as { thread: { index: number } }[];
  assert.deepEqual(
    places.sort((a, b) => a.thread.index - b.thread.index),
    [
      {
        thread: { index: 0, count: 2 },
        shard: { index: 2, count: 6 },
        part: [3, 4],
        client: 'tested_0123',
        kind: 'worker',
      },
      {
        thread: { index: 1, count: 2 },
        shard: { index: 3, count: 6 },
        part: [5],
        client: 'tested_0123',
        kind: 'worker',
      },
    ],
  );
  pool.setWorkerIndex(4);
  pool.sendMessage('index', null);
  await until('both threads know the index', () => heard.data('index').length === 2);
  assert.deepEqual(heard.data('index'), [4, 4]);
});

test('what reportToMaster listeners of two threads add is merged', async (t) => {
  const { pool } = await startPool(
    t,
    `import { events, User } from 'katydid';
     let index = -1;
     events.init.addListener(({ environment }) => { index = environment.thread.index; });
     events.reportToMaster.addListener(({ data }) => { data.sold = 2; data.threads = [index]; });
     events.reportToMaster.addListener(() => { throw new Error('not this one'); });
     export class A extends User { static tasks = { go: 1 }; go() {} }`,
    { threads: 2 },
  );
  const extra = await pool.report();
  assert.deepEqual({ ...extra, threads: (extra.threads as number[]).sort() }, { sold: 4, threads: [0, 1] });
});

test('runner.stats has the totals of the test over all threads', async (t) => {
  const { heard, resize } = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User {
       static tasks = { go: 1 };
       async go() {
         await this.measure('x', 'go', () => 1);
         for (;;) {
           await this.sleep(0.05);
           this.environment.runner.sendMessage('total', this.environment.runner.stats.total.numRequests);
         }
       }
     }`,
    { threads: 2 },
  );
  await resize({ A: 5 });
  await until('a thread knows the sum', () => heard.data('total').includes(5), { limit: 5 });
});

test('statistics that are reset are gone, those measured since are not', async (t) => {
  const { pool, heard, resize, measured } = await startPool(
    t,
    `import { events, User } from 'katydid';
     events.resetStats.addListener(() => again());
     let again = () => {};
     export class A extends User {
       static tasks = { go: 1 };
       async go() {
         const reset = new Promise<void>((resolve) => { again = resolve; });
         await this.measure('x', 'before', () => 1);
         this.environment.runner.sendMessage('measured');
         await reset;
         await this.measure('x', 'after', () => 1);
         await this.sleep(9);
       }
     }`,
  );
  await resize({ A: 1 });
  await until('it is measured', () => heard.data('measured').length === 1);
  pool.resetStats();
  const { entries } = await measured(({ entries }) => entries.some(({ name }) => name === 'after'));
  assert.deepEqual(
    entries.map(({ name }) => name),
    ['after'],
  );
});

test('the events of a worker’s life are heard in each thread, in order, and listeners are awaited', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { events, User } from 'katydid';
     const names = ['init', 'testStart', 'testStopping', 'testStop', 'quitting'] as const;
     let said = (what: string) => {};
     events.init.addListener(({ environment }) => { said = (what) => environment.runner.sendMessage('event', what); });
     for (const name of names) events[name].addListener(async () => {
       said(name); await new Promise((resolve) => setTimeout(resolve, 20)); said(name + ' done');
     });
     events.spawningComplete.addListener(({ userCount }) => said('spawningComplete ' + userCount));
     export class A extends User {
       static tasks = { go: 1 };
       onStart() { said('onStart'); }
       onStop() { said('onStop'); }
       async go() { await this.sleep(9); }
     }`,
  );
  await resize({ A: 1 });
  pool.notify({ name: 'spawningComplete', userCount: 7 });
  await until('the notice is heard', () => heard.data('event').includes('spawningComplete 7'));
  await pool.stop(0);
  await pool.stop(0);
  await pool.quitting();
  assert.deepEqual(heard.data('event'), [
    ...['init', 'init done', 'testStart', 'testStart done', 'onStart', 'spawningComplete 7'],
    ...['testStopping', 'testStopping done', 'onStop', 'testStop', 'testStop done', 'quitting', 'quitting done'],
  ]);
});

test('the exit code that user code sets is known at the end', async (t) => {
  const { pool } = await startPool(
    t,
    `import { events, User } from 'katydid';
     events.quitting.addListener(({ environment }) => { environment.processExitCode = 7; });
     export class A extends User { static tasks = { go: 1 }; go() {} }`,
  );
  assert.equal(pool.exitCode, undefined);
  await pool.quitting();
  await pool.end(0);
  assert.equal(pool.exitCode, 7);
});

test('what a test is told reaches its users: options, stop timeout', async (t) => {
  const { heard, resize } = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User {
       static tasks = { go: 1 };
       async go() {
         const { parsedOptions, stopTimeout } = this.environment;
         this.environment.runner.sendMessage('told', [parsedOptions.tenant, stopTimeout]);
         await this.sleep(9);
       }
     }`,
  );
  await resize({ A: 1 }, { stopTimeout: 1.5, parsedOptions: { ...options, tenant: 'globex' } });
  await until('it is told', () => heard.data('told').length === 1);
  assert.deepEqual(heard.data('told'), [['globex', 1.5]]);
});

test('stop_timeout lets a running task end, and what it measures counts', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User {
       static tasks = { go: 1 };
       async go() {
         this.environment.runner.sendMessage('in');
         await this.measure('x', 'long', () => this.sleep(0.2));
       }
     }`,
  );
  await resize({ A: 1 });
  await until('the task runs', () => heard.data('in').length > 0);
  await pool.stop(5);
  assert.equal(pool.takeStats().total.numRequests, heard.data('in').length);
});

test('with equal weights each task is as likely as any other', async (t) => {
  const { resize, measured } = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User {
       static tasks = { often: 1000, seldom: 1 };
       async often() { await this.measure('T', 'often', () => this.sleep(0.001)); }
       async seldom() { await this.measure('T', 'seldom', () => this.sleep(0.001)); }
     }`,
  );
  await resize({ A: 1 }, { parsedOptions: { ...options, equalWeights: true } });
  const { entries } = await measured(({ total }) => total.numRequests >= 60);
  const [often = 0, seldom = 0] = ['often', 'seldom'].map(
    (name) => entries.find((row) => row.name === name)?.numRequests,
  );
  assert.ok(seldom > 5 && often > 5, `${often} and ${seldom}`);
});

test('an HTTP user without a host is not made, and the web UI is told what to do', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { HttpUser } from 'katydid';
     export class A extends HttpUser { static tasks = { go: 1 }; async go() { await this.sleep(9); } }`,
  );
  await resize({ A: 2 });
  assert.deepEqual(Object.fromEntries(pool.counts()), { A: 0 });
  assert.match(heard.exceptions[0]?.message ?? '', /^A could not be made: it has no host; write static host/);
  await resize({ A: 2 }, { host: 'http://127.0.0.1:1' }, false);
  assert.deepEqual(Object.fromEntries(pool.counts()), { A: 2 });
});
