import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketOf } from '../../src/stats/bucket.ts';
import { Entry } from '../../src/stats/entry.ts';
import { plainEntry } from './snapshots.ts';

interface Sample {
  readonly now: number;
  readonly time: number | null;
  readonly length: number;
  readonly failed: boolean;
}

/** Quarters of seconds, and whole bytes and milliseconds, add up exactly in any order. The clock may go back. */
const sample: fc.Arbitrary<Sample> = fc.record({
  now: fc.nat(40).map((quarters) => 1_700_000_000 + quarters / 4),
  time: fc.option(fc.nat(90_000)),
  length: fc.nat(10_000),
  failed: fc.boolean(),
});

function entryOf(samples: readonly Sample[]): Entry {
  const entry = new Entry('GET', '/', 1_700_000_000);
  for (const { now, time, length, failed } of samples) entry.add(now, time, length, failed);
  return entry;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function counts(keys: readonly number[]): Map<number, number> {
  return new Map([...new Set(keys)].map((key) => [key, keys.filter((other) => other === key).length]));
}

test('sums, extremes and counts are those of the samples', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
      const times = samples.flatMap(({ time }) => (time === null ? [] : [time]));
      const seconds = (some: readonly Sample[]): number[] => some.map(({ now }) => Math.floor(now));
      const failures = samples.filter(({ failed }) => failed);
      const expected = {
        method: 'GET',
        name: '/',
        numRequests: samples.length,
        numNoneRequests: samples.length - times.length,
        numFailures: failures.length,
        totalResponseTime: sum(times),
        maxResponseTime: Math.max(0, ...times),
        minResponseTime: times.length > 0 ? Math.min(...times) : null,
        totalContentLength: sum(samples.map(({ length }) => length)),
        responseTimes: counts(times.map(bucketOf)),
        requestsPerSecond: counts(seconds(samples)),
        failuresPerSecond: counts(seconds(failures)),
        startTime: 1_700_000_000,
        lastRequestTimestamp: samples.at(-1)?.now ?? null,
      };
      assert.deepEqual(plainEntry(entryOf(samples).drain(1_700_000_099)), plainEntry(expected));
    }),
  );
});

test('a request without a time counts in all but the times', () => {
  const { responseTimes, totalResponseTime, minResponseTime, maxResponseTime, ...rest } = entryOf([
    { now: 1_700_000_001.5, time: null, length: 3, failed: true },
  ]).drain(1_700_000_002);
  assert.deepEqual([responseTimes.size, totalResponseTime, minResponseTime, maxResponseTime], [0, 0, null, 0]);
  assert.deepEqual([rest.numRequests, rest.numNoneRequests, rest.numFailures, rest.totalContentLength], [1, 1, 1, 3]);
  assert.deepEqual([...rest.requestsPerSecond], [[1_700_000_001, 1]]);
});

test('a time of zero is a time', () => {
  const { numNoneRequests, minResponseTime, responseTimes } = entryOf([
    { now: 1_700_000_001, time: 0, length: 0, failed: false },
  ]).drain(1_700_000_002);
  assert.deepEqual([numNoneRequests, minResponseTime, responseTimes.get(0)], [0, 0, 1]);
});

test('sums are exact, not those of the buckets', () => {
  const { totalResponseTime, maxResponseTime, minResponseTime } = entryOf(
    [147.25, 143.5].map((time) => ({ now: 1_700_000_001, time, length: 0, failed: false })),
  ).drain(1_700_000_002);
  assert.deepEqual([totalResponseTime, maxResponseTime, minResponseTime], [290.75, 147.25, 143.5]);
});

test('drained, it starts again from zero at that time', () => {
  const entry = entryOf([{ now: 1_700_000_001, time: 70_000, length: 3, failed: true }]);
  assert.equal(entry.isEmpty, false);
  entry.drain(1_700_000_003.5);
  assert.equal(entry.isEmpty, true);
  const fresh = new Entry('GET', '/', 1_700_000_003.5);
  assert.deepEqual(entry.drain(1_700_000_004), fresh.drain(1_700_000_004));
});

test('the second in which it is drained is split between both snapshots', () => {
  const entry = entryOf([{ now: 1_700_000_001.25, time: 1, length: 0, failed: true }]);
  const first = entry.drain(1_700_000_001.5);
  entry.add(1_700_000_001.75, 1, 0, true);
  const second = entry.drain(1_700_000_002);
  for (const { requestsPerSecond, failuresPerSecond } of [first, second]) {
    assert.deepEqual([...requestsPerSecond, ...failuresPerSecond], new Array(2).fill([1_700_000_001, 1]));
  }
});
