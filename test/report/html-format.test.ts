import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, elapsed, iso, measure, moment, percent, plain } from '../../src/report/html/format.ts';

test('a figure has three digits or more', () => {
  assert.deepEqual([0, 0.123, 9.994, 9.996, 12.34, 99.96, 1234.5].map(measure), [
    '0',
    '0.12',
    '9.99',
    '10.0',
    '12.3',
    '100',
    '1,235',
  ]);
});

test('a figure is 0 only of nothing', () => {
  assert.deepEqual([0, 0.0001, 0.005].map(measure), ['0', '<0.01', '0.01']);
});

test('a bucket has no zeros at its end', () => {
  assert.deepEqual([0, 3, 3.25, 12, 12.5, 140, 1888.86].map(plain), ['0', '3', '3.25', '12', '12.5', '140', '1,889']);
});

test('a part is 0% only of nothing, and 100% only of all', () => {
  assert.deepEqual([0, 0.00001, 0.0084, 0.5, 0.999999, 1].map(percent), [
    '0%',
    '<0.01%',
    '0.84%',
    '50.0%',
    '>99.99%',
    '100%',
  ]);
});

test('durations are told in two units', () => {
  const told = [0.04, 12.34, 59.99, 60, 302, 3600, 3901].map((seconds) => duration(seconds).replaceAll('\u00a0', ' '));
  assert.deepEqual(told, ['0 s', '12.3 s', '1 min 00 s', '1 min 00 s', '5 min 02 s', '1 h 00 min', '1 h 05 min']);
});

test('times since the start are told as a clock tells them', () => {
  assert.deepEqual([0, 59.6, 125, 3725].map(elapsed), ['0:00', '1:00', '2:05', '1:02:05']);
});

test('moments are in UTC; what is no time is empty', () => {
  assert.equal(moment(1_790_000_000), '2026-09-21 14:13:20');
  assert.equal(iso(Number.NaN), '');
});
