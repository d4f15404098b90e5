import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketOf, fineBucketOf } from '../../src/stats/bucket.ts';

/** Times of all sizes, whole ones and the halves between two buckets among them. */
const time = fc.oneof(
  fc.double({ min: 0, max: 120, noNaN: true }),
  fc.nat(4000).map((quarters) => quarters / 4),
  fc.nat(20_000).map((twentieths) => twentieths / 20),
  fc.nat(400_000).map((halves) => halves / 2),
  fc.nat(400_000),
  fc.double({ min: 0, max: 1e7, noNaN: true }),
);

function unitOf(milliseconds: number): number {
  if (milliseconds < 100) return 0.1;
  if (milliseconds < 1000) return 1;
  if (milliseconds < 10_000) return 10;
  return milliseconds < 100_000 ? 100 : 1000;
}

/** A double as twentieths and what is left of them, without rounding: `[twentieths, left over, of]`. */
function twentiethsOf(value: number): readonly [bigint, bigint, bigint] {
  let of = 1n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    of *= 2n;
  }
  const all = BigInt(scaled) * 20n;
  return [all / of, all % of, of];
}

/** The tenths nearest to a time, of two equally near the even one, over exact fractions. */
function tenths(milliseconds: number): bigint {
  const [twentieths, left] = twentiethsOf(milliseconds);
  const below = twentieths / 2n;
  if (twentieths % 2n === 0n) return below;
  return left > 0n || below % 2n === 1n ? below + 1n : below;
}

const vectors: readonly (readonly [number, number])[] = [
  [0, 0],
  [0.04, 0],
  [0.06, 0.1],
  [0.25, 0.2],
  [0.75, 0.8],
  // Python: round(0.15, 1), round(0.35, 1), round(1.15, 1), round(2.675, 1), round(8.35, 1)
  [0.15, 0.1],
  [0.35, 0.3],
  [1.15, 1.1],
  [2.675, 2.7],
  [8.35, 8.3],
  [12.3456, 12.3],
  [99.94, 99.9],
  [99.96, 100],
  [100.5, 100],
  [101.5, 102],
  [145, 145],
  [999.5, 1000],
  [1234, 1230],
  [1235, 1240],
  [1245, 1240],
  [9995, 10_000],
  [12_345, 12_300],
  [12_350, 12_400],
  [12_450, 12_400],
  [123_456.7, 123_000],
  [3_600_000, 3_600_000],
];

test('each time falls into its bucket of three digits, of two equally near into the even one', () => {
  for (const [milliseconds, bucket] of vectors) assert.equal(fineBucketOf(milliseconds), bucket, `${milliseconds} ms`);
});

test('no bucket is farther away than half a unit', () => {
  fc.assert(
    fc.property(time, (milliseconds) => {
      const away = Math.abs(fineBucketOf(milliseconds) - milliseconds);
      assert.ok(away <= unitOf(milliseconds) / 2 + 1e-12, `${milliseconds} is ${away} from its bucket`);
    }),
    { numRuns: 3000 },
  );
});

test('below 100 ms it is the tenth of an exact half-to-even rounding', () => {
  const small = time.filter((milliseconds) => milliseconds < 100 && (milliseconds === 0 || milliseconds > 1e-200));
  fc.assert(
    fc.property(small, (milliseconds) =>
      assert.equal(fineBucketOf(milliseconds), Number(tenths(milliseconds)) / 10, `${milliseconds} ms`),
    ),
    { numRuns: 5000 },
  );
});

test('a slower time has no lesser bucket, and a bucket is its own', () => {
  fc.assert(
    fc.property(time, time, (one, other) => {
      const [fast, slow] = one < other ? [one, other] : [other, one];
      assert.ok(fineBucketOf(slow) >= fineBucketOf(fast));
      assert.equal(fineBucketOf(fineBucketOf(one)), fineBucketOf(one));
    }),
    { numRuns: 3000 },
  );
});

test("it is never farther away than Locust's bucket", () => {
  fc.assert(
    fc.property(time, (milliseconds) => {
      const fine = Math.abs(fineBucketOf(milliseconds) - milliseconds);
      assert.ok(fine <= Math.abs(bucketOf(milliseconds) - milliseconds) + 1e-9, `${milliseconds} ms`);
    }),
    { numRuns: 3000 },
  );
});
