import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.ts';
import {
  between,
  constant,
  constantPacing,
  constantThroughput,
  poisson,
  type Waiter,
  type WaitTime,
} from '../../src/user/wait-time.ts';

const waiter: Waiter = { createdAt: 0 };

/** A monotonic clock that stands until the test says how many seconds pass. */
function clock(t: TestContext): { pass(seconds: number): void; waiter(): Waiter } {
  let now = 5000;
  t.mock.method(performance, 'now', () => now);
  return {
    pass: (seconds) => {
      now += seconds * 1000;
    },
    waiter: () => ({ createdAt: now }),
  };
}

test('constant is always the same', () => {
  assert.deepEqual([constant(3)(waiter), constant(0)(waiter)], [3, 0]);
});

test('between lies between its two numbers, evenly', (t) => {
  const randoms = [0, 0.5, 1 - 2 ** -53];
  t.mock.method(Math, 'random', () => randoms.shift() ?? 0);
  const wait = between(2, 6);
  assert.deepEqual([wait(waiter), wait(waiter)], [2, 4]);
  assert.ok((wait(waiter) as number) <= 6);
});

test('between may be one number', () => {
  assert.equal(between(2, 2)(waiter), 2);
});

test('constantPacing fills up the time that the task has left', (t) => {
  const { pass, waiter: made } = clock(t);
  const wait = constantPacing(10);
  const user = made();
  pass(3);
  assert.equal(wait(user), 7);
  pass(7 + 4);
  assert.equal(wait(user), 6);
});

test('constantPacing does not wait after a task that took longer, and does not make up for it', (t) => {
  const { pass, waiter: made } = clock(t);
  const wait = constantPacing(10);
  const user = made();
  pass(25);
  assert.equal(wait(user), 0);
  pass(2);
  assert.equal(wait(user), 8);
});

test('constantPacing keeps a pace for each waiter', (t) => {
  const { pass, waiter: made } = clock(t);
  const wait = constantPacing(10);
  const first = made();
  pass(1);
  assert.equal(wait(first), 9);
  const second = made();
  pass(4);
  assert.equal(wait(second), 6);
});

test('however long tasks take, a task and its pause last the given time, or the task alone if it took longer', (t) => {
  const { pass, waiter: made } = clock(t);
  const tasks = fc.array(fc.nat(30), { maxLength: 20 });
  fc.assert(
    fc.property(tasks, fc.nat(20), (seconds, pace) => {
      const wait = constantPacing(pace);
      const user = made();
      for (const task of seconds) {
        pass(task);
        const pause = wait(user) as number;
        assert.ok(Math.abs(task + pause - Math.max(task, pace)) < 1e-6);
        pass(pause);
      }
    }),
  );
});

test('constantThroughput is the pace of a rate', (t) => {
  const { pass, waiter: made } = clock(t);
  const user = made();
  pass(3);
  assert.equal(constantThroughput(0.1)(user), 7);
});

test('poisson is exponential: its median is ln 2 of its mean', (t) => {
  const randoms = [0, 0.5, 1 - 2 ** -53];
  t.mock.method(Math, 'random', () => randoms.shift() ?? 0);
  const wait = poisson(2);
  assert.equal(Math.abs(wait(waiter) as number), 0);
  assert.equal(wait(waiter), Math.LN2 / 2);
  assert.ok(Number.isFinite(wait(waiter)));
});

test('a number of seconds from 0 on is expected', () => {
  const odd = [-1, Number.NaN, Number.POSITIVE_INFINITY, '3' as unknown as number, undefined as unknown as number];
  const made: readonly ((seconds: number) => WaitTime)[] = [
    constant,
    (seconds) => between(seconds, 5),
    (seconds) => between(0, seconds),
    constantPacing,
  ];
  for (const make of made) {
    for (const seconds of odd) assert.throws(() => make(seconds), UsageError);
  }
  const expected = 'between(1, NaN): a number of seconds from 0 on is expected, not NaN';
  assert.throws(() => between(1, Number.NaN), { message: expected });
});

test('between expects the lesser number first', () => {
  const expected = 'between(5, 1): the second number must not be less than the first';
  assert.throws(() => between(5, 1), { name: 'UsageError', message: expected });
});

test('a rate must be positive', () => {
  for (const make of [constantThroughput, poisson]) {
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1' as unknown as number]) {
      const expected = `${make.name}(${rate}): a positive rate (tasks per second) is expected`;
      assert.throws(() => make(rate), { name: 'UsageError', message: expected });
    }
  }
});
