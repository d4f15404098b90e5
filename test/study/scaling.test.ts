import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReady, ScalingError, scaleTo } from '../../src/study/scaling.ts';

const { signal } = new AbortController();

test('a command that never ends is not ready', { timeout: 10_000 }, async () => {
  assert.equal(await isReady('sleep 30', 1, 0.1, signal), false);
  assert.equal(await isReady('exit 0', 1, 5, signal), true);
});

test('what is not ready in time is told, with the value of the scale', async () => {
  const settings = { values: [3], ready: '[ {scale} = 4 ]', readyTimeout: 0.1, pause: 0 };
  await assert.rejects(scaleTo(3, settings, signal), (error: Error) => {
    return error instanceof ScalingError && /'\[ 3 = 4 \]' was not ready within 0\.1 s/.test(error.message);
  });
  await scaleTo(4, settings, signal);
});

test('a command knows its scale by a variable too', async () => {
  await scaleTo('a b', { values: ['a b'], command: '[ "$SCALE" = "a b" ]', readyTimeout: 1, pause: 0 }, signal);
});
