import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketOf } from '../../src/stats/bucket.ts';

/** Response time → what Locust's `bucket_response_time` gives under Python 3.11. */
const buckets: readonly (readonly [number, number])[] = [
  [0, 0],
  [0.49999999999999994, 0],
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [14.5, 14],
  [98.5, 98],
  [99.4, 99],
  [99.5, 100],
  [99.6, 100],
  [100, 100],
  [104.99999999999999, 100],
  [105, 100],
  [105.00000000000001, 110],
  [115, 120],
  [125, 120],
  [135, 140],
  [145, 140],
  [147, 150],
  [155, 160],
  [994.9999, 990],
  [995, 1000],
  [999.9, 1000],
  [1000, 1000],
  [1049.9, 1000],
  [1050, 1000],
  [1050.1, 1100],
  [1150, 1200],
  [1250, 1200],
  [3432, 3400],
  [9949.9, 9900],
  [9950, 10000],
  [9999, 10000],
  [10499.9, 10000],
  [10500, 10000],
  [10500.5, 11000],
  [11500, 12000],
  [12500, 12000],
  [58760, 59000],
  [59500, 60000],
  [60500, 60000],
  [60501, 61000],
  [123456.7, 123000],
  [3600000, 3600000],
];

test('each value and tie falls into the bucket that Python gives', () => {
  for (const [milliseconds, bucket] of buckets) assert.equal(bucketOf(milliseconds), bucket, `${milliseconds} ms`);
});

/** A double as the exact fraction that it is. */
function fractionOf(value: number): readonly [bigint, bigint] {
  let denominator = 1n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return [BigInt(scaled), denominator];
}

/** Python's `round` to a multiple of `unit`, over exact fractions: the nearest one, of two equally near the even one. */
function roundHalfEven(value: number, unit: number): number {
  const [numerator, denominator] = fractionOf(value);
  const width = denominator * BigInt(unit);
  const below = numerator / width;
  const twice = (numerator - below * width) * 2n;
  const isUp = twice > width || (twice === width && below % 2n === 1n);
  return Number(isUp ? below + 1n : below) * unit;
}

function expected(milliseconds: number): number {
  const unit = milliseconds < 100 ? 1 : milliseconds < 1000 ? 10 : milliseconds < 10_000 ? 100 : 1000;
  return roundHalfEven(milliseconds, unit);
}

test('any time falls into the bucket of an exact half-to-even rounding', () => {
  const time = fc.double({ min: 0, max: 1e7, noNaN: true }).map((value) => (value < 1e-200 ? 0 : value));
  fc.assert(
    fc.property(time, (milliseconds) => assert.equal(bucketOf(milliseconds), expected(milliseconds))),
    { numRuns: 2000 },
  );
});

test('any whole or half number of milliseconds does', () => {
  fc.assert(
    fc.property(fc.nat(400_000), (halves) => assert.equal(bucketOf(halves / 2), expected(halves / 2))),
    { numRuns: 5000 },
  );
});

test('a bucket is its own bucket, and no slower time has a lesser one', () => {
  fc.assert(
    fc.property(fc.nat(200_000), fc.nat(1000), (milliseconds, more) => {
      const bucket = bucketOf(milliseconds);
      assert.equal(bucketOf(bucket), bucket);
      assert.ok(bucketOf(milliseconds + more) >= bucket);
    }),
  );
});
