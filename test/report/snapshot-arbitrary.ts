import fc from 'fast-check';
import type { EntrySnapshot, ErrorSnapshot, StatsSnapshot } from '../../src/stats/snapshot.ts';
import { totalOf } from '../../src/stats/sum.ts';

export const startTime = 1_700_000_000;

const method = fc.constantFrom('GET', 'POST');
const name = fc.constantFrom('/', '/a', 'GET', '__proto__');
const second = fc.nat(9).map((seconds) => startTime + seconds);
const counts = fc
  .array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 5 })), { maxLength: 8 })
  .map((pairs) => new Map(pairs));
const sumOf = (map: ReadonlyMap<number, number>): number => [...map.values()].reduce((sum, count) => sum + count, 0);

/** As a drain gives it: as many times as timed requests. */
const entry: fc.Arbitrary<EntrySnapshot> = fc
  .record(
    {
      method,
      name,
      numNoneRequests: fc.nat(3),
      numFailures: fc.nat(9),
      totalContentLength: fc.nat(9999),
      responseTimes: counts,
      requestsPerSecond: counts,
      failuresPerSecond: counts,
      startTime: second,
      lastRequestTimestamp: fc.option(second),
    },
    { noNullPrototype: true },
  )
  .map((drawn) => ({
    ...drawn,
    totalResponseTime: [...drawn.responseTimes].reduce((sum, [time, count]) => sum + time * count, 0),
    numRequests: drawn.numNoneRequests + sumOf(drawn.responseTimes),
    maxResponseTime: Math.max(0, ...drawn.responseTimes.keys()),
    minResponseTime: drawn.responseTimes.size === 0 ? null : Math.min(...drawn.responseTimes.keys()),
  }));
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
export const snapshot: fc.Arbitrary<StatsSnapshot> = fc
  .tuple(
    fc.uniqueArray(entry, { selector: keyOf, maxLength: 5 }),
    fc.uniqueArray(error, { selector: keyOf, maxLength: 5 }),
  )
  .map(([entries, errors]) => ({ entries, errors, total: totalOf(entries, startTime) }));
