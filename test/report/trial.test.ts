import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasFailed, short, type Trial, trialText } from '../../src/report/trial.ts';
import { measured, shots } from './measured.ts';

const trial = (more: Partial<Trial> = {}): Trial => ({
  className: 'Reader',
  iterations: 10,
  wanted: 10,
  seconds: 1.234,
  stats: measured([...shots('GET', '/', 1.234, 20, 340.6), ...shots('POST', '/a longer name', 3)]),
  exceptions: [],
  ...more,
});

test('a trial is a table with columns that are in line', () => {
  assert.equal(
    trialText(trial()),
    `Reader: 10 iterations in 1.23 s, 4 requests, 0 failed

  Method  Name            Requests  Failed  Min ms  Median  95%  Max  Per iteration
  GET     /                      3       0    1.23      20  340  341            0.3
  POST    /a longer name         1       0       3       3    3    3            0.1
          Aggregated             4       0    1.23      20  340  341            0.4
`,
  );
});

test('with one row there is no total', () => {
  assert.doesNotMatch(trialText(trial({ stats: measured(shots('GET', '/', 1)) })), /Aggregated/);
});

test('requests without a time have none in the table', () => {
  const stats = measured([{ method: 'GET', name: '/', time: null, failed: false }]);
  assert.match(trialText(trial({ stats })), /GET +\/ +1 +0 +- +- +- +- +0\.1\n/);
});

test('a percentile is never below the minimum, though its bucket is', () => {
  assert.match(trialText(trial({ stats: measured(shots('GET', '/', 0.2)) })), / 0\.2 {5}0\.2 {2}0\.2 {2}0\.2 /);
});

test('without a request there is no table', () => {
  assert.equal(trialText(trial({ stats: measured([]) })), 'Reader: 10 iterations in 1.23 s, 0 requests, 0 failed\n');
});

test('an iteration that did not begin is told', () => {
  assert.match(trialText(trial({ iterations: 3 })), /^Reader: 3 of 10 iterations in /);
  assert.match(trialText(trial({ iterations: 0, stats: measured(shots('GET', '/', 1)) })), / - *\n$/);
  assert.match(trialText(trial({ iterations: 1, wanted: 1 })), /^Reader: 1 iteration in /);
});

test('failures and exceptions follow, with their counts', () => {
  const error = { method: 'GET', name: '/', error: "HTTPError('500')", occurrences: 2, firstSeen: 1, lastSeen: 2 };
  const exception = { count: 3, message: 'boom', traceback: 'TypeError: boom\n    at act (a.ts:1:2)', nodes: [] };
  const text = trialText(trial({ stats: { ...measured([]), errors: [error] }, exceptions: [exception] }));
  assert.match(text, /\n\n {2}Failures\n {4}2 × GET \/: HTTPError\('500'\)\n/);
  assert.match(text, /\n\n {2}Exceptions\n {4}3 × TypeError: boom\n {8}at act \(a\.ts:1:2\)\n$/);
});

test('a failed request or an exception makes it a failure', () => {
  const exceptions = [{ count: 1, message: 'boom', traceback: '', nodes: [] }];
  const stats = measured([{ method: 'GET', name: '/', time: 1, failed: true }]);
  assert.deepEqual([trial(), trial({ exceptions }), trial({ stats })].map(hasFailed), [false, true, true]);
});

test('figures have three digits at most, but all before the point', () => {
  assert.deepEqual([0, 0.004, 1.234, 9.999, 12.34, 123.4, 12_345].map(short), [
    ...['0', '0', '1.23', '10', '12.3', '123', '12345'],
  ]);
});
