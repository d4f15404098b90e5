import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findLocust, type LocustVersion } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { rowsOf, totalOf } from './web-api.ts';
import { userFile } from './worker.ts';

const users = userFile('shop.ts');

interface Case {
  readonly version: LocustVersion;
  readonly flags: readonly string[];
  /** What the form says in one test after the other, and the requests that the tagged tasks then make. */
  readonly tests: readonly (readonly [tags: string | undefined, ...paths: string[]])[];
}

// What the form says, old masters take only where it has the type of what they hold: from 2.32 on a text,
// and a list where a list was given as a flag (2.47).
const cases: readonly Case[] = [
  { version: '2.12.1', flags: ['--tags', 'read'], tests: [[undefined, 'GET /browse']] },
  { version: '2.20.1', flags: ['--exclude-tags', 'read'], tests: [[undefined, 'POST /order']] },
  {
    version: '2.32.10',
    flags: [],
    tests: [
      ['write', 'POST /order'],
      ['read', 'GET /browse'],
      ['read,write', 'GET /browse', 'POST /order'],
    ],
  },
  {
    version: '2.47.0',
    flags: ['--tags', 'read'],
    tests: [
      [undefined, 'GET /browse'],
      ['write', 'POST /order'],
      ['read,write', 'GET /browse', 'POST /order'],
    ],
  },
];

describe('tags of the master choose the tasks of each test', { concurrency: 4 }, () => {
  for (const { version, flags, tests } of cases) {
    test(`Locust ${version} ${flags.join(' ')}`, { timeout: 120_000 }, async (t) => {
      const locust = await need(t, () => findLocust(version));
      if (!locust) return;
      const scene = await Scene.open(t, locust, { users, workers: 1, stopTimeout: 1, masterArgs: flags });
      for (const [tags, ...paths] of tests) {
        await t.test(`the form says ${tags ?? 'nothing'}`, async () => {
          scene.target.forget();
          await scene.run(4, { user_classes: ['BrowserUser'], ...(tags === undefined ? {} : { tags }) });
          await until('users work', () => scene.target.asked > 60);
          await scene.master.web.stop();
          await scene.ready();
          assert.deepEqual(scene.target.paths(), paths);
        });
      }
    });
  }
});

test('--reset-stats on master and worker forgets what was measured in the ramp-up', { timeout: 90_000 }, async (t) => {
  const locust = await need(t, () => findLocust('2.47.0'));
  if (!locust) return;
  const flags = ['--reset-stats'];
  const scene = await Scene.open(t, locust, { users, workers: 1, masterArgs: flags, worker: { args: flags } });
  await scene.run(12, { user_classes: ['BrowserUser'] }, 3);
  const inRamp = scene.target.asked;
  await until('users work', () => scene.target.asked > inRamp + 100);
  await scene.master.web.stop();
  await scene.ready();
  const statistics = await scene.master.web.settledStatistics();
  const total = totalOf(statistics);
  assert.ok(
    total < scene.target.asked - 40 && total >= 100,
    `${total} of ${scene.target.asked}, ${inRamp} in the ramp`,
  );
  const arrived = rowsOf(statistics).find(({ name }) => name === '/arrive/BrowserUser')?.num_requests ?? 0;
  assert.ok(arrived < 12, `${arrived} arrivals are left`);
});
