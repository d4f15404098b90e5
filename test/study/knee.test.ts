import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kneeOf } from '../../src/study/knee.ts';
import { levelsOf } from '../../src/study/level.ts';
import { made } from './simulated.ts';

const levelsWith = (rps: Readonly<Record<number, number>>): ReturnType<typeof levelsOf> =>
  levelsOf(
    Object.entries(rps).map(([users, value]) =>
      made({ users: Number(users), rps: value, average: 10 * Number(users), requests: value * 30 }),
    ),
    1,
  );

test('where the most users still bring half of what a user brings with light load, no knee is claimed', () => {
  const knee = kneeOf(levelsWith({ 2: 2, 8: 10, 16: 15.3 }));
  assert.deepEqual(knee, { isReached: false, reason: 'rps still grew with the most users that were tried (16)' });
});

test('with users beyond, the same growth is that before the knee', () => {
  const knee = kneeOf(levelsWith({ 2: 2, 8: 10, 16: 15.3, 32: 15.5 }));
  assert.equal(knee.isReached && knee.users, 16);
});
