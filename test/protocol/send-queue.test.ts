import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendQueue } from '../../src/protocol/send-queue.ts';

const frame = Uint8Array.of(1);

function drain(queue: SendQueue): number[] {
  const sent: number[] = [];
  for (let next = queue.first; next !== undefined; next = queue.first) {
    sent.push(next.frame[0] ?? -1);
    queue.remove(next);
  }
  return sent;
}

test('frames leave in the order in which they came', () => {
  const queue = new SendQueue();
  for (const value of [1, 2, 3]) queue.push(Uint8Array.of(value), false);
  assert.deepEqual(drain(queue), [1, 2, 3]);
});

test('a droppable frame takes the place of one that waits, but never of the one on its way', () => {
  const queue = new SendQueue();
  queue.push(Uint8Array.of(1), true);
  queue.push(Uint8Array.of(2), false);
  assert.equal(queue.push(Uint8Array.of(3), true), 0);
  assert.equal(queue.push(Uint8Array.of(4), true), 0);
  assert.deepEqual(drain(queue), [1, 2, 4]);
});

test('the same droppable frame never waits twice, so that a late master gets one client_ready', () => {
  const queue = new SendQueue();
  for (let count = 0; count < 3; count += 1) queue.push(Uint8Array.of(1), true);
  assert.deepEqual(drain(queue), [1]);
  queue.push(Uint8Array.of(1), true);
  assert.deepEqual(drain(queue), [1]);
});

test('a full queue loses the droppable frame first, then the oldest, never the one on its way', () => {
  const queue = new SendQueue();
  queue.push(Uint8Array.of(100), false);
  queue.push(Uint8Array.of(200), true);
  for (let count = 2; count < 10_000; count += 1) queue.push(frame, false);
  assert.equal(queue.push(Uint8Array.of(101), false), 0);
  assert.equal(queue.size, 10_000);
  assert.equal(queue.push(Uint8Array.of(102), false), 1);
  const sent = drain(queue);
  assert.equal(sent.length, 10_000);
  assert.deepEqual([sent[0], sent[1], ...sent.slice(-2)], [100, 1, 101, 102]);
});

test('a queue is full by bytes as well', () => {
  const queue = new SendQueue();
  const big = new Uint8Array(100 * 1024 * 1024);
  assert.equal(queue.push(big, false), 0);
  assert.equal(queue.push(big, false), 0);
  assert.equal(queue.push(big, false), 1);
  assert.equal(queue.size, 2);
  assert.deepEqual(drain(queue).length, 2);
  assert.equal(queue.push(big, false), 0);
});

test('stale frames are forgotten, but not the one that may be on its way', () => {
  const queue = new SendQueue();
  queue.push(Uint8Array.of(1), false);
  queue.push(Uint8Array.of(2), true);
  queue.dropStale();
  assert.deepEqual(drain(queue), [1]);
  queue.push(Uint8Array.of(3), true);
  queue.dropStale();
  assert.deepEqual(drain(queue), [3]);
});

test('removing a frame that had to go meanwhile takes out no other', () => {
  const queue = new SendQueue();
  queue.push(Uint8Array.of(1), false);
  const first = queue.first;
  assert.ok(first);
  queue.remove(first);
  queue.push(Uint8Array.of(2), false);
  queue.remove(first);
  assert.deepEqual(drain(queue), [2]);
});
