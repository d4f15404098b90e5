import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EntrySnapshot, type ErrorSnapshot, emptySnapshot, type StatsSnapshot } from '../../src/stats/snapshot.ts';
import { addCounts, mergeStats, totalOf } from '../../src/stats/sum.ts';
import { plain, plainEntry } from './snapshots.ts';

const startTime = 1_700_000_000;
const second = fc.nat(9).map((seconds) => startTime + seconds);
const counts = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 5 })), { maxLength: 4 });
const map = counts.map((pairs) => new Map(pairs));
const method = fc.constantFrom('GET', 'POST');
const name = fc.constantFrom('/', '/a', 'GET', '__proto__');

const entry: fc.Arbitrary<EntrySnapshot> = fc.record(
  {
    method,
    name,
    numRequests: fc.nat(99),
    numNoneRequests: fc.nat(9),
    numFailures: fc.nat(9),
    totalResponseTime: fc.nat(9999),
    maxResponseTime: fc.nat(999),
    minResponseTime: fc.option(fc.nat(99)),
    totalContentLength: fc.nat(9999),
    responseTimes: map,
    requestsPerSecond: map,
    failuresPerSecond: map,
    startTime: second,
    lastRequestTimestamp: fc.option(second),
  },
  { noNullPrototype: true },
);
const error: fc.Arbitrary<ErrorSnapshot> = fc.record(
  {
    method,
    name,
    error: fc.constantFrom('500', 'reset'),
    occurrences: fc.integer({ min: 1, max: 9 }),
    firstSeen: fc.option(second),
    lastSeen: fc.option(second),
  },
  { noNullPrototype: true },
);
const keyOf = (row: EntrySnapshot | ErrorSnapshot): string =>
  JSON.stringify([row.method, row.name, 'error' in row && row.error]);

/** A snapshot as `drain` makes one: no row twice, the total over the entries. */
const snapshot: fc.Arbitrary<StatsSnapshot> = fc
  .tuple(
    fc.uniqueArray(entry, { selector: keyOf, maxLength: 5 }),
    fc.uniqueArray(error, { selector: keyOf, maxLength: 5 }),
  )
  .map(([entries, errors]) => ({ entries, errors, total: totalOf(entries, startTime) }));

test('merging is commutative but for the order of rows', () => {
  fc.assert(
    fc.property(snapshot, snapshot, (a, b) => {
      assert.deepEqual(plain(mergeStats(a, b)), plain(mergeStats(b, a)));
    }),
  );
});

test('merging is associative', () => {
  fc.assert(
    fc.property(snapshot, snapshot, snapshot, (a, b, c) => {
      assert.deepEqual(plain(mergeStats(mergeStats(a, b), c)), plain(mergeStats(a, mergeStats(b, c))));
    }),
  );
});

test('merging with a snapshot of nothing changes nothing', () => {
  fc.assert(
    fc.property(snapshot, (a) => {
      assert.deepEqual(plain(mergeStats(a, emptySnapshot(startTime))), plain(a));
    }),
  );
});

test('merging changes neither of the two', () => {
  fc.assert(
    fc.property(snapshot, snapshot, (a, b) => {
      const before = structuredClone([a, b]);
      mergeStats(a, b);
      assert.deepEqual([a, b], before);
    }),
  );
});

test('the total of the merged is the total over the merged entries', () => {
  fc.assert(
    fc.property(snapshot, snapshot, (a, b) => {
      const { entries, total } = mergeStats(a, b);
      assert.deepEqual(plainEntry(total), plainEntry(totalOf(entries, startTime)));
    }),
  );
});

function row(given: Partial<EntrySnapshot>): StatsSnapshot {
  const { total } = emptySnapshot(startTime);
  const entries = [{ ...total, method: 'GET', name: '/', ...given }];
  return { entries, total: totalOf(entries, startTime), errors: [] };
}

test('rows of one method and name are one row: sums, extremes, counts added', () => {
  const a = row({ numRequests: 2, minResponseTime: 5, maxResponseTime: 9, responseTimes: new Map([[5, 2]]) });
  const b = row({ numRequests: 1, minResponseTime: 7, maxResponseTime: 8, responseTimes: new Map([[5, 1]]) });
  const [merged, ...more] = mergeStats(a, b).entries;
  assert.ok(merged);
  assert.equal(more.length, 0);
  assert.deepEqual([merged.numRequests, merged.minResponseTime, merged.maxResponseTime], [3, 5, 9]);
  assert.deepEqual([...merged.responseTimes], [[5, 3]]);
});

test('the earlier start and the later last request are kept, and what is known wins over nothing', () => {
  const a = row({ startTime: 30, lastRequestTimestamp: null, minResponseTime: null });
  const b = row({ startTime: 20, lastRequestTimestamp: 25, minResponseTime: 4 });
  const [merged] = mergeStats(a, b).entries;
  assert.deepEqual([merged?.startTime, merged?.lastRequestTimestamp, merged?.minResponseTime], [20, 25, 4]);
});

test('rows whose method and name only read alike when joined stay two', () => {
  const merged = mergeStats(row({ method: 'a', name: 'b.c' }), row({ method: 'a.b', name: 'c' }));
  assert.equal(merged.entries.length, 2);
});

test('errors of one text are one row: occurrences added, first and last seen over both', () => {
  const seen = (occurrences: number, firstSeen: number | null, lastSeen: number | null): StatsSnapshot => ({
    ...emptySnapshot(startTime),
    errors: [{ method: 'GET', name: '/', error: 'reset', occurrences, firstSeen, lastSeen }],
  });
  const merged = [seen(2, 12, 15), seen(3, 11, 13), seen(1, null, null)].reduce(mergeStats).errors;
  assert.deepEqual(merged, [{ method: 'GET', name: '/', error: 'reset', occurrences: 6, firstSeen: 11, lastSeen: 15 }]);
});

test('addCounts adds in place', () => {
  const into = new Map([[1, 1]]);
  const result = addCounts(into, [
    [1, 2],
    [3, 4],
  ]);
  assert.equal(result, into);
  assert.deepEqual(
    [...into],
    [
      ...new Map([
        [1, 3],
        [3, 4],
      ] as const),
    ],
  );
});
