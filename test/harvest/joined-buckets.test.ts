import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinedBuckets } from '../../src/harvest/joined-buckets.ts';

type Buckets = readonly (readonly [number, number])[];

test('few buckets are bars as they are, with empty ones in between', () => {
  const buckets: Buckets = [
    [200, 1],
    [400, 3],
  ];
  assert.deepEqual(joinedBuckets([{ buckets }], 100, 20), { edges: [100, 200, 300, 400], counts: [[1, 0, 3]] });
});

test('many buckets are joined to 2, 5 or 10 times their width', () => {
  const buckets: Buckets = Array.from({ length: 100 }, (_, at) => [(at + 1) * 100, 1] as const);
  const { edges, counts } = joinedBuckets([{ buckets }], 100, 20);
  assert.deepEqual([edges[0], edges[1], edges.at(-1)], [0, 500, 10_000]);
  assert.ok(counts[0]?.every((count) => count === 5));
});

test('two runs have the same edges, and each bar has what is within its edges', () => {
  const one = fc
    .uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 50 })
    .map((places): Buckets => places.sort((a, b) => a - b).map((place) => [place * 100, (place % 7) + 1] as const));
  fc.assert(
    fc.property(one, one, fc.constantFrom(5, 20, 300), (a, b, most) => {
      const { edges, counts } = joinedBuckets([{ buckets: a }, { buckets: b }], 100, most);
      assert.ok(edges.length <= most + 2, `${edges.length} edges`);
      for (const [run, buckets] of [a, b].entries()) {
        for (let at = 0; at + 1 < edges.length; at++) {
          const [from, upTo] = [edges[at] ?? 0, edges[at + 1] ?? 0];
          const within = buckets.filter(([time]) => time > from && time <= upTo);
          assert.equal(
            counts[run]?.[at],
            within.reduce((sum, [, count]) => sum + count, 0),
          );
        }
        const all = buckets.reduce((sum, [, count]) => sum + count, 0);
        assert.equal(
          counts[run]?.reduce((sum, count) => sum + count, 0),
          all,
        );
      }
    }),
  );
});
