import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InterruptTaskSet, StopUser } from '../src/errors.ts';
import { EventHook } from '../src/events.ts';
import { setLogSink } from '../src/log.ts';

const said: string[] = [];
setLogSink(({ level, text }) => said.push(`${level} ${text.split('\n')[0]}`));
beforeEach(() => {
  said.length = 0;
});

test('listeners are called in the order of their adding, with the event', () => {
  const hook = new EventHook<number>('tick');
  const heard: string[] = [];
  hook.addListener((n) => heard.push(`first ${n}`));
  hook.addListener((n) => heard.push(`second ${n}`));
  hook.fire(7);
  assert.deepEqual(heard, ['first 7', 'second 7']);
});

test('isHeard says whether anybody listens', () => {
  const hook = new EventHook<number>('tick');
  assert.equal(hook.isHeard, false);
  const listener = hook.addListener(() => {});
  assert.equal(hook.isHeard, true);
  hook.removeListener(listener);
  assert.equal(hook.isHeard, false);
});

test('a removed listener hears no more', () => {
  const hook = new EventHook<number>('tick');
  const heard: number[] = [];
  const listener = hook.addListener((n) => heard.push(n));
  hook.fire(1);
  hook.removeListener(listener);
  hook.fire(2);
  assert.deepEqual(heard, [1]);
});

test('a listener that is added or removed by a listener counts from the next event on', () => {
  const hook = new EventHook<number>('tick');
  const heard: string[] = [];
  const last = (n: number): unknown => heard.push(`last ${n}`);
  const first = hook.addListener((n) => {
    heard.push(`first ${n}`);
    hook.removeListener(first);
    hook.removeListener(last);
    hook.addListener((later) => heard.push(`new ${later}`));
  });
  hook.addListener(last);
  hook.fire(1);
  hook.fire(2);
  assert.deepEqual(heard, ['first 1', 'last 1', 'new 2']);
});

test('a listener that is added while an event is told does not hear of it', () => {
  const hook = new EventHook<number>('tick');
  const heard: number[] = [];
  hook.addListener(() => hook.addListener((n) => heard.push(n)));
  hook.fire(1);
  assert.deepEqual(heard, []);
});

test('a listener that throws is logged, and the others run', () => {
  const hook = new EventHook<number>('tick');
  const heard: number[] = [];
  hook.addListener(() => {
    throw new Error('broken');
  });
  hook.addListener((n) => heard.push(n));
  hook.fire(1);
  assert.deepEqual(heard, [1]);
  assert.deepEqual(said, ['ERROR a listener of tick threw: Error: broken']);
});

test('control flow of a listener passes after all others have run; the first one wins', () => {
  const hook = new EventHook<number>('tick');
  const heard: number[] = [];
  const stop = new StopUser();
  hook.addListener(() => {
    throw stop;
  });
  hook.addListener(() => {
    throw new InterruptTaskSet();
  });
  hook.addListener((n) => heard.push(n));
  assert.throws(
    () => hook.fire(1),
    (thrown) => thrown === stop,
  );
  assert.deepEqual([heard, said], [[1], []]);
});

test('a listener that rejects is logged', async () => {
  const hook = new EventHook<number>('tick');
  hook.addListener(() => Promise.reject('late'));
  hook.fire(1);
  await nextTurn();
  assert.deepEqual(said, [`ERROR a listener of tick threw: Error: 'late' was thrown, which is not an Error`]);
});

test('fireAndWait runs one listener after the other, each awaited', async () => {
  const hook = new EventHook<number>('tick');
  const heard: string[] = [];
  hook.addListener(async () => {
    await nextTurn();
    heard.push('slow');
  });
  hook.addListener(() => heard.push('quick'));
  await hook.fireAndWait(1);
  assert.deepEqual(heard, ['slow', 'quick']);
});

test('fireAndWait logs what a listener throws, and goes on', async () => {
  const hook = new EventHook<number>('tick');
  const heard: number[] = [];
  hook.addListener(() => Promise.reject(new Error('no')));
  hook.addListener(() => {
    throw new StopUser();
  });
  hook.addListener((n) => heard.push(n));
  await hook.fireAndWait(1);
  assert.deepEqual(heard, [1]);
  assert.deepEqual(said, ['ERROR a listener of tick threw: Error: no', 'ERROR a listener of tick threw: StopUser']);
});
