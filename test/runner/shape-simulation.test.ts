import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadShape } from '../../src/runner/shape.ts';
import { simulate } from '../../src/runner/shape-simulation.ts';

const shape = (tick: LoadShape['tick']): LoadShape => ({ name: 'Mine', tick });

test('seconds with the same answer are one stage, up to the null', async () => {
  const steps = shape(async (time) => (time >= 40 ? null : { users: 10 * (1 + Math.floor(time / 20)), spawnRate: 2 }));
  assert.deepEqual(await simulate(steps, 100), {
    stages: [
      { until: 20, users: 10, spawnRate: 2 },
      { until: 40, users: 20, spawnRate: 2 },
    ],
    isCut: false,
  });
});

test('one that does not end is cut at the limit', async () => {
  const endless = shape(async () => ({ users: 3, spawnRate: 1, userClasses: ['A'] }));
  const stages = [{ until: 7.5, users: 3, spawnRate: 1, userClasses: ['A'] }];
  assert.deepEqual(await simulate(endless, 7.5), { stages, isCut: true });
});

test('it is told the users that would run by then, at the spawn rate of its answers', async () => {
  const told: number[] = [];
  const updown = shape(async (time, users) => {
    told.push(users);
    return time < 4 ? { users: 7, spawnRate: 2 } : { users: 0, spawnRate: 3 };
  });
  await simulate(updown, 8);
  assert.deepEqual(told, [0, 2, 4, 6, 7, 4, 1, 0]);
});

test('one that ends at once has no stage', async () => {
  assert.deepEqual(
    await simulate(
      shape(async () => null),
      8,
    ),
    { stages: [], isCut: false },
  );
});
