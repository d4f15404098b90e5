import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventKinds } from '../../src/harvest/event.ts';
import type { Payload } from '../../src/harvest/payload.ts';
import { Settler } from '../../src/harvest/settler.ts';

const second = 1_000_000;

type Step = readonly [kind: (typeof eventKinds)[number], time: number, took?: number, device?: string, number?: number];

/** Events of payload 1 of device `d`, unless others are named, in order. */
function settle(...steps: readonly Step[]) {
  const payloads: Payload[] = [];
  const strays: (readonly [number, number | undefined])[] = [];
  let repeats = 0;
  const settler = new Settler({
    onPayload: (payload) => payloads.push(payload),
    onStray: (time, took) => strays.push([time, took]),
    onRepeat: () => repeats++,
  });
  for (const [kind, time, took = 0, device = 'd', number = 1] of steps) {
    settler.add(eventKinds.indexOf(kind), device, number, time, took);
  }
  settler.end();
  const short = payloads.map(({ device: _, number: __, ...rest }) => rest);
  return { payloads: short, strays, repeats };
}

const published = { published: 0, hasTimedOut: false };

test('a payload that came back', () => {
  assert.deepEqual(settle(['publishing', 0], ['echoed', 5, 3], ['received', 9]).payloads, [
    { ...published, application: 'echoed', took: 3, received: 9 },
  ]);
});

test('a payload that never came back, dropped on purpose', () => {
  assert.deepEqual(settle(['publishing', 0], ['lost', 5], ['timeout', 30]).payloads, [
    { published: 0, hasTimedOut: true, application: 'lost' },
  ]);
});

test('a payload that came back late', () => {
  assert.deepEqual(settle(['publishing', 0], ['timeout', 30], ['echoed', 35, 3], ['late', 40]).payloads, [
    { published: 0, hasTimedOut: true, application: 'echoed', took: 3, late: 40 },
  ]);
});

test('a number that is published again begins a new payload', () => {
  assert.deepEqual(settle(['publishing', 0], ['received', 1], ['publishing', 50], ['received', 52]).payloads, [
    { ...published, received: 1 },
    { ...published, published: 50, received: 52 },
  ]);
});

test('an answer by a clock that is behind belongs to what was published soon after', () => {
  const { payloads, strays } = settle(['echoed', 0, 3], ['publishing', 5 * second], ['received', 6 * second]);
  assert.deepEqual([payloads[0]?.took, strays], [3, []]);
});

test('an answer long before is of no payload', () => {
  const { payloads, strays } = settle(['echoed', 0, 3], ['publishing', 5 * second + 1]);
  assert.deepEqual([payloads[0]?.took, strays], [undefined, [[0, 3]]]);
});

test('a second answer is of the next payload if that follows soon, else a repetition', () => {
  const soon = settle(['publishing', 0], ['echoed', 1, 3], ['echoed', 2, 4], ['publishing', second]);
  assert.deepEqual([soon.payloads.map(({ took }) => took), soon.repeats], [[3, 4], 0]);
  const later = settle(['publishing', 0], ['echoed', 1, 3], ['echoed', 2, 4], ['publishing', 9 * second]);
  assert.deepEqual([later.payloads.map(({ took }) => took), later.repeats], [[3, undefined], 1]);
});

test('an answer by a clock that is behind is not of the payload that was lost before', () => {
  const { payloads } = settle(['publishing', 0], ['echoed', 60 * second, 3], ['publishing', 60 * second + 40_000]);
  assert.deepEqual(
    payloads.map(({ took }) => took),
    [undefined, 3],
  );
});

test('a second receipt is a repetition', () => {
  const { payloads, repeats } = settle(['publishing', 0], ['received', 1], ['received', 2]);
  assert.deepEqual([payloads[0]?.received, repeats], [1, 1]);
});

test('what was never published is a stray', () => {
  const { payloads, strays } = settle(['received', 1], ['timeout', 2], ['late', 3], ['lost', 4]);
  assert.deepEqual(payloads, []);
  assert.deepEqual(
    strays.map(([time]) => time),
    [1, 2, 3, 4],
  );
});

test('another device, or another number, is another payload', () => {
  const { payloads, strays } = settle(['publishing', 0], ['received', 1, 0, 'e'], ['received', 1, 0, 'e', 2]);
  assert.deepEqual([payloads, strays.length], [[published], 2]);
});
