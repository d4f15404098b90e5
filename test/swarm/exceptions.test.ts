import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setLogSink } from '../../src/log.ts';
import { Exceptions } from '../../src/swarm/exceptions.ts';

interface Heard {
  readonly exceptions: Exceptions;
  readonly told: string[];
  readonly log: string[];
}

/** Exceptions under a clock that the test sets; it starts at 100 s. */
function listen(t: TestContext, clock: () => number): Heard {
  const [told, log]: [string[], string[]] = [[], []];
  t.mock.method(performance, 'now', clock);
  setLogSink(({ text }) => log.push(text));
  return { exceptions: new Exceptions((message) => told.push(message)), told, log };
}

test('the same exception is told each time and logged once, then again with how often it came', (t) => {
  let now = 100_000;
  const { exceptions, told, log } = listen(t, () => now);
  for (let count = 0; count < 3; count++) exceptions.report('boom', 'Error: boom');
  assert.deepEqual(told, ['boom', 'boom', 'boom']);
  assert.deepEqual(log, ['Error: boom']);
  now += 10_000;
  exceptions.report('boom', 'Error: boom');
  assert.deepEqual(log, ['Error: boom', 'Error: boom\n(and 2 times before)']);
});

test('of a flood the master is told 100 a second, and the log how many it was not', (t) => {
  let now = 100_000;
  const { exceptions, told, log } = listen(t, () => now);
  for (let count = 0; count < 250; count++) exceptions.report('boom', 'Error: boom');
  assert.equal(told.length, 100);
  now += 1000;
  exceptions.report('boom', 'Error: boom');
  assert.equal(told.length, 101);
  assert.deepEqual(log.slice(1), ['150 exceptions were not told to the master: more than 100 in one second']);
});
