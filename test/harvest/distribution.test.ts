import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Distribution, type DistributionData, rowsOf } from '../../src/harvest/distribution.ts';

function of(times: readonly number[], bin = 100): DistributionData {
  const distribution = new Distribution(bin * 1000);
  for (const time of times) distribution.add(time * 1000);
  return distribution.data();
}

test('times are rounded up to their bucket', () => {
  assert.deepEqual(of([0, 0.1, 100, 100.1, 200, 1000]).buckets, [
    [100, 3],
    [200, 2],
    [1000, 1],
  ]);
});

test('mean, least and greatest are exact', () => {
  const { count, mean, min, max } = of([123.4, 1234.5, 54_322.1]);
  assert.deepEqual([count, mean, min, max], [3, 18_560, 123.4, 54_322.1]);
});

test('nothing has no figures', () => {
  assert.deepEqual(of([]), { count: 0, mean: 0, min: 0, max: 0, p50: 0, p90: 0, p95: 0, p99: 0, buckets: [] });
});

test('percentiles are those of the sorted times, to three digits, and the buckets add up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(90_000), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(1, 100, 250),
      (times, bin) => {
        const data = of(times, bin);
        const sorted = times.toSorted((a, b) => a - b);
        for (const [name, part] of [
          ['p50', 0.5],
          ['p90', 0.9],
          ['p95', 0.95],
          ['p99', 0.99],
        ] as const) {
          const exact = sorted[Math.min(sorted.length - 1, Math.trunc(sorted.length * part))] ?? 0;
          assert.ok(Math.abs(data[name] - exact) <= exact * 0.005 + 0.05, `${name}: ${data[name]}, ${exact}`);
        }
        for (const [upTo, count] of data.buckets) {
          assert.equal(count, times.filter((time) => Math.max(time, 1) > upTo - bin && time <= upTo).length);
        }
        assert.equal(
          data.buckets.reduce((sum, [, count]) => sum + count, 0),
          times.length,
        );
      },
    ),
  );
});

test('rows have empty buckets in between, and from the first on', () => {
  assert.deepEqual(rowsOf(of([150, 450]), 100), [
    [100, 0],
    [200, 1],
    [300, 0],
    [400, 0],
    [500, 1],
  ]);
});

test('a time far away makes no millions of rows', () => {
  assert.deepEqual(rowsOf(of([150, 90_000_000]), 100), [
    [200, 1],
    [90_000_000, 1],
  ]);
});
