import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findLocust, locustVersions } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { rowsOf, totalOf } from './web-api.ts';
import { userFile } from './worker.ts';

const form = { user_classes: ['BrowserUser', 'BuyerUser', 'AdminUser'] };

describe('losses in the middle of a test', { concurrency: 4 }, () => {
  for (const version of locustVersions) {
    test(`Locust ${version}`, { timeout: 180_000 }, async (t) => {
      const locust = await need(t, () => findLocust(version));
      if (!locust) return;
      const scene = await Scene.open(t, locust, { users: userFile('shop.ts'), masterArgs: ['--enable-rebalancing'] });
      const { target, workers } = scene;
      const working = async (): Promise<void> => {
        const before = target.asked;
        await until('users work', () => target.asked > before + 30);
      };

      await t.test('a master killed and restarted finds the same workers, whose users come back', async () => {
        await scene.run(10, form);
        await working();
        await scene.replaceMaster();
        await scene.ready();
        const pause = target.asked;
        await scene.run(6, form);
        await until('users work', () => target.asked > pause + 30);
        await scene.master.web.stop();
        await scene.ready();
        target.forget();
        assert.deepEqual(
          workers.map((worker) => worker.isAlive),
          [true, true],
        );
      });
      await t.test('a worker that is killed leaves its users to the other', async () => {
        await scene.run(10, form);
        await working();
        await workers.shift()?.end('SIGKILL');
        const { web } = scene.master;
        const isTakenOver = ({ user_count }: { user_count: number }): boolean => user_count === 10;
        await web.until('the loss is seen', (now) => now.workers.some(({ state }) => state === 'missing'));
        await web.until('all ten users run again', (now) => isTakenOver(now) && rowsOf(now).length > 0);
        await working();
      });
      await t.test('a worker that joins gets its share', async () => {
        scene.addWorker();
        await scene.master.web.until('two workers run five users each', (now) => {
          const running = now.workers.filter(({ state }) => state === 'running');
          return running.length === 2 && running.every(({ user_count }) => user_count === 5);
        });
      });
      await t.test('nothing is counted twice; lost is only what the killed one had not yet reported', async () => {
        await scene.master.web.stop();
        await scene.ready();
        const total = totalOf(await scene.master.web.settledStatistics());
        assert.ok(total <= target.asked, `${total} of ${target.asked}`);
        assert.ok(total > target.asked / 2, `${total} of ${target.asked}`);
      });
    });
  }
});
