import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Sample } from '../../src/report/run.ts';
import { maxSamples, mergeSamples, Timeline } from '../../src/report/timeline.ts';

const figure = fc.option(fc.nat(1000));
const sample: fc.Arbitrary<Sample> = fc
  .record({
    seconds: fc.double({ min: 0.001, max: 3, noNaN: true }),
    requests: fc.nat(100_000),
    failures: fc.nat(100_000),
    median: figure,
    p95: figure,
    p99: figure,
    average: figure,
    lag: fc.nat(100),
    cpu: fc.nat(100),
    userCount: fc.nat(9),
  })
  .map(({ requests, failures, ...drawn }) => ({
    ...drawn,
    time: 0,
    usersByClass: new Map(),
    requestsPerSecond: requests / drawn.seconds,
    failuresPerSecond: failures / drawn.seconds,
  }));

const countsOf = (samples: readonly Sample[]): number[] =>
  samples.reduce(
    ([requests = 0, failures = 0], { seconds, requestsPerSecond, failuresPerSecond }) => [
      requests + Math.round(requestsPerSecond * seconds),
      failures + Math.round(failuresPerSecond * seconds),
    ],
    [0, 0],
  );
const secondsOf = (samples: readonly Sample[]): number => samples.reduce((sum, { seconds }) => sum + seconds, 0);

/** Long enough to be thinned several times, without drawing each sample. */
const run = fc.tuple(fc.array(sample, { minLength: 1, maxLength: 50 }), fc.nat(20_000));

test('however often it was thinned, samples add up to the same requests, failures and seconds', () => {
  fc.assert(
    fc.property(run, ([pieces, length]) => {
      const timeline = new Timeline();
      const added = Array.from({ length }, (_, at) => pieces[at % pieces.length]).filter(
        (piece) => piece !== undefined,
      );
      for (const piece of added) timeline.add(piece);
      assert.ok(timeline.samples.length <= maxSamples);
      assert.deepEqual(countsOf(timeline.samples), countsOf(added));
      assert.ok(Math.abs(secondsOf(timeline.samples) - secondsOf(added)) < 0.01);
    }),
    { numRuns: 30 },
  );
});

test('no peak of p95, p99 and lag is lost', () => {
  fc.assert(
    fc.property(run, ([pieces, length]) => {
      const timeline = new Timeline();
      const added = Array.from({ length }, (_, at) => pieces[at % pieces.length]).filter(
        (piece) => piece !== undefined,
      );
      for (const piece of added) timeline.add(piece);
      const most = (of: (sample: Sample) => number | null, samples: readonly Sample[]): number =>
        samples.reduce((greatest, each) => Math.max(greatest, of(each) ?? -1), -1);
      for (const of of [(s: Sample) => s.p95, (s: Sample) => s.p99, (s: Sample) => s.lag]) {
        assert.equal(most(of, timeline.samples), most(of, added));
      }
    }),
    { numRuns: 30 },
  );
});

const second: Sample = {
  ...{ time: 1, seconds: 1, userCount: 1, usersByClass: new Map([['A', 1]]), requestsPerSecond: 10 },
  ...{ failuresPerSecond: 1, median: 10, p95: 20, p99: 30, average: 12, lag: 5, cpu: 20 },
};

test('two samples as one: counts are summed, users are the later, times are weighted by requests, the greatest kept', () => {
  const later: Sample = {
    ...{ time: 4, seconds: 3, userCount: 5, usersByClass: new Map([['A', 5]]), requestsPerSecond: 10 },
    ...{ failuresPerSecond: 5, median: 50, p95: 10, p99: 90, average: 32, lag: 2, cpu: 100 },
  };
  assert.deepEqual(mergeSamples(second, later), {
    ...{ time: 4, seconds: 4, userCount: 5, usersByClass: new Map([['A', 5]]), requestsPerSecond: 10 },
    ...{ failuresPerSecond: 4, median: 40, p95: 20, p99: 90, average: 27, lag: 5, cpu: 80 },
  });
});

test('where one of two had no request, the times are the other one’s', () => {
  const idle: Sample = { ...second, requestsPerSecond: 0, median: null, p95: null, p99: null, average: null };
  for (const merged of [mergeSamples(second, idle), mergeSamples(idle, second)]) {
    assert.deepEqual([merged.median, merged.p95, merged.p99, merged.average], [10, 20, 30, 12]);
  }
});

test('the rest of a second is counted to the sample before', () => {
  const timeline = new Timeline();
  timeline.add(second);
  timeline.add({ ...second, seconds: 0.4, requestsPerSecond: 100 });
  timeline.add({ ...second, seconds: 0.8 });
  assert.deepEqual(
    timeline.samples.map(({ seconds }) => seconds),
    [1.4, 0.8],
  );
});

test('the users of a second are not those of its rest, after they were stopped', () => {
  const timeline = new Timeline();
  timeline.add({ ...second, userCount: 7, usersByClass: new Map([['A', 7]]) });
  timeline.add({ ...second, seconds: 0.1, userCount: 0, usersByClass: new Map() });
  assert.deepEqual([timeline.last?.userCount, timeline.last?.usersByClass.get('A')], [7, 7]);
});

test('after each thinning samples are twice as long', () => {
  const timeline = new Timeline();
  const thinnedAt: number[] = [];
  for (let at = 1; at <= 9000; at++) if (timeline.add(second).isThinned) thinnedAt.push(at);
  assert.deepEqual(thinnedAt, [2001, 4001, 8001]);
  assert.deepEqual(new Set(timeline.samples.map(({ seconds }) => seconds)), new Set([8]));
});
