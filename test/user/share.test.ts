import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { share } from '../../src/user/share.ts';

const parts = (list: readonly number[], count: number): number[][] =>
  Array.from({ length: count }, (_, index) => share(list, { shard: { index, count } }));

const list = fc.nat(300).map((length) => Array.from({ length }, (_, at) => at));
const count = fc.integer({ min: 1, max: 60 });

test('over all shards each element is dealt exactly once, in order', () => {
  fc.assert(fc.property(list, count, (all, shards) => assert.deepEqual(parts(all, shards).flat(), all)));
});

test('no shard has two more than another', () => {
  fc.assert(
    fc.property(list, count, (all, shards) => {
      const sizes = parts(all, shards).map(({ length }) => length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }),
  );
});

test('one shard of one has all, as a list of its own', () => {
  const all = [1, 2, 3];
  const [own] = parts(all, 1);
  assert.deepEqual(own, all);
  assert.notEqual(own, all);
});

test('with more shards than elements some have none', () => {
  assert.deepEqual(parts([1, 2], 4), [[], [1], [], [2]]);
});
