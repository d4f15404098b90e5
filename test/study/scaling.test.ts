import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isReady, ScalingError, scaleTo, shell } from '../../src/study/scaling.ts';
import { folderOf } from './made-study.ts';

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

test('a command that is ended takes the whole pipeline with it', { timeout: 10_000 }, async (t) => {
  const file = join(folderOf(t), 'pid');
  const ending = new AbortController();
  const ended = shell(`sh -c 'echo $$ > "${file}"; exec sleep 30' | cat`, undefined, ending.signal);
  await until(() => Number(read(file)) > 0);
  ending.abort();
  await assert.rejects(ended, { name: 'AbortError' });
  await until(() => !isAlive(Number(read(file))));
});

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await delay(10);
}
