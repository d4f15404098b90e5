import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { totalOf } from './web-api.ts';
import { userFile } from './worker.ts';

test('SIGTERM while 1,000 users run: every finished request is in the total', { timeout: 90_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const scene = await Scene.open(t, locust, { users: userFile('crowd.ts'), workers: 1 });
  const { target, master, workers } = scene;
  const [worker] = workers;
  await scene.run(1000, {}, 250);
  await until('they work', () => target.answered > 1500);
  // from here on nothing finishes: what was answered is what the total must say
  target.hold();
  await sleep(500);
  const finished = target.answered;
  assert.equal(await worker?.end('SIGTERM', 20), 0);
  await master.web.until('the worker is gone', (now) => now.workers.length === 0);
  assert.equal(totalOf(await master.web.settledStatistics()), finished);
});
