import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { userFile } from './worker.ts';

test('a worker that is the bottleneck itself', { timeout: 120_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const scene = await Scene.open(t, locust, { users: userFile('thinker.ts'), workers: 1 });
  const { master, workers } = scene;
  await master.web.swarm(20, 20);

  await t.test('says so in its log and on the web UI, once', async () => {
    await until(
      'the log tells of it',
      () => workers[0]?.output.includes('the load generator is the bottleneck') === true,
      {
        limit: 30,
      },
    );
    await until('the web UI shows it', async () => (await master.web.exceptions()).length > 0);
    const [told, ...more] = await master.web.exceptions();
    assert.match(told?.msg ?? '', /^the load generator is the bottleneck: a load thread was busy for 5 s/);
    assert.equal(told?.count, 1);
    assert.deepEqual(more, []);
  });
});
