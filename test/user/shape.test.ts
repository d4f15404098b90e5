import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
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
