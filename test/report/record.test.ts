import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RunRecord } from '../../src/report/record.ts';
import { percentileOf } from '../../src/stats/percentile.ts';
import { type EntrySnapshot, emptyEntry, emptySnapshot, type StatsSnapshot } from '../../src/stats/snapshot.ts';
import { mergeStats } from '../../src/stats/sum.ts';
import { plain } from '../stats/snapshots.ts';
import { snapshot, startTime } from './snapshot-arbitrary.ts';

const none: ReadonlyMap<number, number> = new Map();
const users = new Map([['Shopper', 2]]);

/** One name with so many requests of one duration, at the end of a second. */
function secondOf(time: number, requests: number, milliseconds: number, failures = 0, name = '/'): StatsSnapshot {
  const entry: EntrySnapshot = {
    ...emptyEntry('GET', name, time - 1),
    numRequests: requests,
    numFailures: failures,
    totalResponseTime: requests * milliseconds,
    maxResponseTime: milliseconds,
    minResponseTime: milliseconds,
    responseTimes: new Map([[milliseconds, requests]]),
    requestsPerSecond: new Map([[Math.floor(time - 1), requests]]),
    failuresPerSecond: new Map([[Math.floor(time - 1), failures]]),
    lastRequestTimestamp: time - 0.5,
  };
  return { entries: [entry], total: { ...entry, method: '', name: 'Aggregated' }, errors: [] };
}

function recordOf(seconds: readonly StatsSnapshot[]): RunRecord {
  const record = new RunRecord(startTime);
  for (const [at, stats] of seconds.entries()) {
    record.keep({ time: startTime + at + 1, stats, users, lag: 0, cpu: 0 });
  }
  return record;
}

function withoutSeconds(entry: EntrySnapshot): EntrySnapshot {
  return { ...entry, requestsPerSecond: none, failuresPerSecond: none };
}

test('totals are the merge of all seconds, but for the counts per second', () => {
  fc.assert(
    fc.property(fc.array(snapshot, { maxLength: 30 }), (seconds) => {
      const merged = seconds.reduce(mergeStats, emptySnapshot(startTime));
      const expected = {
        entries: merged.entries.map(withoutSeconds),
        total: withoutSeconds(merged.total),
        errors: merged.errors,
      };
      assert.deepEqual(plain(recordOf(seconds).totals), plain(expected));
    }),
  );
});

test('totals that were read before grow no more, and are read anew after', () => {
  const record = recordOf([secondOf(startTime + 1, 5, 20)]);
  const before = record.totals;
  record.keep({ time: startTime + 2, stats: secondOf(startTime + 2, 3, 30), users, lag: 0, cpu: 0 });
  assert.deepEqual(before.entries[0]?.responseTimes, new Map([[20, 5]]));
  assert.deepEqual(
    record.totals.entries[0]?.responseTimes,
    new Map([
      [20, 5],
      [30, 3],
    ]),
  );
});

test('the percentiles of a row are those of its totals', () => {
  fc.assert(
    fc.property(
      fc.array(snapshot, { maxLength: 30 }),
      fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true })),
      (seconds, some) => {
        const record = recordOf(seconds);
        const percents = some.sort((a, b) => a - b);
        const { total } = record.totals;
        assert.deepEqual(
          record.total.percentiles(percents),
          percents.map((percent) => percentileOf(total, percent)),
        );
      },
    ),
  );
});

test('the percentiles and the average of a sample are those of the merge of the last ten seconds', () => {
  fc.assert(
    fc.property(fc.array(snapshot, { minLength: 1, maxLength: 30 }), (seconds) => {
      const { total } = seconds.slice(-10).reduce(mergeStats, emptySnapshot(startTime));
      const record = recordOf(seconds);
      const last = record.samples.at(-1);
      const timed = total.numRequests - total.numNoneRequests;
      const most = record.total.sums.maxResponseTime;
      const percentile = (percent: number): number | null =>
        timed === 0 ? null : percentileOf({ ...total, maxResponseTime: most }, percent);
      assert.deepEqual([last?.median, last?.p95, last?.p99], [0.5, 0.95, 0.99].map(percentile));
      assert.equal(last?.average, timed === 0 ? null : total.totalResponseTime / timed);
    }),
  );
});

test('samples and names add up to the totals, however uneven the seconds were', () => {
  const lengths = fc.array(fc.tuple(fc.double({ min: -0.2, max: 4, noNaN: true }), fc.nat(2000)), { maxLength: 60 });
  fc.assert(
    fc.property(lengths, (seconds) => {
      const record = new RunRecord(startTime);
      let time = startTime;
      for (const [length, requests] of seconds) {
        time += length;
        const stats = secondOf(time, requests, 20, Math.floor(requests / 3));
        record.keep({ time, stats, users, lag: 0, cpu: 0 });
      }
      const { numRequests, numFailures } = record.total.sums;
      const sum = (rates: readonly number[]): number =>
        rates.reduce((count, rate, at) => count + Math.round(rate * (record.samples[at]?.seconds ?? 0)), 0);
      assert.equal(sum(record.samples.map((sample) => sample.requestsPerSecond)), numRequests);
      assert.equal(sum(record.samples.map((sample) => sample.failuresPerSecond)), numFailures);
      for (const name of record.names) {
        assert.equal(sum(name.requestsPerSecond), numRequests);
        assert.equal(sum(name.failuresPerSecond), numFailures);
      }
    }),
  );
});

test('a run of five hours has at most 2,000 samples, and nothing of it is lost', () => {
  const record = new RunRecord(startTime);
  for (let at = 1; at <= 5 * 3600; at++) {
    record.keep({ time: startTime + at, stats: secondOf(startTime + at, at % 7, 20, at % 2), users, lag: 0, cpu: 0 });
  }
  const { samples } = record;
  const [name] = record.names;
  assert.ok(samples.length <= 2000 && samples.length > 1000, String(samples.length));
  assert.equal(Math.round(samples.reduce((sum, { seconds }) => sum + seconds, 0)), 5 * 3600);
  const countOf = (rates: readonly number[]): number =>
    rates.reduce((sum, rate, at) => sum + Math.round(rate * (samples[at]?.seconds ?? 0)), 0);
  const { numRequests, numFailures } = record.total.sums;
  assert.equal(countOf(samples.map((sample) => sample.requestsPerSecond)), numRequests);
  assert.equal(countOf(name?.requestsPerSecond ?? []), numRequests);
  assert.equal(countOf(name?.failuresPerSecond ?? []), numFailures);
  assert.equal(name?.p95.length, samples.length);
});

test('a name has a value for each sample, zero and null before it came and after it was gone', () => {
  const seconds = Array.from({ length: 25 }, (_, at) =>
    secondOf(startTime + at + 1, 4, 20, 0, at === 5 ? '/once' : '/'),
  );
  const once = recordOf(seconds).names.find(({ name }) => name === '/once');
  const at = (index: number): number[] => Array.from({ length: 25 }, (_, second) => (second === index ? 4 : 0));
  assert.deepEqual(once?.requestsPerSecond, at(5));
  const inWindow = Array.from({ length: 25 }, (_, second) => (second >= 5 && second < 15 ? 20 : null));
  assert.deepEqual([once?.median, once?.p95], [inWindow, inWindow]);
});

test('a name is plain data: a copy of it has its arrays', () => {
  const [name] = recordOf([secondOf(startTime + 1, 4, 12.3)]).names;
  const expected = {
    method: 'GET',
    name: '/',
    requestsPerSecond: [4],
    failuresPerSecond: [0],
    median: [12.3],
    p95: [12.3],
  };
  assert.deepEqual(structuredClone(name), expected);
  assert.deepEqual(JSON.parse(JSON.stringify(name)), expected);
});

test('a sample has its users, lag and cpu, and users that change later do not change it', () => {
  const record = new RunRecord(startTime);
  const counts = new Map([
    ['A', 1],
    ['B', 2],
  ]);
  record.keep({ time: startTime + 1, stats: emptySnapshot(startTime), users: counts, lag: 7, cpu: 50 });
  counts.set('A', 9);
  const [sample] = record.samples;
  assert.deepEqual([sample?.userCount, sample?.usersByClass.get('A'), sample?.lag, sample?.cpu], [3, 1, 7, 50]);
  assert.deepEqual([sample?.median, sample?.p95, sample?.p99, sample?.average], [null, null, null, null]);
});

test('rates stay as they were when the last request was long ago, as in Locust', () => {
  const record = recordOf(Array.from({ length: 20 }, (_, at) => secondOf(startTime + at + 1, 6, 20, 3)));
  const before = record.ratesOf(record.total);
  for (let at = 21; at < 100; at++) {
    record.keep({ time: startTime + at, stats: emptySnapshot(startTime), users, lag: 0, cpu: 0 });
  }
  assert.deepEqual(before, { requestsPerSecond: 6, failuresPerSecond: 3 });
  assert.deepEqual(record.ratesOf(record.total), before);
  assert.equal(record.samples.at(-1)?.median, null);
});

test('a clock that is set back by an hour leaves no old second among the last ten', () => {
  const record = recordOf([secondOf(startTime + 1, 5, 900)]);
  record.keep({ time: startTime - 3600, stats: secondOf(startTime - 3600, 5, 20), users, lag: 0, cpu: 0 });
  record.keep({ time: startTime - 3599, stats: secondOf(startTime - 3599, 5, 20), users, lag: 0, cpu: 0 });
  assert.equal(record.samples.at(-1)?.p99, 20);
  assert.equal(record.total.sums.numRequests, 15);
});

test('a reset forgets figures, failures and history; names and exceptions stay, as in Locust', () => {
  const error = { method: 'GET', name: '/', error: 'x', occurrences: 1, firstSeen: startTime, lastSeen: startTime };
  const record = recordOf([{ ...secondOf(startTime + 1, 5, 20), errors: [error] }]);
  record.keepException('no', 'Error: no');
  record.reset(startTime + 10);
  assert.equal(record.startTime, startTime + 10);
  assert.deepEqual([record.samples, record.names, record.failures], [[], [], []]);
  assert.deepEqual(record.totals.entries, [emptyEntry('GET', '/', startTime + 10)]);
  assert.deepEqual(record.totals.total, emptyEntry('', 'Aggregated', startTime + 10));
  assert.equal(record.exceptions.length, 1);
  assert.equal(record.ratesOf(record.total).requestsPerSecond, 0);
  record.keep({ time: startTime + 11, stats: secondOf(startTime + 11, 3, 40), users, lag: 0, cpu: 0 });
  const [sample] = record.samples;
  assert.deepEqual([sample?.seconds, sample?.requestsPerSecond, sample?.median], [1, 3, 40]);
});

test('what a thread measured since before the run begins with the run', () => {
  const record = new RunRecord(startTime);
  record.keep({ time: startTime + 1, stats: secondOf(startTime - 5, 3, 20), users, lag: 0, cpu: 0 });
  const { entries, total } = record.totals;
  assert.deepEqual([entries[0]?.startTime, total.startTime], [startTime, startTime]);
});

test('exceptions are counted by traceback, under their first message', () => {
  const record = new RunRecord(startTime);
  record.keepException('one', 'Error: at a');
  record.keepException('two', 'Error: at a');
  record.keepException('one', 'Error: at b');
  assert.deepEqual(record.exceptions, [
    { count: 2, message: 'one', traceback: 'Error: at a', nodes: ['local'] },
    { count: 1, message: 'one', traceback: 'Error: at b', nodes: ['local'] },
  ]);
});

test('exceptions and failures that are all different do not grow for ever, and none is lost', () => {
  const record = new RunRecord(startTime);
  for (let at = 0; at < 3000; at++) {
    record.keepException('no', `Error: ${at}`);
    const error = { method: 'GET', name: '/', error: `no ${at}`, occurrences: 2, firstSeen: null, lastSeen: null };
    record.keep({
      time: startTime + 1,
      stats: { ...emptySnapshot(startTime), errors: [error] },
      users,
      lag: 0,
      cpu: 0,
    });
  }
  assert.equal(record.exceptions.length, 501);
  assert.equal(
    record.exceptions.reduce((sum, { count }) => sum + count, 0),
    3000,
  );
  assert.match(record.exceptions.at(-1)?.message ?? '', /more than 500 distinct/);
  assert.equal(record.failures.length, 2001);
  assert.equal(
    record.failures.reduce((sum, { occurrences }) => sum + occurrences, 0),
    6000,
  );
});
