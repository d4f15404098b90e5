import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeExtra } from '../../src/swarm/extra.ts';

test('numbers add up', () => {
  assert.deepEqual(mergeExtra({ sold: 3 }, { sold: 4.5 }), { sold: 7.5 });
});

test('lists join in the order of the threads', () => {
  assert.deepEqual(mergeExtra({ seen: [1, 2] }, { seen: [2, 'x'] }), { seen: [1, 2, 2, 'x'] });
});

test('maps merge by the same rule, however deep', () => {
  const a = { shop: { sold: 1, by: { card: [7] } } };
  const b = { shop: { sold: 2, by: { card: [8], cash: [9] } } };
  assert.deepEqual(mergeExtra(a, b), { shop: { sold: 3, by: { card: [7, 8], cash: [9] } } });
});

test('what only one thread added is kept', () => {
  assert.deepEqual(mergeExtra({ a: 1 }, { b: 'x' }), { a: 1, b: 'x' });
});

test('of anything else the latter wins', () => {
  const date = new Date(0);
  assert.deepEqual(mergeExtra({ a: 'x', b: 1, c: null, d: date }, { a: 'y', b: 'z', c: true, d: [1] }), {
    a: 'y',
    b: 'z',
    c: true,
    d: [1],
  });
  assert.deepEqual(mergeExtra({ at: new Date(0) }, { at: new Date(1) }), { at: new Date(1) });
});

test('neither of the two is changed', () => {
  const a = { seen: [1], shop: { sold: 1 } };
  mergeExtra(a, { seen: [2], shop: { sold: 2 } });
  assert.deepEqual(a, { seen: [1], shop: { sold: 1 } });
});

test('names such as __proto__ are names like any other', () => {
  const merged = mergeExtra({}, JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'));
  assert.ok(Object.hasOwn(merged, 'constructor'));
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  assert.deepEqual(mergeExtra({ constructor: 1 }, { constructor: 2 }), { constructor: 3 });
});
