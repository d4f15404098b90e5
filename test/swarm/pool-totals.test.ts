import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../e2e/until.ts';
import { startPool } from './pool-under-test.ts';

test('a listener of quitting that asks for runner.stats for the first time has the whole test', async (t) => {
  const { pool, heard, resize, measured } = await startPool(
    t,
    `import { events, User } from 'katydid';
     events.quitting.addListener(({ environment: { runner } }) => {
       runner.sendMessage('failures', runner.stats.total.numFailures);
     });
     export class A extends User {
       static tasks = { go: 1 };
       async go() {
         try { await this.measure('x', 'go', () => { throw new Error('no'); }); } catch {}
         await this.sleep(9);
       }
     }`,
    { threads: 2 },
  );
  await resize({ A: 3 });
  await measured(({ total }) => total.numFailures === 3);
  await pool.stop(0);
  await pool.quitting();
  assert.deepEqual(heard.data('failures'), [3, 3]);
});

test('what a reportToMaster listener added too late for a report goes with a later one', async (t) => {
  const { pool, heard, resize } = await startPool(
    t,
    `import { events, User } from 'katydid';
     let sold = 1;
     events.reportToMaster.addListener(({ data }) => { data.sold = sold; sold = 0; });
     export class A extends User {
       static tasks = { go: 1 };
       async go() {
         this.environment.runner.sendMessage('busy');
         const end = performance.now() + 600;
         while (performance.now() < end);
         this.environment.runner.sendMessage('free');
         await this.sleep(9);
       }
     }`,
  );
  void resize({ A: 1 });
  await until('it is busy', () => heard.data('busy').length === 1);
  const first = await pool.report();
  assert.deepEqual(first, {});
  await until('it is free', () => heard.data('free').length === 1);
  assert.deepEqual(await pool.report(), { sold: 1 });
});
