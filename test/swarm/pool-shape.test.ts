import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../e2e/until.ts';
import { options } from './options.ts';
import { startPool } from './pool-under-test.ts';

const withShapes = (body: string): string => `import { LoadTestShape, User } from 'katydid';
export class A extends User { static tasks = { go: 1 }; async go(): Promise<void> { await this.sleep(9); } }
${body}
`;
const shape = (tick: string): string =>
  withShapes(`export class Mine extends LoadTestShape { tick(): any { ${tick} } }`);

test('the shapes with tick() are known by their names, abstract ones and objects are none', async (t) => {
  const { pool } = await startPool(
    t,
    withShapes(`class Base extends LoadTestShape { static abstract = true; tick() { return null; } }
      class Rush extends Base {}
      export { Base, Rush, Rush as Again, LoadTestShape };`),
  );
  assert.deepEqual(pool.manifest.shapeClasses, ['Rush']);
});

test('a shape is asked with time and users, and remembers what it has seen', async (t) => {
  const { pool } = await startPool(
    t,
    withShapes(`export class Mine extends LoadTestShape {
      seen: number[] = [];
      async tick() {
        this.seen.push(this.runTime);
        return this.runTime > 5 ? null : { users: this.seen.length, spawnRate: 10 + this.userCount, userClasses: ['A'] };
      }
    }`),
  );
  const wanted = (users: number, spawnRate: number): unknown => ({ users, spawnRate, userClasses: ['A'] });
  assert.deepEqual(await pool.tick('Mine', 0, 0), { type: 'ticked', id: 1, wanted: wanted(1, 10) });
  assert.deepEqual(await pool.tick('Mine', 1, 7), { type: 'ticked', id: 2, wanted: wanted(2, 17) });
  assert.deepEqual(await pool.tick('Mine', 6, 7), { type: 'ticked', id: 3, wanted: null });
});

test('a shape reads the options of the run', async (t) => {
  const { pool } = await startPool(
    t,
    shape('const { numUsers, spawnRate } = this.environment.parsedOptions; return { users: numUsers, spawnRate };'),
  );
  await pool.init({ ...options, numUsers: 12, spawnRate: 3 });
  assert.deepEqual(await pool.tick('Mine', 0, 0), { type: 'ticked', id: 1, wanted: { users: 12, spawnRate: 3 } });
});

test('only the first of several threads is asked', async (t) => {
  const { pool } = await startPool(t, shape('return { users: this.environment.thread.index, spawnRate: 1 };'), {
    threads: 2,
  });
  for (const id of [1, 2, 3]) {
    assert.deepEqual(await pool.tick('Mine', id, 0), { type: 'ticked', id, wanted: { users: 0, spawnRate: 1 } });
  }
});

test('a tick that throws is told with the lines of its source', async (t) => {
  const { pool } = await startPool(t, shape("\n    const much: number = 3;\n    throw new TypeError('no ' + much);"));
  const report = await pool.tick('Mine', 0, 0);
  assert.equal(report?.type, 'tickFailed');
  assert.match(report.reason, /^TypeError: no 3\n {4}at Mine\.tick \(.*users\.ts:5:\d+\)$/);
});

test('a tick that answers something else is told', async (t) => {
  const { pool } = await startPool(
    t,
    shape(`return [[10, 1], 'many', { users: 1.5, spawnRate: 1 }, { users: 1, spawnRate: 0 }, { users: 1 },
      { users: 1, spawnRate: 1, userClasses: [A] }, undefined, { users: 1, spawnRate: 1, userClasses: null, extra: A }][this.runTime];`),
  );
  const told = [];
  for (let time = 0; time < 8; time++) {
    const report = await pool.tick('Mine', time, 0);
    told.push(report?.type === 'tickFailed' ? report.reason : report?.type === 'ticked' && report.wanted);
  }
  const where = 'tick() of the load shape Mine gave';
  assert.deepEqual(told, [
    `${where} [10,1]; { users: 10, spawnRate: 1 } or null is expected`,
    `${where} "many"; { users: 10, spawnRate: 1 } or null is expected`,
    `${where} users: 1.5; a whole number from 0 on is expected`,
    `${where} spawnRate: 0; a positive number is expected`,
    `${where} spawnRate: undefined; a positive number is expected`,
    `${where} userClasses that are no list of names, such as ['ShopUser']`,
    null,
    { users: 1, spawnRate: 1 },
  ]);
});

test('a shape that is not there is told', async (t) => {
  const { pool } = await startPool(t, shape('return null;'));
  assert.deepEqual(await pool.tick('Yours', 0, 0), {
    type: 'tickFailed',
    id: 1,
    reason: 'there is no load shape Yours',
  });
});

test('a thread that ends while its shape is asked answers nothing; the next thread is asked anew', async (t) => {
  const { pool, heard } = await startPool(
    t,
    shape('if (this.runTime === 1) process.exit(3); return { users: 5, spawnRate: 1 };'),
  );
  assert.equal(await pool.tick('Mine', 1, 0), undefined);
  await until('it was replaced', () => heard.exceptions.length === 1);
  assert.deepEqual(await pool.tick('Mine', 2, 0), { type: 'ticked', id: 2, wanted: { users: 5, spawnRate: 1 } });
});

test('an object instead of the class is refused, with what to write', async (t) => {
  const made = withShapes(`class Mine extends LoadTestShape { tick() { return null; } }
    export const mine = new Mine({} as never);`);
  await assert.rejects(startPool(t, made), {
    name: 'UsageError',
    message: /the load shape mine is an object; export its class: export class Mine extends LoadTestShape \{ … \}$/,
  });
});
