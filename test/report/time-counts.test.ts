import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TimeCounts } from '../../src/report/time-counts.ts';
import { addCounts } from '../../src/stats/sum.ts';

/** In any order, as those of several threads are. */
const counts = fc
  .array(
    fc.tuple(
      fc.nat(400).map((tenths) => tenths / 10),
      fc.integer({ min: 1, max: 9 }),
    ),
    { maxLength: 30 },
  )
  .map((pairs) => new Map(pairs));
const sorted = (map: ReadonlyMap<number, number>): [number, number][] => [...map].sort(([a], [b]) => a - b);

test('what was added is there, ascending', () => {
  fc.assert(
    fc.property(fc.array(counts), (all) => {
      const times = new TimeCounts();
      for (const each of all) times.add(each);
      assert.deepEqual([...times.toMap()], sorted(all.reduce((sum, each) => addCounts(sum, each), new Map())));
    }),
  );
});

test('what was added and removed leaves nothing', () => {
  fc.assert(
    fc.property(counts, fc.array(counts), (kept, removed) => {
      const times = new TimeCounts();
      for (const each of removed) times.add(each);
      times.add(kept);
      for (const each of removed) times.remove(each);
      assert.deepEqual([...times.toMap()], sorted(kept));
      times.remove(kept);
      assert.ok(times.isEmpty);
    }),
  );
});
