import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { troubleIn } from './master.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { type Row, rowsOf, totalOf } from './web-api.ts';
import { userFile } from './worker.ts';

interface Timed extends Row {
  readonly max_response_time: number;
  readonly 'response_time_percentile_0.99': number;
}

const stall = 2000;

test('a server that stalls for 2 s, under a master', { timeout: 120_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const scene = await Scene.open(t, locust, { users: userFile('arrivals.ts'), workers: 1, worker: { threads: 1 } });
  const { target, master } = scene;
  await scene.run(2);
  await until(
    'both have asked for a while',
    () => target.count('GET /closed') > 150 && target.count('GET /open') > 150,
  );
  target.hold();
  await sleep(stall);
  target.release();
  await until('more is asked', () => target.count('GET /closed') > 300);
  await master.web.stop();
  const statistics = await master.web.settledStatistics();
  const rows = rowsOf(statistics) as readonly Timed[];
  const row = (name: string): Timed => rows.find((each) => each.name === name) as Timed;
  const p99 = (name: string): number => row(name)['response_time_percentile_0.99'];

  await t.test('the closed user hides it: only one request was slow', () => {
    assert.ok(row('/closed').max_response_time > stall * 0.9, JSON.stringify(row('/closed')));
    assert.ok(p99('/closed') < stall / 4, JSON.stringify(row('/closed')));
  });
  await t.test('so do the own times of the open one, whose two requests at once were slow', () => {
    assert.ok(row('/open').max_response_time > stall * 0.9);
    assert.ok(p99('/open') < stall / 4, JSON.stringify(row('/open')));
  });
  await t.test('its response times show it', () => {
    assert.ok(p99('/open (response)') > stall * 0.8, JSON.stringify(row('/open (response)')));
  });
  await t.test('it has asked as often as was planned, the closed one has not', () => {
    const [open, closed] = [row('/open').num_requests, row('/closed').num_requests];
    assert.ok(open - closed > 60, `${open} and ${closed}`);
    assert.equal(row('/open (response)').num_requests, open);
  });
  await t.test('the Aggregated row has each request once: what the target counted', () => {
    assert.equal(totalOf(statistics), target.answered);
    assert.equal(totalOf(statistics), row('/open').num_requests + row('/closed').num_requests);
  });
  await t.test('the master had no trouble with it', () => {
    assert.deepEqual(troubleIn(master.child.output), []);
  });
});
