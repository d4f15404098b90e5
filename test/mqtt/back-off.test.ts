import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOff, Pauses } from '../../src/mqtt/back-off.ts';
import { Life } from '../../src/user/life.ts';

const rule = { first: 1, max: 32 };

test('pauses double up to their limit, and stay there', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 50, 5000].map((pauses) => backOff(rule, pauses, 0)),
    [1, 2, 4, 8, 16, 32, 32, 32, 32],
  );
});

test('a random part of up to the first pause is added', () => {
  assert.deepEqual([backOff(rule, 0, 0.5), backOff(rule, 9, 0.999)], [1.5, 32.999]);
  assert.equal(backOff({ first: 0.1, max: 1 }, 0, 0.5), 0.15000000000000002);
});

test('after a connection that was lost at once they go on growing', async () => {
  const pauses = new Pauses();
  const life = new Life();
  const slow = { first: 0.02, max: 10 };
  const times: number[] = [];
  for (let at = 0; at < 3; at++) {
    const begun = performance.now();
    await pauses.wait(life, slow);
    times.push(performance.now() - begun);
    pauses.opened();
    pauses.lost();
  }
  assert.ok((times[2] ?? 0) >= 79, String(times));
});

test('after one that has lasted they begin anew', async () => {
  const pauses = new Pauses();
  const life = new Life();
  const slow = { first: 0.01, max: 10 };
  for (let at = 0; at < 3; at++) await pauses.wait(life, slow);
  pauses.opened();
  await new Promise((resolve) => setTimeout(resolve, 60));
  pauses.lost();
  const begun = performance.now();
  await pauses.wait(life, slow);
  assert.ok(performance.now() - begun < 35);
});
