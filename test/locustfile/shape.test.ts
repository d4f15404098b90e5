import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { burst, ramp, type Shape, type Stage, sine, spike, stages, steady, step } from '../../src/index.ts';
import { locustfileOf } from '../../src/locustfile/locustfile.ts';
import { shapeOf } from '../../src/runner/shape.ts';
import type { Manifest } from '../../src/swarm/manifest.ts';
import type { ShapeTick } from '../../src/user/load-test-shape.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { run } from '../tools/run.ts';
import { aClass, aManifest } from './rich-manifest.ts';

const classes = ['ShopUser', 'AdminUser'].map((name) => aClass(name));

const anyStage: fc.Arbitrary<Stage> = fc
  .record({
    duration: fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
    users: fc.nat(),
    spawnRate: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    userClasses: fc.option(fc.subarray(['ShopUser', 'AdminUser'], { minLength: 1 }), { nil: undefined }),
  })
  .map(({ userClasses, ...stage }) => (userClasses === undefined ? stage : { ...stage, userClasses }));

/** Some of each kind, and some that chance has made: the same ones in each run. */
const shapes: ReadonlyMap<string, Shape> = new Map([
  ['steadily', steady({ users: 10, duration: 100 })],
  ['rising', ramp({ users: 100, from: 10, duration: 100, hold: 10, userClasses: ['ShopUser'] })],
  ['bursting', burst({ users: 10, peak: 100, duration: 200 })],
  ['waving', sine({ users: 10, peak: 100, duration: 200 })],
  ['stepping', step({ users: 100, by: 10, every: 15 })],
  [
    'spiking',
    stages([
      spike({ users: 10, peak: 100, duration: 60, userClasses: ['AdminUser'] }),
      steady({ users: 1, duration: 9 }),
    ]),
  ],
  ...fc
    .sample(fc.array(anyStage, { minLength: 1, maxLength: 6 }), { numRuns: 40, seed: 5 })
    .map((table, place): [string, Shape] => [`chance_${place}`, stages(table)]),
]);
const manifest: Manifest = aManifest({
  classes,
  shapes: new Map([...shapes].map(([name, { stages: table }]) => [name, table])),
});

/** The ends of all stages, a bit before and after them, and some times between. */
const ends = [...shapes.values()].flatMap(({ stages: table }) => table.map(({ until }) => until));
const times = [0, 1, 17.3, 199.99, 1e6, ...ends.flatMap((end) => [end - 1e-6, end, end + 1e-6])];

test('a run without a master wants at any time what the locustfile wants of a master', async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (locust === undefined) return;
  const folder = await userFolder(t, { 'locustfile.py': locustfileOf(manifest) });
  const ticks = fileURLToPath(new URL('ticks.py', import.meta.url));
  const printed = await run(locust.python, [ticks, join(folder, 'locustfile.py'), JSON.stringify(times)]);
  const found = JSON.parse(printed.slice(printed.indexOf('{"'))) as Record<string, (unknown[] | null)[]>;
  assert.deepEqual(Object.keys(found).sort(), [...shapes.keys()].sort());
  for (const name of shapes.keys()) {
    const own = shapeOf({ manifest, tick: async () => undefined }, name);
    for (const [place, time] of times.entries()) {
      assert.deepEqual(asTuple(await own?.tick(time, 0)), found[name]?.[place], `${name} at ${time}`);
    }
  }
});

/** As Python returns it. */
function asTuple(wanted: ShapeTick | null | undefined): unknown[] | null {
  if (wanted === null || wanted === undefined) return null;
  const { users, spawnRate, userClasses } = wanted;
  return userClasses === undefined ? [users, spawnRate] : [users, spawnRate, userClasses];
}

test('a shape with tick() is told of in a comment, and is no class', () => {
  const text = locustfileOf(aManifest({ shapeClasses: ['UntilItHurts'] }));
  assert.doesNotMatch(text, /^class UntilItHurts|LoadTestShape\)/m);
  const comment = text.split('\n').filter((line) => line.startsWith('# ') && !line.startsWith('# ruff'));
  assert.equal(
    comment.map((line) => line.slice(2)).join(' '),
    'Not in here: the load shape UntilItHurts is a class with tick(), for runs without a master: a master does not run it, ' +
      "but takes users and spawn rate from its web UI or flags. 'katydid shape --json' gives it as stages, which a master runs.",
  );
  assert.ok(comment.every((line) => line.length <= 120));
});

test('after a stage with classes, one without names all of them: a master would go on with those', () => {
  const table = [
    { until: 1, users: 1, spawnRate: 1 },
    { until: 2, users: 1, spawnRate: 1, userClasses: ['AdminUser'] },
    { until: 3, users: 1, spawnRate: 1 },
  ];
  const text = locustfileOf(aManifest({ classes, shapes: new Map([['rush', table]]) }));
  assert.match(text, /\(1, 1, 1, None\),\n +\(2, 1, 1, \[AdminUser\]\),\n +\(3, 1, 1, \[ShopUser, AdminUser\]\),\n/);
});
