import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { burst, ramp, steady } from '../../src/index.ts';
import { Shape, type Stage, stages } from '../../src/user/shape.ts';

function mistakeIn(table: unknown): string {
  try {
    stages(table as readonly Stage[]);
  } catch (error) {
    assert.ok(error instanceof UsageError, `${error}`);
    return error.message;
  }
  return 'accepted';
}
const good = { duration: 60, users: 10, spawnRate: 1 };

test('durations follow each other', () => {
  const shape = stages([good, { duration: 30.5, users: 100, spawnRate: 10 }]);
  assert.ok(shape instanceof Shape);
  assert.deepEqual(shape.stages, [
    { until: 60, users: 10, spawnRate: 1 },
    { until: 90.5, users: 100, spawnRate: 10 },
  ]);
});

test('until counts from the start of the shape, and both may be mixed', () => {
  const { stages: made } = stages([
    { until: 20, users: 1, spawnRate: 1 },
    good,
    { until: 100, users: 2, spawnRate: 1 },
  ]);
  assert.deepEqual(
    made.map(({ until }) => until),
    [20, 80, 100],
  );
});

test('the user classes of a stage are kept', () => {
  const [first, second] = stages([{ ...good, userClasses: ['Shop'] }, good]).stages;
  assert.deepEqual(first?.userClasses, ['Shop']);
  assert.equal(second && 'userClasses' in second, false);
});

test('a stage may have no users', () => {
  assert.equal(stages([{ ...good, users: 0 }]).stages[0]?.users, 0);
});

test('a shape without a stage is told', () => {
  for (const odd of [[], undefined, {}]) assert.equal(mistakeIn(odd), 'stages([…]) needs at least one stage');
});

test('a stage that does not end after the one before is told, by its place', () => {
  const expected = 'stage 2 of stages([…]) needs a duration in seconds, or an until after the stage before';
  for (const odd of [{}, { until: 60 }, { duration: 0 }, { duration: -1 }, { duration: Number.POSITIVE_INFINITY }]) {
    assert.equal(mistakeIn([good, { users: 1, spawnRate: 1, ...odd }]), expected);
  }
});

test('users that are no whole number from 0 on are told', () => {
  for (const users of [-1, 1.5, Number.NaN, '3', undefined]) {
    const expected = `stage 1 of stages([…]) has users: ${users}; a whole number from 0 on is expected`;
    assert.equal(mistakeIn([{ ...good, users }]), expected);
  }
});

test('a spawn rate that is not positive is told', () => {
  for (const spawnRate of [0, -1, Number.NaN, undefined]) {
    const expected = `stage 1 of stages([…]) has spawnRate: ${spawnRate}; a positive number is expected`;
    assert.equal(mistakeIn([{ ...good, spawnRate }]), expected);
  }
});

test('a ramp time is the rate from the users of the stage before, up or down', () => {
  const { stages: made } = stages([
    { duration: 60, users: 100, rampTime: 20 },
    { duration: 60, users: 10, rampTime: 60 },
    { duration: 60, users: 10, rampTime: 30 },
    { duration: 60, users: 11, rampTime: 0 },
    { duration: 60, users: 0, rampTime: 30 },
  ]);
  assert.deepEqual(
    made.map(({ spawnRate }) => spawnRate),
    [5, 1.5, 1, 1, 0.3667],
  );
});

test('a ramp time that does not fit is told', () => {
  for (const rampTime of [-1, 61, Number.NaN, '3']) {
    const expected = `stage 1 of stages([…]) has rampTime: ${rampTime}; seconds from 0 to 60, its duration, are expected`;
    assert.equal(mistakeIn([{ duration: 60, users: 10, rampTime }]), expected);
  }
});

test('a spawn rate besides a ramp time is told', () => {
  const expected = 'stage 1 of stages([…]) has spawnRate: 1 and rampTime: 3; one of both is expected';
  assert.equal(mistakeIn([{ ...good, rampTime: 3 }]), expected);
});

test('a stage that is none is told', () => {
  for (const odd of [null, 3, 'burst']) {
    assert.equal(
      mistakeIn([odd]),
      `stage 1 of stages([…]) is ${odd}; { duration, users, spawnRate } or a shape is expected`,
    );
  }
});

test('classes that are no list of names are told', () => {
  const expected = "stage 1 of stages([…]) has userClasses that are no list of names, such as ['ShopUser']";
  for (const userClasses of [[], 'Shop', [class Shop {}]])
    assert.equal(mistakeIn([{ ...good, userClasses }]), expected);
});

test('shapes among the stages follow each other, each from the users that the one before has left', () => {
  const inner = stages([steady({ users: 20, duration: 10, rampTime: 5 }), { until: 15, users: 30, spawnRate: 2 }]);
  const { stages: made } = stages([
    { duration: 30, users: 40, spawnRate: 4 },
    inner,
    ramp({ users: 130, duration: 50 }),
    { until: 100, users: 1, spawnRate: 1, userClasses: ['Shop'] },
    burst({ users: 1, peak: 5, duration: 8, every: 8 }),
  ]);
  assert.deepEqual(made, [
    { until: 30, users: 40, spawnRate: 4 },
    { until: 40, users: 20, spawnRate: 4 },
    { until: 45, users: 30, spawnRate: 2 },
    { until: 95, users: 130, spawnRate: 2 },
    { until: 100, users: 1, spawnRate: 1, userClasses: ['Shop'] },
    { until: 103, users: 1, spawnRate: 1 },
    { until: 105, users: 5, spawnRate: 4 },
    { until: 108, users: 1, spawnRate: 4 },
  ]);
});

test('tenths of seconds add up to what was meant', () => {
  const { stages: made } = stages(Array.from({ length: 10 }, () => ({ duration: 0.1, users: 1, spawnRate: 1 })));
  assert.equal(made.at(-1)?.until, 1);
});
