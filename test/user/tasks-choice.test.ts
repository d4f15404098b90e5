import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SequentialTaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import { onlyTasks, pickTask, planOf, stepsOf, type Task } from '../../src/user/tasks.ts';

class Steps extends SequentialTaskSet {
  static tasks: TaskTable = { pay: 2, cart: 1, interrupt: { tags: ['end'] }, pay2: 0 };
  pay() {}
  cart() {}
  pay2() {}
}
const plan = planOf(Steps, () => ({}));

test('onlyTasks keeps the named ones', () => {
  const { tasks } = onlyTasks(plan, ['cart', 'pay2', 'unheard']);
  assert.deepEqual(
    tasks.map(({ name }) => name),
    ['cart', 'pay2'],
  );
});

test('a sequence runs in the order of its table, and a weight repeats a step', () => {
  assert.deepEqual(
    stepsOf(plan).map(({ name }) => name),
    ['pay', 'pay', 'cart', 'interrupt'],
  );
});

const weighted = (weights: readonly number[]): Task[] =>
  weights.map((weight, at) => ({ name: `${at}`, weight, tags: [] }));

test('tasks are picked in proportion to their weights', () => {
  const tasks = weighted([3, 0, 1, 2]);
  const picked = Array.from({ length: 12 }, (_, at) => pickTask(tasks, () => at / 12)?.name);
  assert.equal(picked.join(''), '000000223333');
});

test('whatever the weights and the random number, a task with a weight is picked', () => {
  const weights = fc.array(fc.oneof(fc.nat(5), fc.double({ min: 0, max: 10, noNaN: true })), { maxLength: 12 });
  const random = fc.oneof(fc.constant(1 - 2 ** -53), fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true }));
  fc.assert(
    fc.property(weights, random, (given, number) => {
      const picked = pickTask(weighted(given), () => number);
      if (given.some((weight) => weight > 0)) assert.ok(picked !== undefined && picked.weight > 0);
      else assert.equal(picked, undefined);
    }),
    { numRuns: 500 },
  );
});

test('fractions whose sum is not exact leave no gap at the end', () => {
  const tasks = weighted(new Array<number>(10).fill(0.1));
  assert.equal(pickTask(tasks, () => 1 - 2 ** -53)?.name, '9');
});
