import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeOf } from '../../src/recording/log-time.ts';

const at = Date.UTC(2026, 4, 12, 10, 0, 0);

test('a time is read in each form that logs have', () => {
  for (const value of [
    ...[
      '12/May/2026:10:00:00 +0000',
      '12/May/2026:12:00:00 +0200',
      '12/May/2026:04:30:00 -0530',
      '12/May/2026:10:00:00',
    ],
    ...['2026-05-12T10:00:00Z', '2026-05-12 10:00:00', '2026-05-12T10:00:00.000000000Z', '2026-05-12T12:00:00+02:00'],
    ...[at / 1000, at, at * 1000, at * 1e6, String(at / 1000), `${at / 1000}.000`, String(at)],
  ]) {
    assert.equal(timeOf(value), at, String(value));
  }
});

test('parts of a second are kept to milliseconds', () => {
  for (const value of [
    '2026-05-12T10:00:00.25Z',
    '2026-05-12 10:00:00,250',
    '12/May/2026:10:00:00.250 +0000',
    at / 1000 + 0.25,
  ]) {
    assert.equal(timeOf(value), at + 250, String(value));
  }
});

test('what is no time is none', () => {
  for (const value of [
    '',
    '-',
    'now',
    '12/Foo/2026:10:00:00 +0000',
    '2026-13-12T10:00:00Z',
    '2026-05-12',
    '12',
    12,
    null,
    {},
    Number.NaN,
  ]) {
    assert.equal(timeOf(value), undefined, String(value));
  }
});
