import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import type { StatsSnapshot } from '../../src/stats/snapshot.ts';
import { until } from '../e2e/until.ts';
import { options } from './options.ts';
import { startPool } from './pool-under-test.ts';
import { userFolder } from './user-folder.ts';

/** Two classes that measure one request a task, and tell of their coming and going. */
const twoClasses = `import { User, constant, type Tasks } from 'katydid';
class Counting extends User {
  static abstract = true;
  static waitTime = constant(0.01);
  tell(what: string): void {
    this.environment.runner.sendMessage(what, [this.constructor.name, this.environment.thread.index]);
  }
  onStart(): void { this.tell('started'); }
  onStop(): void { this.tell('stopped'); }
}
export class A extends Counting {
  static host = 'http://a';
  static tasks = { go: { tags: ['quick'] }, run: { tags: ['slow'] } } satisfies Tasks<A>;
  async go(): Promise<void> { await this.measure('task', 'A go ' + this.host, () => 1); }
  async run(): Promise<void> { await this.measure('task', 'A run ' + this.host, () => 1); }
}
export class B extends Counting {
  static tasks = { go: 1 } satisfies Tasks<B>;
  async go(): Promise<void> { await this.measure('task', 'B go', () => { throw new Error('refused'); }).catch(() => {}); }
}
`;

const namesOf = (stats: StatsSnapshot): string[] => stats.entries.map(({ name }) => name).sort();
const counts = (of: ReadonlyMap<string, number>): Record<string, number> => Object.fromEntries(of);

test('the manifest of the user files is known after the start', async (t) => {
  const { pool } = await startPool(t, twoClasses);
  assert.deepEqual(
    pool.manifest.classes.map(({ name, host }) => [name, host]),
    [
      ['A', 'http://a'],
      ['B', null],
    ],
  );
  assert.deepEqual(counts(pool.counts()), { A: 0, B: 0 });
});

test('only the chosen classes are told of and run', async (t) => {
  const { pool, resize } = await startPool(t, twoClasses, { userClasses: ['B'] });
  await resize({ A: 2, B: 1 });
  assert.deepEqual(
    pool.manifest.classes.map(({ name }) => name),
    ['B'],
  );
  const { A = 0, B } = counts(pool.counts());
  assert.deepEqual([A, B], [0, 1]);
});

test('a chosen class that is not there is refused with those that are', async (t) => {
  await assert.rejects(startPool(t, twoClasses, { userClasses: ['C', 'A'] }), {
    name: 'UsageError',
    message: 'Unknown User(s): C; the user file has A, B',
  });
});

test('a file that throws while it loads is refused with its own lines', async (t) => {
  const thrown = await startPool(t, `export const limit: number = 3;\nthrow new Error('no ' + limit);`).catch((e) => e);
  assert.ok(thrown instanceof UsageError);
  assert.match(thrown.message, /users\.ts: Error: no 3\n {4}at .*users\.ts:2:7\)?$/);
});

test('a file with a mistake of its own is refused without a stack', async (t) => {
  const thrown = await startPool(t, 'export const nothing = 1;').catch((e) => e);
  assert.ok(thrown instanceof UsageError);
  assert.match(thrown.message, /users\.ts: no user class was found; export one: [^\n]*$/);
});

test('a file that ends its thread while it loads is refused', async (t) => {
  const thrown = await startPool(t, 'process.exit(3);').catch((e) => e);
  assert.ok(thrown instanceof UsageError);
  assert.match(thrown.message, /users\.ts ended its thread while it loaded/);
});

test('several files are one swarm', async (t) => {
  const text = (name: string): string => `import { User } from 'katydid';
    export class ${name} extends User { static tasks = { go: 1 }; async go() { await this.sleep(9); } }`;
  const folder = await userFolder(t, { 'one.ts': text('One'), 'two.js': text('Two') });
  const files = ['one.ts', 'two.js'].map((name) => join(folder, name));
  const { pool, resize } = await startPool(t, '', { files });
  await resize({ One: 1, Two: 2 });
  assert.deepEqual(counts(pool.counts()), { One: 1, Two: 2 });
});

test('users are started and stopped to the numbers of the order, over all threads', async (t) => {
  const { pool, heard, resize } = await startPool(t, twoClasses, { threads: 2 });
  await resize({ A: 5, B: 2 });
  assert.deepEqual(counts(pool.counts()), { A: 5, B: 2 });
  const byThread = (what: string): number[] =>
    [0, 1].map((index) => heard.data(what).filter((data) => (data as unknown[])[1] === index).length);
  await until('all have started', () => heard.data('started').length === 7);
  assert.deepEqual(byThread('started').sort(), [3, 4]);

  await resize({ A: 1 }, {}, false);
  assert.deepEqual(counts(pool.counts()), { A: 1, B: 2 });
  assert.equal(heard.data('stopped').length, 4);

  await resize({ A: 3, B: 0 }, {}, false);
  assert.deepEqual(counts(pool.counts()), { A: 3, B: 0 });
  assert.equal(heard.data('started').length, 9);

  await pool.stop(0);
  assert.deepEqual(counts(pool.counts()), { A: 0, B: 0 });
  assert.equal(heard.data('stopped').length, 9);
});

test('what the threads measured is taken once, as one', async (t) => {
  const { pool, resize, measured } = await startPool(t, twoClasses, { threads: 2 });
  await resize({ A: 2, B: 2 });
  const stats = await measured(({ entries }) => entries.length >= 3);
  assert.deepEqual(namesOf(stats), ['A go http://a', 'A run http://a', 'B go']);
  const sum = stats.entries.reduce((all, { numRequests }) => all + numRequests, 0);
  assert.equal(stats.total.numRequests, sum);
  const failed = stats.entries.find(({ name }) => name === 'B go')?.numFailures ?? 0;
  assert.ok(failed > 0);
  assert.deepEqual(
    stats.errors.map(({ name, error, occurrences }) => [name, error, occurrences]),
    [['B go', "Error('refused')", failed]],
  );
  await pool.stop(0);
  await pool.report();
  pool.takeStats();
  await pool.report();
  assert.equal(pool.takeStats().total.numRequests, 0);
});

test('nothing that users measured before a stop is lost, and nothing comes after', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { User, constant } from 'katydid';
     export class A extends User {
       static waitTime = constant(0.005); static tasks = { go: 1 };
       count = 0;
       async go() { await this.measure('x', 'go', () => this.sleep(0.001)); this.count++; }
       onStop() { this.environment.runner.sendMessage('count', this.count); }
     }`,
    { threads: 2 },
  );
  await resize({ A: 6 });
  await until('something was measured', async () => {
    await pool.report();
    return heard.log.length === 0;
  });
  await pool.stop(2);
  const told = heard.data('count').reduce((sum: number, count) => sum + Number(count), 0);
  assert.equal(pool.takeStats().total.numRequests, told);
  await pool.report();
  assert.equal(pool.takeStats().total.numRequests, 0);
});

test('a host of the master is that of all classes', async (t) => {
  const { resize, measured } = await startPool(t, twoClasses);
  await resize({ A: 1 }, { host: 'http://of-the-master' });
  const names = namesOf(await measured(({ total }) => total.numRequests > 1));
  assert.ok(names.every((name) => name.endsWith(' http://of-the-master')));
});

test('the tags of each test are applied, not only those of the first', async (t) => {
  const { pool, resize, measured } = await startPool(t, twoClasses);
  await resize({ A: 2 }, { parsedOptions: { ...options, tags: ['quick'] } });
  assert.deepEqual(namesOf(await measured(({ total }) => total.numRequests > 9)), ['A go http://a']);
  await pool.stop(0);
  await resize({ A: 2 }, { parsedOptions: { ...options, excludeTags: ['quick'] } });
  const stats = await measured(
    ({ entries }) => (entries.find(({ name }) => name.startsWith('A run'))?.numRequests ?? 0) > 9,
  );
  const goes = stats.entries.find(({ name }) => name.startsWith('A go'))?.numRequests;
  const later = await measured(({ total }) => total.numRequests > stats.total.numRequests + 9);
  assert.equal(later.entries.find(({ name }) => name.startsWith('A go'))?.numRequests, goes);
});

test('the class editor sets attributes and the choice of tasks, for users made from then on', async (t) => {
  const { pool, resize, measured } = await startPool(t, twoClasses);
  pool.updateUserClass('A', new Map([['host', 'http://edited']]), ['run']);
  await resize({ A: 2 });
  assert.deepEqual(namesOf(await measured(({ total }) => total.numRequests > 9)), ['A run http://edited']);
});

test('an edit of a class or a task that is not there does no harm', async (t) => {
  const { pool, heard, resize, measured } = await startPool(t, twoClasses);
  pool.updateUserClass('__proto__', new Map([['host', 'x']]), ['run']);
  pool.updateUserClass(
    'A',
    new Map<string, unknown>([
      ['host', ''],
      ['waitTime', 3],
    ]),
    ['go', 'gone'],
  );
  await resize({ A: 1 });
  assert.deepEqual(namesOf(await measured(({ total }) => total.numRequests > 3)), ['A go http://a']);
  assert.deepEqual(heard.exceptions, []);
});

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
    `import { events, share, User } from 'katydid';
     events.init.addListener(({ environment }) => {
       const { thread, shard, runner } = environment;
       const part = share([0, 1, 2, 3, 4, 5, 6, 7, 8], environment);
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
        part: [3],
        client: 'tested_0123',
        kind: 'worker',
      },
      {
        thread: { index: 1, count: 2 },
        shard: { index: 3, count: 6 },
        part: [4, 5],
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
  assert.deepEqual(namesOf(await measured(({ entries }) => entries.some(({ name }) => name === 'after'))), ['after']);
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
