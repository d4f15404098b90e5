import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../e2e/until.ts';
import { startPool } from './pool-under-test.ts';

const numbers = '[0, 1, 2, 3, 4, 5, 6, 7, 8]';

/** Users that say which row they got, and stay. */
const takers = `import { feeder, User } from 'katydid';
  const rows = feeder(${numbers}, { unique: true });
  export class Taker extends User {
    static tasks = { go: 1 };
    onStart() { this.environment.runner.sendMessage('row', rows.take(this)); }
    async go() { await this.sleep(3600); }
  }`;

test('at the top of the user file a thread knows its part already', async (t) => {
  const { heard } = await startPool(
    t,
    `import { events, shard, User } from 'katydid';
     const part = shard(${numbers});
     events.init.addListener(({ environment }) => environment.runner.sendMessage('part', part));
     export class A extends User { static tasks = { go: 1 }; go() {} }`,
    { threads: 2, shard: { index: 1, count: 2 } },
  );
  assert.deepEqual((heard.data('part') as number[][]).toSorted(), [
    [5, 6],
    [7, 8],
  ]);
});

test('no row is at two users of two threads, and all rows are used', async (t) => {
  const { heard, resize } = await startPool(t, takers, { threads: 2 });
  await resize({ Taker: 9 });
  await until('nine rows were told', () => heard.data('row').length === 9);
  assert.deepEqual(heard.data('row').toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('after a stop all rows are free for the next test', async (t) => {
  const { heard, pool, resize } = await startPool(t, takers, { threads: 2 });
  await resize({ Taker: 9 });
  await pool.stop(0);
  await resize({ Taker: 9 });
  await until('eighteen rows were told', () => heard.data('row').length === 18);
  assert.deepEqual(heard.data('row').slice(9).toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(heard.exceptions, []);
});

test('users beyond the rows are exceptions for the master, and are gone', async (t) => {
  const { heard, pool, resize } = await startPool(t, takers);
  await resize({ Taker: 11 });
  await until('both are told', () => heard.exceptions.length === 2);
  assert.match(heard.exceptions[0]?.message ?? '', /^more users than rows: 10 users .* 9 rows of the list/);
  await until('they are gone', () => pool.counts().get('Taker') === 9);
});

test('a worker that was not told its part warns once, however many threads it has', async (t) => {
  const shard = { index: 0, count: 1, origin: 'assumed' } as const;
  const { heard, resize } = await startPool(t, takers, { threads: 2, shard });
  await resize({ Taker: 9 });
  await until('nine rows were told', () => heard.data('row').length === 9);
  assert.equal(heard.texts('WARNING').filter((text) => text.includes('--shard')).length, 1);
});

test('a CSV file is found beside the user file', async (t) => {
  const { heard, pool, resize } = await startPool(
    t,
    `import { writeFileSync } from 'node:fs';
     import { feeder, User } from 'katydid';
     writeFileSync(import.meta.dirname + '/rows.csv', 'name\\nann\\n');
     const rows = feeder.csv('rows.csv');
     export class Taker extends User {
       static tasks = { go: 1 };
       onStart() { this.environment.runner.sendMessage('row', rows.take(this)); }
       async go() { await this.sleep(3600); }
     }`,
  );
  await resize({ Taker: 1 });
  await until('the row was told', () => heard.data('row').length === 1);
  assert.deepEqual(heard.data('row'), [{ name: 'ann' }]);
  await pool.stop(0);
});
