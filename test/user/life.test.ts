import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { Life } from '../../src/user/life.ts';

test('a wait ends after its time', async () => {
  await new Life().wait(0.001);
});

test('a sleep ends after its time', async () => {
  await new Life().sleep(0.001);
});

test('a stop cuts a wait; the user ends there', async () => {
  const life = new Life();
  const wait = life.wait(3600);
  life.stop();
  await assert.rejects(wait, StopUser);
});

test('an abort cuts a wait as well', async () => {
  const life = new Life();
  const wait = life.wait(3600);
  life.abort();
  await assert.rejects(wait, StopUser);
});

test('after a stop a wait does not begin', async () => {
  const life = new Life();
  life.stop();
  await assert.rejects(life.wait(3600), StopUser);
});

test('after a stop a sleep still takes its time', async () => {
  const life = new Life();
  life.stop();
  await life.sleep(0.001);
});

test('an abort cuts all sleeps, and none begins after it', async () => {
  const life = new Life();
  const sleeps = [life.sleep(3600), life.sleep(3600)];
  life.stop();
  life.abort();
  for (const sleep of sleeps) await assert.rejects(sleep, StopUser);
  await assert.rejects(life.sleep(3600), StopUser);
});

test('a cut pause leaves no timer behind', async (t) => {
  const cleared = t.mock.method(globalThis, 'clearTimeout');
  const life = new Life();
  const pauses = [life.wait(3600), life.sleep(3600)];
  life.abort();
  await Promise.allSettled(pauses);
  assert.equal(cleared.mock.callCount(), 2);
});

test('a pause longer than any timer lasts as long as the longest one', async (t) => {
  const timers = t.mock.method(globalThis, 'setTimeout');
  const life = new Life();
  const pauses = [life.wait(1e9), life.sleep(Number.POSITIVE_INFINITY)];
  life.abort();
  await Promise.allSettled(pauses);
  assert.deepEqual(
    timers.mock.calls.map((call) => call.arguments[1]),
    [2 ** 31 - 1, 2 ** 31 - 1],
  );
});

test('the signal is aborted by an abort, not by a stop', () => {
  const life = new Life();
  const { signal } = life;
  life.stop();
  assert.equal(signal.aborted, false);
  life.abort();
  assert.ok(signal.aborted && signal.reason instanceof StopUser);
});

test('a signal that is first asked for after the abort is aborted', () => {
  const life = new Life();
  life.abort();
  assert.equal(life.signal.aborted, true);
});

test('the end has a fresh signal after an abort, the same one without', () => {
  const aborted = new Life();
  const old = aborted.signal;
  aborted.abort();
  aborted.beginEnd();
  assert.deepEqual([old.aborted, aborted.signal.aborted], [true, false]);
  const stopped = new Life();
  const { signal } = stopped;
  stopped.stop();
  stopped.beginEnd();
  assert.equal(stopped.signal, signal);
});

test('it is silent from the abort to the end of the tasks, and when all is over', () => {
  const life = new Life();
  const seen: string[] = [];
  const look = (): unknown => seen.push(`${life.isStopping} ${life.isSilent}`);
  for (const step of ['stop', 'abort', 'beginEnd', 'end'] as const) {
    look();
    life[step]();
  }
  look();
  assert.deepEqual(seen, ['false false', 'true false', 'true true', 'true false', 'true true']);
});

test('an abort while it ends does nothing', async () => {
  const life = new Life();
  life.beginEnd();
  const sleep = life.sleep(0.001);
  life.abort();
  await sleep;
  assert.equal(life.signal.aborted, false);
});

test('when all is over sleeps are cut, the signal is aborted, and nothing begins again', async () => {
  const life = new Life();
  life.beginEnd();
  const { signal } = life;
  const sleep = life.sleep(3600);
  life.end();
  await assert.rejects(sleep, StopUser);
  life.beginEnd();
  assert.deepEqual([signal.aborted, life.signal.aborted, life.isSilent], [true, true, true]);
});

test('who wants to know is told once that it is over', () => {
  const life = new Life();
  const told: number[] = [];
  life.onOver(() => told.push(1));
  life.onOver(() => told.push(2));
  life.stop();
  life.abort();
  life.beginEnd();
  assert.deepEqual(told, []);
  life.end();
  life.end();
  assert.deepEqual(told, [1, 2]);
});

test('who asks when it is over is told at once', () => {
  const life = new Life();
  life.end();
  const told: number[] = [];
  life.onOver(() => told.push(1));
  assert.deepEqual(told, [1]);
});
