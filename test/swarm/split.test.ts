import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addCounts, type Counts, split, sumOfCounts } from '../../src/swarm/split.ts';

const names = ['Reader', 'Writer', 'constructor', '__proto__'];
const count = fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: 300 }));
const target: fc.Arbitrary<Counts> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names), count), { selector: ([name]) => name })
  .map((rows) => new Map(rows));
const threads = fc.integer({ min: 1, max: 9 });
/** Any orders, one after the other, dealt to so many threads that are idle at first. */
const story = fc.record({ threads, targets: fc.array(target, { minLength: 1, maxLength: 8 }) });

const idle = (count: number): Counts[] => Array.from({ length: count }, () => new Map());
const of = (parts: readonly Counts[], name: string): number[] => parts.map((part) => part.get(name) ?? 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const span = (numbers: readonly number[]): number => Math.max(...numbers) - Math.min(...numbers);

/** Checks each step of a story. */
function eachStep(check: (before: readonly Counts[], order: Counts, after: readonly Counts[]) => void): void {
  fc.assert(
    fc.property(story, (given) => {
      let dealt = idle(given.threads);
      for (const order of given.targets) {
        const next = split(dealt, order);
        check(dealt, order, next);
        dealt = next;
      }
    }),
    { numRuns: 300 },
  );
}

test('the parts of a class sum up to its target, whatever ran before', () => {
  eachStep((_, order, after) => {
    for (const [name, wanted] of order) assert.equal(sum(of(after, name)), wanted);
  });
});

test('a class that grows lowers no part, one that shrinks raises none', () => {
  eachStep((before, order, after) => {
    for (const [name, wanted] of order) {
      const grows = wanted >= sum(of(before, name));
      for (const [at, was] of of(before, name).entries()) {
        const is = of(after, name)[at] ?? 0;
        assert.ok(grows ? is >= was : is <= was, `${name} at ${at}: ${was} → ${is}`);
      }
    }
  });
});

test('a class that the order does not name stays as it is', () => {
  eachStep((before, order, after) => {
    for (const name of names.filter((each) => !order.has(each))) assert.deepEqual(of(after, name), of(before, name));
  });
});

test('the same order again changes nothing', () => {
  eachStep((_, order, after) => assert.deepEqual(split(after, order), after));
});

test('classes that are started together are balanced within one user a thread', () => {
  fc.assert(
    fc.property(threads, target, (count, order) => {
      const after = split(idle(count), order);
      assert.ok(span(after.map(sumOfCounts)) <= 1);
    }),
  );
});

test('one class that grows and shrinks stays balanced within one', () => {
  fc.assert(
    fc.property(threads, fc.array(count, { minLength: 1, maxLength: 10 }), (parts, sizes) => {
      let dealt = idle(parts);
      for (const size of sizes) {
        dealt = split(dealt, new Map([['Reader', size]]));
        assert.ok(span(of(dealt, 'Reader')) <= 1, `${size}: ${of(dealt, 'Reader')}`);
      }
    }),
  );
});

test('a single class is dealt evenly for every number of users and threads', () => {
  for (let parts = 1; parts <= 16; parts++) {
    for (let users = 0; users <= 64; users++) {
      const after = of(split(idle(parts), new Map([['Reader', users]])), 'Reader');
      assert.equal(sum(after), users);
      assert.ok(span(after) <= 1);
    }
  }
});

test('what was dealt before is not changed', () => {
  const dealt = [new Map([['Reader', 2]]), new Map([['Reader', 1]])];
  split(dealt, new Map([['Reader', 9]]));
  assert.deepEqual(dealt, [new Map([['Reader', 2]]), new Map([['Reader', 1]])]);
});

test('every thread names each class of the order, at zero too', () => {
  assert.deepEqual(split(idle(2), new Map([['Reader', 1]])), [new Map([['Reader', 1]]), new Map([['Reader', 0]])]);
});

test('a thread with more users of another class gets the fewer new ones', () => {
  const dealt = [new Map([['Writer', 4]]), new Map<string, number>()];
  assert.deepEqual(of(split(dealt, new Map([['Reader', 4]])), 'Reader'), [0, 4]);
});

test('counts of threads add up by class', () => {
  const parts = [new Map([['Reader', 2]]), new Map([['Reader', 1]]), new Map([['Writer', 5]])];
  assert.deepEqual(
    addCounts(parts),
    new Map([
      ['Reader', 3],
      ['Writer', 5],
    ]),
  );
  assert.equal(sumOfCounts(addCounts(parts)), 8);
});
