import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { totalOf } from './web-api.ts';
import { userFile } from './worker.ts';

const stopTimeout = 2;

test('a task that spins for 30 s in one of two threads', { timeout: 120_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const users = userFile('blocker.ts');
  const scene = await Scene.open(t, locust, { users, workers: 1, stopTimeout, worker: { threads: 2 } });
  const { target, master, workers } = scene;
  // the master hears of its users from the main thread, so it counts nine although one thread is deaf
  await master.web.swarm(9, 20);
  await until('the task spins', () => target.count('GET /block') > 0);

  await t.test('the worker is never missing, and the users of the other thread go on', async () => {
    await sleep(1000);
    for (let second = 0; second < 8; second++) {
      const before = target.count('GET /tick');
      await sleep(1000);
      assert.ok(target.count('GET /tick') > before, `no tick in second ${second}`);
      const { state, workers } = await master.web.statistics();
      assert.deepEqual(
        workers.map((worker) => worker.state),
        ['running'],
        `in second ${second}`,
      );
      assert.equal(state, 'running');
    }
    assert.equal(target.count('GET /block'), 1);
  });
  await t.test('stop is answered within a second and stop_timeout', async () => {
    // the master's page looks once a second whether all users are gone; its log tells when the worker said so
    const begin = performance.now();
    const page = master.web.stop();
    await master.child.said('reported that it has stopped');
    const seconds = (performance.now() - begin) / 1000;
    assert.ok(seconds < stopTimeout + 1 + 0.5, `stop took ${seconds} s`);
    await page;
    assert.ok(workers[0]?.isAlive);
    await scene.ready();
  });
  await t.test('what the blocked thread had reported is kept', async () => {
    const total = totalOf(await master.web.settledStatistics());
    assert.ok(total <= target.asked, `${total} reported, ${target.asked} asked`);
    assert.ok(total >= target.asked - 10, `${total} reported, ${target.asked} asked`);
  });
  await t.test('the next test has all its users again', async () => {
    target.forget();
    await master.web.swarm(9, 20);
    await until('ticks and the blocker', () => target.count('GET /block') > 0 && target.count('GET /tick') > 20);
  });
});
