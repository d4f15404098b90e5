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
  assert.match(thrown.message, /users\.ts: its thread ended: .*, while it was loaded/);
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

test('a stop timeout beyond what a timer can be is no stop at once', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { User } from 'katydid';
     export class A extends User {
       static tasks = { go: 1 };
       async go() {
         this.environment.runner.sendMessage('begun');
         await this.measure('x', 'go', () => this.sleep(0.2));
         this.environment.runner.sendMessage('ended');
       }
     }`,
  );
  await resize({ A: 1 });
  await until('it has begun', () => heard.data('begun').length > 0);
  await pool.stop(3_000_000);
  assert.equal(heard.data('ended').length, heard.data('begun').length);
});
