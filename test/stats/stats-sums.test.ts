import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EntrySnapshot, StatsSnapshot } from '../../src/stats/snapshot.ts';
import { Stats } from '../../src/stats/stats.ts';
import { mergeStats } from '../../src/stats/sum.ts';
import { Clock } from './clock.ts';
import { plain, plainEntry } from './snapshots.ts';

/** One thing that happens to a part: a request, or (`drain`) a report. */
interface Step {
  readonly part: number;
  readonly method: string;
  readonly name: string;
  readonly time: number | null;
  readonly length: number;
  readonly failure: string | undefined;
  readonly pause: number;
  readonly drain: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  part: fc.nat(3),
  method: fc.constantFrom('GET', 'POST'),
  name: fc.constantFrom('/', '/a', '/b'),
  time: fc.option(fc.nat(90_000)),
  length: fc.nat(5000),
  failure: fc.option(fc.constantFrom('500', 'reset', ''), { nil: undefined }),
  pause: fc.nat(700),
  drain: fc.nat(9).map((one) => one === 0),
});

const steps = fc.array(step, { maxLength: 60 });

function record(stats: Stats, { method, name, time, length, failure }: Step): void {
  stats.record(method, name, time, length, failure);
}

test('the merged drains of any parts are one drain over all', (t) => {
  const clock = new Clock(t);
  fc.assert(
    fc.property(steps, (all) => {
      const whole = new Stats();
      const parts = [new Stats(), new Stats(), new Stats(), new Stats()];
      const drained: StatsSnapshot[] = [];
      for (const one of all) {
        clock.pass(one.pause);
        const part = parts[one.part];
        assert.ok(part);
        record(whole, one);
        record(part, one);
        if (one.drain) drained.push(part.drain());
      }
      const merged = [...drained, ...parts.map((part) => part.drain())].reduce(mergeStats);
      assert.deepEqual(plain(merged), plain(whole.drain()));
    }),
  );
});

const add = (a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): Map<number, number> =>
  new Map([...a, ...b].map(([key]) => [key, (a.get(key) ?? 0) + (b.get(key) ?? 0)]));

test('the total is the sum of the entries', (t) => {
  const clock = new Clock(t);
  fc.assert(
    fc.property(steps, (all) => {
      const stats = new Stats();
      const startTime = clock.now;
      for (const one of all) {
        clock.pass(one.pause);
        record(stats, one);
      }
      const { entries, total } = stats.drain();
      const sum = (of: (entry: EntrySnapshot) => number): number => entries.reduce((a, entry) => a + of(entry), 0);
      const maps = (of: (entry: EntrySnapshot) => ReadonlyMap<number, number>): Map<number, number> =>
        entries.map(of).reduce<Map<number, number>>(add, new Map());
      const times = all.flatMap(({ time }) => (time === null ? [] : [time]));
      const expected = {
        method: '',
        name: 'Aggregated',
        numRequests: sum((entry) => entry.numRequests),
        numNoneRequests: sum((entry) => entry.numNoneRequests),
        numFailures: sum((entry) => entry.numFailures),
        totalResponseTime: sum((entry) => entry.totalResponseTime),
        maxResponseTime: Math.max(0, ...times),
        minResponseTime: times.length > 0 ? Math.min(...times) : null,
        totalContentLength: sum((entry) => entry.totalContentLength),
        responseTimes: maps((entry) => entry.responseTimes),
        requestsPerSecond: maps((entry) => entry.requestsPerSecond),
        failuresPerSecond: maps((entry) => entry.failuresPerSecond),
        startTime,
        lastRequestTimestamp: all.length > 0 ? clock.now : null,
      };
      assert.deepEqual(plainEntry(total), plainEntry(expected));
    }),
  );
});
