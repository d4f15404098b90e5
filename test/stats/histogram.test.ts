import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketOf, fineBucketOf, type Precision } from '../../src/stats/bucket.ts';
import { Histogram } from '../../src/stats/histogram.ts';

/** Times of all sizes, those beyond a minute too. */
const time = fc.oneof(fc.nat(120), fc.nat(1200), fc.nat(12_000), fc.nat(400_000), fc.double({ min: 0, max: 1e6 }));
const times = fc.array(
  time.filter((value) => !Number.isNaN(value)),
  { maxLength: 300 },
);

function countsOf(values: readonly number[], bucket = bucketOf): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucket(value), (counts.get(bucket(value)) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => a - b));
}

function histogramOf(values: readonly number[], precision: Precision = 2): Histogram {
  const histogram = new Histogram(precision);
  for (const value of values) histogram.add(value);
  return histogram;
}

test('it counts as a map of buckets does, in ascending order', () => {
  fc.assert(
    fc.property(times, (values) => {
      assert.deepEqual([...histogramOf(values).toMap()], [...countsOf(values)]);
    }),
  );
});

test('each bucket up to two minutes keeps its own count', () => {
  const every = [...new Set(Array.from({ length: 120_001 }, (_, value) => bucketOf(value)))];
  const counted = histogramOf(every.flatMap((bucket, at) => new Array<number>((at % 3) + 1).fill(bucket))).toMap();
  assert.deepEqual(
    [...counted],
    every.map((bucket, at) => [bucket, (at % 3) + 1]),
  );
});

test('a time at the border of a minute and beyond is counted', () => {
  assert.deepEqual(
    [...histogramOf([60_500, 60_501, 60_000, 3_600_000, 60_700]).toMap()],
    [
      [60_000, 2],
      [61_000, 2],
      [3_600_000, 1],
    ],
  );
});

test('cleared, it holds nothing and counts anew', () => {
  const histogram = histogramOf([5, 150, 70_000]);
  histogram.clear();
  assert.equal(histogram.toMap().size, 0);
  histogram.add(70_000);
  assert.deepEqual([...histogram.toMap()], [[70_000, 1]]);
});

test('the map does not change with what is counted later', () => {
  const histogram = histogramOf([5]);
  const map = histogram.toMap();
  histogram.add(5);
  histogram.clear();
  assert.deepEqual([...map], [[5, 1]]);
});

test('with three digits it counts as a map of fine buckets does, in ascending order', () => {
  fc.assert(
    fc.property(times, (values) => {
      assert.deepEqual([...histogramOf(values, 3).toMap()], [...countsOf(values, fineBucketOf)]);
    }),
  );
});

test('with three digits each bucket up to two minutes keeps its own count', () => {
  const tenths = Array.from({ length: 1000 }, (_, value) => value / 10);
  const rest = Array.from({ length: 119_901 }, (_, value) => fineBucketOf(value + 100));
  const every = [...new Set([...tenths, ...rest])];
  const counted = histogramOf(
    every.flatMap((bucket, at) => new Array<number>((at % 3) + 1).fill(bucket)),
    3,
  ).toMap();
  assert.deepEqual(
    [...counted],
    every.map((bucket, at) => [bucket, (at % 3) + 1]),
  );
});
