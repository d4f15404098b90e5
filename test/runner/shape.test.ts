import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type LogRecord, setLogSink } from '../../src/log.ts';
import { noSuchShape, shapeOf, tickOf } from '../../src/runner/shape.ts';
import type { Report } from '../../src/swarm/port.ts';
import type { ShapeStage } from '../../src/user/shape.ts';
import { aClass, aManifest } from '../locustfile/rich-manifest.ts';

type Given = Parameters<typeof shapeOf>[0];
type Wanted = Extract<Report, { type: 'ticked' }>['wanted'];

let said: LogRecord[] = [];
beforeEach(() => {
  said = [];
  setLogSink((record) => said.push(record));
});

const two = { classes: [aClass('A'), aClass('B')] };
const rush: readonly ShapeStage[] = [
  { until: 10, users: 5, spawnRate: 1 },
  { until: 20.5, users: 9, spawnRate: 2, userClasses: ['A'] },
  { until: 30, users: 3, spawnRate: 1 },
];
const ticked = (wanted: Wanted): Report => ({ type: 'ticked', id: 1, wanted });
const never = async (): Promise<undefined> => undefined;

/** A pool with these shapes from data. */
const poolWith = (shapes: Readonly<Record<string, readonly ShapeStage[]>>): Given => ({
  manifest: aManifest({ ...two, shapes: new Map(Object.entries(shapes)) }),
  tick: never,
});
/** A pool with a shape with `tick()` that answers so. */
const poolAsking = (tick: Given['tick']): Given => ({
  manifest: aManifest({ ...two, shapeClasses: ['Mine'] }),
  tick,
});

test('stages are what is wanted until their end', () => {
  const at = [0, 9.999, 10, 20.4, 20.5, 29.9, 30, 1000].map((time) => tickOf(rush, time)?.users ?? null);
  assert.deepEqual(at, [5, 5, 9, 9, 3, 3, null, null]);
  assert.deepEqual(tickOf(rush, 10), { users: 9, spawnRate: 2, userClasses: ['A'] });
});

test('after a stage with classes, one without means all of them, as its table says', async () => {
  const shape = shapeOf(poolWith({ rush }));
  assert.deepEqual(await shape?.tick(0, 0), { users: 5, spawnRate: 1 });
  assert.deepEqual(await shape?.tick(25, 9), { users: 3, spawnRate: 1, userClasses: ['A', 'B'] });
});

test('without a shape there is none', () => {
  assert.equal(shapeOf(poolWith({})), undefined);
});

test('of several shapes the first runs, and that is said', () => {
  const pool = poolWith({ calm: rush, rush });
  assert.equal(shapeOf(pool)?.name, 'calm');
  assert.deepEqual(
    said.map(({ level, text }) => [level, text]),
    [['WARNING', 'of the load shapes calm, rush the first one runs: calm']],
  );
});

test('of several shapes the named one runs, and nothing is said', () => {
  assert.equal(shapeOf(poolWith({ calm: rush, rush }), 'rush')?.name, 'rush');
  assert.deepEqual(said, []);
});

test('a shape that is not there is told, with the one that was meant', () => {
  assert.throws(() => shapeOf(poolWith({ calm: rush, rush }), 'rash'), {
    name: 'UsageError',
    message: 'there is no load shape rash; the user file has calm, rush; is rush meant?',
  });
  assert.equal(noSuchShape('rash', []), 'there is no load shape rash; the user file exports none');
});

test('a stage that names a class that is not there is told', () => {
  const wrong = [{ until: 1, users: 1, spawnRate: 1, userClasses: ['C'] }];
  assert.throws(() => shapeOf(poolWith({ wrong })), {
    name: 'UsageError',
    message: 'the load shape wrong names the class C; there are A, B; is A meant?',
  });
});

test('a shape with tick() is asked with the time and the users', async () => {
  const asked: unknown[] = [];
  const shape = shapeOf(
    poolAsking(async (...question) => {
      asked.push(question);
      return ticked({ users: 7, spawnRate: 2 });
    }),
  );
  assert.deepEqual(await shape?.tick(3, 4), { users: 7, spawnRate: 2 });
  assert.deepEqual(asked, [['Mine', 3, 4]]);
});

test('its null ends the run', async () => {
  assert.equal(await shapeOf(poolAsking(async () => ticked(null)))?.tick(3, 4), null);
});

test('its classes are those it names, then all, and none that are not there', async () => {
  const answers: Wanted[] = [
    { users: 1, spawnRate: 1 },
    { users: 2, spawnRate: 1, userClasses: ['A'] },
    { users: 3, spawnRate: 1 },
    { users: 4, spawnRate: 1, userClasses: ['X'] },
  ];
  const shape = shapeOf(poolAsking(async () => ticked(answers.shift() ?? null)));
  const classes = [await shape?.tick(0, 0), await shape?.tick(1, 0), await shape?.tick(2, 0)].map(
    (wanted) => wanted?.userClasses,
  );
  assert.deepEqual(classes, [undefined, ['A'], ['A', 'B']]);
  await assert.rejects(shape?.tick(3, 0) ?? never(), { message: /^the load shape Mine names the class X; there are / });
});

test('one that cannot go on ends the run, with its reason', async () => {
  const shape = shapeOf(
    poolAsking(async () => ({ type: 'tickFailed', id: 1, reason: 'Error: no\n    at users.ts:3' })),
  );
  await assert.rejects(shape?.tick(0, 0) ?? never(), {
    name: 'UsageError',
    message: 'the load shape Mine cannot go on, so the run ends:\nError: no\n    at users.ts:3',
  });
});

test('a thread that dies while it is asked changes nothing: the next one is asked', async () => {
  const answers = [ticked({ users: 7, spawnRate: 2 }), undefined, ticked({ users: 8, spawnRate: 2 })];
  const shape = shapeOf(poolAsking(async () => answers.shift()));
  const users = [await shape?.tick(0, 0), await shape?.tick(1, 0), await shape?.tick(2, 0)].map(
    (wanted) => wanted?.users,
  );
  assert.deepEqual(users, [7, 7, 8]);
});

test('one that takes its time: its last answer holds, which is said once, and it is not asked twice', async () => {
  let answer: (report: Report) => void = () => {};
  let asked = 0;
  const shape = shapeOf(
    poolAsking(() => {
      asked++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    }),
    undefined,
    20,
  );
  assert.deepEqual(await shape?.tick(0, 0), { users: 0, spawnRate: 1 });
  assert.deepEqual(await shape?.tick(1, 0), { users: 0, spawnRate: 1 });
  assert.equal(asked, 1);
  assert.deepEqual(
    said.map(({ level, text }) => [level, text.slice(0, 61)]),
    [['WARNING', 'the load shape Mine takes more than 0.02 s for a tick(), or a']],
  );

  answer(ticked({ users: 9, spawnRate: 3 }));
  await turn();
  assert.deepEqual(await shape?.tick(2, 0), { users: 9, spawnRate: 3 }, 'what came late is the last answer');
});
