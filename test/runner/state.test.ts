import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orders, type RunnerState, wireState } from '../../src/runner/state.ts';

const statesOf = (order: (typeof orders)['ready'][number]): string[] =>
  Object.entries(orders)
    .filter(([, allowed]) => allowed.includes(order))
    .map(([state]) => state);

test('users are started only by a master that knows this worker', () => {
  assert.deepEqual(statesOf('spawn'), ['ready', 'spawning', 'running', 'stopping']);
});

test('a stop is obeyed by a worker that has lost its master too', () => {
  assert.deepEqual(statesOf('stop'), ['connecting', 'ready', 'spawning', 'running', 'stopping']);
});

test('an acknowledgement, a quit and a message of one’s own are heard until the end', () => {
  for (const order of ['ack', 'quit', 'custom', 'reconnect', 'heartbeat', 'updateUserClass'] as const) {
    assert.deepEqual(statesOf(order), ['connecting', 'ready', 'spawning', 'running', 'stopping'], order);
  }
});

test('a worker that ends obeys nothing', () => {
  assert.deepEqual(orders.quitting, []);
});

test('a heartbeat only ever says the three words that the master counts as active', () => {
  const said = (Object.keys(orders) as RunnerState[]).map((state) => [state, wireState(state)]);
  assert.deepEqual(Object.fromEntries(said), {
    connecting: 'ready',
    ready: 'ready',
    spawning: 'spawning',
    running: 'running',
    // Python's worker says running until it is ready again.
    stopping: 'running',
    quitting: 'running',
  });
});
