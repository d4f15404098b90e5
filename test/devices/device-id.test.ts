import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deviceIds, isDeviceId, spans } from '../../src/devices/device-id.ts';

test('names are numbered with so many digits', () => {
  assert.deepEqual(deviceIds('LTK', 5, 99, 101), ['LTK00099', 'LTK00100', 'LTK00101']);
});

test('a number with more digits is written in full', () => {
  assert.deepEqual(deviceIds('d', 2, 99, 100), ['d99', 'd100']);
});

test('every name is there once', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.nat(500), fc.integer({ min: 1, max: 6 }), (first, more, digits) => {
      assert.equal(new Set(deviceIds('LTK', digits, first, first + more)).size, more + 1);
    }),
  );
});

test('names that are no level of a topic, or no cell, are none', () => {
  for (const id of [
    '',
    'a b',
    'a/b',
    'a+',
    'a#',
    'a,b',
    'a"b',
    "a'",
    'a\n',
    'a\u0000',
    '-----BEGIN',
    'x'.repeat(256),
  ]) {
    assert.equal(isDeviceId(id), false, JSON.stringify(id));
  }
  for (const id of ['LTK00001', 'a.b', 'a:b', 'é', '0']) assert.equal(isDeviceId(id), true, id);
});

test('many names are told in a few words', () => {
  assert.equal(spans(deviceIds('LTK', 5, 98, 101)), 'LTK00098..LTK00101');
  assert.equal(spans(['a1', 'a2', 'a4', 'b5', 'x']), 'a1..a2, a4, b5, x');
  assert.equal(spans(['1', '3', '5', '7'], 2), '1, 3 …');
});
