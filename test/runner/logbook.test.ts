import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Logbook } from '../../src/runner/logbook.ts';

test('all kept lines are taken each time there are new ones', () => {
  const logbook = new Logbook();
  logbook.add('a');
  assert.deepEqual(logbook.take(), ['a']);
  logbook.add('b');
  assert.deepEqual(logbook.take(), ['a', 'b']);
});

test('without a new line there is nothing to take', () => {
  const logbook = new Logbook();
  logbook.add('a');
  logbook.take();
  assert.equal(logbook.take(), undefined);
});

test('the last 500 lines are kept, however many are added', () => {
  const logbook = new Logbook();
  for (let line = 1; line <= 1234; line++) logbook.add(String(line));
  const lines = logbook.take() ?? [];
  assert.equal(lines.length, 500);
  assert.deepEqual([lines[0], lines.at(-1)], ['735', '1234']);
});

test('a very long line is cut', () => {
  const logbook = new Logbook();
  logbook.add('x'.repeat(100_000));
  const [line = ''] = logbook.take() ?? [];
  assert.ok(line.length < 4010 && line.endsWith(' …'));
});

test('what was taken does not change when more is added', () => {
  const logbook = new Logbook();
  logbook.add('a');
  const taken = logbook.take();
  logbook.add('b');
  assert.deepEqual(taken, ['a']);
});
