import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorSnapshot, StatsSnapshot } from '../../src/stats/snapshot.ts';
import { emptySnapshot } from '../../src/stats/snapshot.ts';
import { StatsSum } from '../../src/stats/sum.ts';

/** Failures of one name with these texts. */
function failures(...texts: string[]): StatsSnapshot {
  const of = (error: string): ErrorSnapshot => ({
    ...{ method: 'GET', name: '/x', error, occurrences: 1 },
    ...{ firstSeen: 1000, lastSeen: 1000 },
  });
  return { ...emptySnapshot(1000), errors: texts.map(of) };
}

test('of more distinct failures than are kept the rest is counted under one text', () => {
  const sum = new StatsSum(1000, false, 2);
  sum.add(failures('a', 'b', 'c'));
  sum.add(failures('a', 'd', 'b'));
  const { errors } = sum.toSnapshot();
  assert.deepEqual(
    errors.map(({ occurrences }) => occurrences),
    [2, 2, 2],
  );
  assert.match(errors[2]?.error ?? '', /^\(other failures: /);
});
