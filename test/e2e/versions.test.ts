import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findLocust, locustVersions } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { troubleIn } from './master.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { rowsOf, totalOf } from './web-api.ts';
import { userFile } from './worker.ts';

const users = userFile('shop.ts');
const shoppers = { user_classes: ['BrowserUser', 'BuyerUser', 'AdminUser'] };

const live = ({ target }: Scene): Record<string, number> => ({
  BrowserUser: target.live('BrowserUser'),
  BuyerUser: target.live('BuyerUser'),
  AdminUser: target.live('AdminUser'),
});

/** Asks the master for users and waits until the target sees exactly those of each class. */
async function grow(scene: Scene, users: number, wanted: Record<string, number>): Promise<void> {
  await scene.run(users, shoppers);
  await until(`users ${JSON.stringify(wanted)}`, () => JSON.stringify(live(scene)) === JSON.stringify(wanted), {
    limit: 25,
    show: () => live(scene),
  });
}

/** Stops the test, and holds the master's books against the target's. */
async function stopAndCompare(scene: Scene): Promise<void> {
  const { master, target } = scene;
  await master.web.stop();
  await scene.ready();
  const now = await master.web.settledStatistics();
  assert.equal(totalOf(now), target.asked, 'the master counts what the target was asked');
  for (const { method, name, num_requests } of rowsOf(now)) {
    assert.equal(num_requests, target.count(`${method} ${name}`), `${method} ${name}`);
  }
  assert.equal(now.user_count, 0);
}

describe('an unmodified master drives two workers of two threads', { concurrency: 4 }, () => {
  for (const version of locustVersions) {
    const minor = Number(version.split('.')[1]);
    test(`Locust ${version}`, { timeout: 180_000 }, async (t) => {
      const locust = await need(t, () => findLocust(version));
      if (!locust) return;
      const scene = await Scene.open(t, locust, { users });
      const { master, target } = scene;
      const { web } = master;

      await t.test('users of each class are as many as asked for, up and down', async () => {
        await grow(scene, 14, { BrowserUser: 9, BuyerUser: 3, AdminUser: 2 });
        await grow(scene, 26, { BrowserUser: 18, BuyerUser: 6, AdminUser: 2 });
        await grow(scene, 6, { BrowserUser: 3, BuyerUser: 1, AdminUser: 2 });
      });
      await t.test('the ratio tab names classes and tasks', async () => {
        const ratios = JSON.stringify(await web.tasks());
        for (const name of ['BrowserUser', 'browse', 'order', 'pay', 'watch'])
          assert.ok(ratios.includes(`"${name}"`), name);
      });
      await t.test('after stop no request is lost and none counted twice', async () => {
        await stopAndCompare(scene);
        assert.deepEqual(live(scene), { BrowserUser: 0, BuyerUser: 0, AdminUser: 0 });
      });
      await t.test('a second test starts from zero; failures and exceptions have their tabs', async () => {
        target.forget();
        await scene.run(4, { user_classes: ['FaultyUser'] });
        await until('all three tasks ran', () => target.paths().length === 3 && target.asked > 40, { limit: 20 });
        await stopAndCompare(scene);
        const { errors } = await web.statistics();
        const failed = new Map(errors.map(({ method, name, occurrences }) => [`${method} ${name}`, occurrences]));
        assert.equal(failed.get('GET /fail'), target.count('GET /fail'));
        assert.equal(failed.get('GET /drop'), target.count('GET /drop'));
        assert.equal(errors.length, 2, 'one row an error, from all threads of all workers');
        const [raised, ...others] = await web.exceptions();
        assert.deepEqual(others, []);
        assert.equal(raised?.msg, 'the shop is broken');
        assert.equal(raised?.count, target.count('GET /broken'));
        assert.match(raised?.traceback ?? '', /shop\.ts:68/);
      });
      await t.test('custom arguments of the web UI reach the users', async () => {
        target.forget();
        await scene.run(4, { user_classes: ['OptionUser'], tenant: 'blue', max_items: '12' });
        await until('a user told', () => target.paths().length > 0);
        await stopAndCompare(scene);
        assert.deepEqual(target.paths(), ['GET /told/blue/12']);
      });
      await t.test('reset begins the statistics anew, and what comes after is complete', async () => {
        target.forget();
        await scene.run(8, shoppers);
        await until('the users work', () => target.asked > 60);
        target.hold();
        await web.until('all that was finished is reported', (now) => totalOf(now) === target.answered);
        const before = target.answered;
        await web.resetStatistics();
        await web.until('no row is left', (now) => totalOf(now) === 0);
        target.release();
        await until('the users go on', () => target.answered > before + 40);
        await web.stop();
        await scene.ready();
        assert.equal(totalOf(await web.settledStatistics()), target.asked - before);
      });
      if (minor >= 25) {
        await t.test('the class editor chooses tasks', async () => {
          target.forget();
          await web.editUser({
            user_class_name: 'BrowserUser',
            tasks: ['order'],
            weight: 3,
            fixed_count: 0,
            host: null,
          });
          await scene.run(4, { user_classes: ['BrowserUser'] });
          await until('orders', () => target.count('POST /order') > 20);
          await stopAndCompare(scene);
          assert.deepEqual(target.paths(), ['POST /order']);
          await web.editUser({ user_class_name: 'BrowserUser', tasks: ['browse', 'order'] });
        });
      }
      if (minor >= 29) {
        await t.test('each worker has its log', async () => {
          const logs = await until('two logs', async () => {
            const found = Object.values(await web.logs());
            return found.length === 2 && found.every((lines) => lines.length > 0) ? found : undefined;
          });
          assert.equal(logs.length, 2);
        });
      }
      await t.test('all workers end with their master, which had no trouble with them', async () => {
        const trouble = troubleIn(await master.end());
        assert.deepEqual(trouble, []);
        assert.deepEqual(await Promise.all(scene.workers.map((worker) => worker.ended)), [0, 0]);
      });
    });
  }
});
