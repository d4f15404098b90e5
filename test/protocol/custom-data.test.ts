import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '@msgpack/msgpack';
import { UsageError } from '../../src/errors.ts';
import { encodeMessage } from '../../src/protocol/codec.ts';
import { formatDatetime, parseDatetime } from '../../src/protocol/datetime.ts';

function sent(data: unknown): unknown {
  const [, body] = decode(encodeMessage({ type: 'custom', messageType: 'order', data }, 'w')) as [string, unknown];
  return body;
}

function refusalOf(data: unknown): string {
  try {
    return `accepted: ${JSON.stringify(sent(data))}`;
  } catch (error) {
    assert.ok(error instanceof UsageError, `${error}`);
    return error.message;
  }
}

test('objects of a class are sent by their fields, Maps and Sets by what they hold', () => {
  class Point {
    readonly x = 1;
    readonly #secret = 2;
    get both(): number {
      return this.x + this.#secret;
    }
  }
  assert.deepEqual(sent({ at: new Point(), tags: new Set(['a']), by: new Map([['k', 1]]) }), {
    at: { x: 1 },
    tags: ['a'],
    by: { k: 1 },
  });
});

test('undefined, NaN and infinite numbers become nil', () => {
  assert.deepEqual(sent([undefined, Number.NaN, Number.NEGATIVE_INFINITY]), [null, null, null]);
});

test('an array with holes keeps its length', () => {
  assert.deepEqual(sent(new Array(2)), [null, null]);
});

test('the same object may stand in two places', () => {
  const shared = { a: 1 };
  assert.deepEqual(sent([shared, shared]), [shared, shared]);
});

test('what cannot be sent is refused with its place', () => {
  const place = (data: unknown): string => refusalOf(data).replace(/\. A master reads.*$/, '');
  assert.equal(place({ items: [1, { done: () => 1 }] }), "message 'order': data.items[1].done is a function");
  assert.equal(place(Symbol('x')), "message 'order': data is a symbol");
  assert.equal(place([Promise.resolve()]), "message 'order': data[0] is a Promise");
  assert.equal(place([new Error('no')]), "message 'order': data[0] is an Error");
  assert.equal(
    place({ n: 2n ** 64n }),
    "message 'order': data.n is 18446744073709551616, which does not fit into 64 bits",
  );
  assert.match(place(new Map([[{}, 1]])), /is a key of type object/);
  assert.match(place(new Map([[Number.NaN, 1]])), /is a key of type number/);
  assert.match(place([new Date(Number.NaN)]), /data\[0\] is a Date that is invalid/);
  assert.match(place(new Date('+012000-01-01T00:00:00Z')), /not of the years 1 to 9999/);
});

test('data that holds itself is refused', () => {
  const ring: Record<string, unknown> = {};
  ring.next = { back: ring };
  assert.match(refusalOf(ring), /data\.next\.back holds itself/);
});

test('data nested deeper than a master can read is refused', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  assert.match(refusalOf(deep), /nested more than 200 levels deep/);
});

test('a map that the master would take for a datetime or an ObjectId has to be one', () => {
  const date = { __datetime__: true, as_str: '20260131T23:59:58.123456' };
  const id = { __ObjectId__: true, as_str: '0123456789abcdef01234567' };
  assert.deepEqual(sent([date, id]), [date, id]);
  assert.match(refusalOf({ __datetime__: true }), /has the key __datetime__/);
  assert.match(refusalOf({ __datetime__: true, as_str: '2026-01-31' }), /has the key __datetime__/);
  assert.match(refusalOf([{ __ObjectId__: 1, as_str: 7 }]), /data\[0\] has the key __ObjectId__/);
  assert.match(refusalOf(new Map([['__datetime__', 1]])), /has the key __datetime__/);
});

test('a datetime is written in UTC to the microsecond', () => {
  assert.equal(formatDatetime(new Date('2026-01-31T23:59:58.007Z')), '20260131T23:59:58.007000');
  assert.equal(formatDatetime(new Date('0033-04-03T15:00:00Z')), '00330403T15:00:00.000000');
});

test('only what Python can read is a datetime', () => {
  assert.deepEqual(parseDatetime('20260131T23:59:58.1'), new Date('2026-01-31T23:59:58.100Z'));
  assert.deepEqual(parseDatetime('20260131T23:59:58.999999'), new Date('2026-01-31T23:59:58.999Z'));
  for (const text of [
    '20260631T00:00:00.0',
    '20260132T00:00:00.0',
    '20260131T24:00:00.0',
    '00000101T00:00:00.0',
    '',
    7,
  ]) {
    assert.equal(parseDatetime(text), undefined, `${text}`);
  }
});
