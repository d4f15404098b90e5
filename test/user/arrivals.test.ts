import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.ts';
import { scheduled } from '../../src/user/arrivals.ts';

const drawn = (t: TestContext, value: number): void => void t.mock.method(Math, 'random', () => value);

/** Wrong values are given as a JavaScript user file may give them. */
const give = scheduled as (...given: unknown[]) => unknown;

test('even spacing is one interval each time', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 100_000, noNaN: true }), (rate) => {
      assert.equal(scheduled(rate).gap(), 1000 / rate);
    }),
  );
});

test('the first iteration comes at any moment of the first interval', (t) => {
  drawn(t, 0.25);
  assert.equal(scheduled(10).first(), 25);
});

test('Poisson spacing has exponential gaps of that mean, the first one too', (t) => {
  const arrivals = scheduled(10, { spacing: 'poisson' });
  const draws = 10_000;
  let sum = 0;
  for (let at = 0; at < draws; at++) {
    drawn(t, (at + 0.5) / draws);
    sum += arrivals.gap();
  }
  assert.ok(Math.abs(sum / draws - 100) < 0.1, `${sum / draws}`);
  drawn(t, 1 - Math.exp(-1));
  assert.ok(Math.abs(arrivals.first() - 100) < 1e-9);
  drawn(t, 0);
  assert.ok(arrivals.gap() === 0);
});

test('a hundred may run at once, if it is not said', () => {
  assert.equal(scheduled(10).maxConcurrent, 100);
  assert.equal(scheduled(10, { maxConcurrent: 3 }).maxConcurrent, 3);
});

for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '5', undefined]) {
  test(`a rate of ${String(rate)} is refused`, () => {
    assert.throws(() => give(rate), {
      name: UsageError.name,
      message: `scheduled(${String(rate)}): a positive rate (iterations per second and user) is expected`,
    });
  });
}

for (const maxConcurrent of [0, -1, 1.5, Number.NaN, '3', null]) {
  test(`maxConcurrent: ${String(maxConcurrent)} is refused`, () => {
    const message = `scheduled(5) has maxConcurrent: ${String(maxConcurrent)}; a whole number from 1 on is expected`;
    assert.throws(() => give(5, { maxConcurrent }), { name: UsageError.name, message });
  });
}

test('a spacing that there is not is refused', () => {
  const message = "scheduled(5) has spacing: uniform; 'even' or 'poisson' is expected";
  assert.throws(() => give(5, { spacing: 'uniform' }), { name: UsageError.name, message });
});
