import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { Clock, isoOf, windowOf } from '../../src/harvest/moment.ts';

const start = '2019-01-04T20:00:00Z';

test('a window is between two times in UTC', () => {
  assert.deepEqual(windowOf(start, '2019-01-04T21:00:00.5Z'), {
    start: Date.UTC(2019, 0, 4, 20) * 1000,
    end: (Date.UTC(2019, 0, 4, 21) + 500) * 1000,
  });
});

const refused: readonly (readonly [start: string, end: string, message: RegExp])[] = [
  [
    '2019-01-04 20:00:00',
    start,
    /^START is '2019-01-04 20:00:00'; a time in UTC such as 2019-01-04T20:00:00Z is expected$/,
  ],
  ['2019-01-04', start, /^START is '2019-01-04'; a time in UTC/],
  ['2019-01-04T20:00:00', start, /^START is .*; a time in UTC/],
  ['2019-01-04T20:00:00+01:00', start, /^START is .*; a time in UTC/],
  ['yesterday', start, /^START is 'yesterday'/],
  [start, '1546632000', /^END is '1546632000'/],
  [start, '2019-02-30T20:00:00Z', /^END is '2019-02-30T20:00:00Z'; there is no such day or time$/],
  [start, '2019-01-04T24:00:00Z', /there is no such day or time$/],
  [start, start, /^END \(.*\) must be later than START/],
  [start, '2019-01-04T19:00:00Z', /^END \(.*\) must be later than START/],
];

for (const [from, to, message] of refused) {
  test(`a window is refused: ${from} to ${to}`, () => {
    assert.throws(
      () => windowOf(from, to),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });
}

test('a clock that reads another second after each other is not confused', () => {
  const clock = new Clock();
  assert.equal(clock.read('2026-11-21T16:00:01', '5'), clock.read('2026-11-21T16:00:01', '500000'));
  assert.equal(clock.read('2026-11-21T16:00:61', undefined), undefined);
  assert.equal(clock.read('2026-11-21T16:00:01', undefined), Date.UTC(2026, 10, 21, 16, 0, 1) * 1000);
});

test('a time is written as it was read', () => {
  assert.equal(isoOf(windowOf(start, '2019-01-04T20:00:00.123Z').end), '2019-01-04T20:00:00.123Z');
});
