import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { blockOf, blockOfPod } from '../../src/devices/block.ts';

/** The elements of each part. */
function parts(total: number, count: number): number[][] {
  return Array.from({ length: count }, (_, index) => {
    const { first, end } = blockOf(total, { index, count });
    return Array.from({ length: end - first }, (_, at) => first + at);
  });
}

const whole = (total: number): number[] => Array.from({ length: total }, (_, at) => at);
const anySize = fc.nat(5000);
const anyCount = fc.integer({ min: 1, max: 300 });

test('up to 60 elements in up to 60 parts, each element is in exactly one part, in order', () => {
  for (let total = 0; total <= 60; total++) {
    for (let count = 1; count <= 60; count++) {
      assert.deepEqual(parts(total, count).flat(), whole(total), `${total} in ${count}`);
    }
  }
});

test('in any number of parts each element is in exactly one, in order', () => {
  fc.assert(
    fc.property(anySize, anyCount, (total, count) => assert.deepEqual(parts(total, count).flat(), whole(total))),
  );
});

test('no part has two more than another', () => {
  fc.assert(
    fc.property(anySize, anyCount, (total, count) => {
      const sizes = parts(total, count).map(({ length }) => length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }),
  );
});

test('the larger parts come first', () => {
  fc.assert(
    fc.property(anySize, anyCount, (total, count) => {
      const sizes = parts(total, count).map(({ length }) => length);
      assert.deepEqual(
        sizes,
        sizes.toSorted((a, b) => b - a),
      );
    }),
  );
});

test('with one element a part the second part has the second one only', () => {
  assert.deepEqual(blockOf(2, { index: 1, count: 2 }), { first: 1, end: 2 });
});

test('with more parts than elements the last ones are empty', () => {
  assert.deepEqual(parts(2, 4), [[0], [1], [], []]);
});

test('up to ten pods have the parts that others have', () => {
  fc.assert(
    fc.property(anySize, fc.integer({ min: 1, max: 10 }), (total, count) => {
      for (let index = 0; index < count; index++) {
        assert.deepEqual(blockOfPod(total, { index, count }), blockOf(total, { index, count }));
      }
    }),
  );
});

test('over any number of pods each element is in exactly one part, in order', () => {
  fc.assert(
    fc.property(anySize, fc.integer({ min: 1, max: 40 }), (total, count) => {
      const blocks = Array.from({ length: count }, (_, index) => blockOfPod(total, { index, count }));
      const ends = blocks.map(({ end }) => end);
      assert.deepEqual(
        blocks.map(({ first }) => first),
        [0, ...ends.slice(0, -1)],
      );
      assert.equal(ends.at(-1), total);
    }),
  );
});

test('of twelve pods those are larger that Locust deals users to first', () => {
  const sizes = Array.from({ length: 12 }, (_, index) => {
    const { first, end } = blockOfPod(100, { index, count: 12 });
    return end - first;
  });
  assert.deepEqual(sizes, [9, 9, 8, 8, 8, 8, 8, 8, 8, 8, 9, 9]);
});
