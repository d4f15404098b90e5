import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import { BrokenFrameError } from '../../src/protocol/message.ts';
import { bytes, order, outcome, reasonOf } from './outcome.ts';

test('what is no message of three parts is broken, in words', () => {
  assert.match(reasonOf(new Uint8Array()), /ends after 0 bytes/);
  assert.match(reasonOf(bytes(0xc1)), /not msgpack/);
  assert.match(reasonOf(bytes('GET / HTTP/1.1\r\n\r\n')), /bytes follow/);
  assert.match(reasonOf(encode(['stop', null])), /not a list of type/);
  assert.match(reasonOf(encode(['stop', null, 'w', 1])), /not a list of type/);
  assert.match(reasonOf(encode(null)), /not a list of type/);
  assert.match(reasonOf(order(Buffer.from('stop'), null)), /type is not text/);
  assert.match(reasonOf(order('stop', null, 7)), /node id is not text/);
  assert.match(reasonOf(bytes(0x93, 0xa4, 'stop', 0xc0, 0xa1, 0xff)), /not UTF-8/);
  assert.match(reasonOf(bytes(order('stop', null), 0xc0)), /1 bytes follow/);
});

test('an order for another worker is obeyed: the master sends by identity', () => {
  assert.deepEqual(outcome(order('stop', null, 'somebody else')), { type: 'stop' });
});

const spawn = { timestamp: 1.5, user_classes_count: { A: 1 }, host: null, stop_timeout: null, parsed_options: {} };

test('a spawn with one bad field is dropped as a whole', () => {
  const bad: readonly (readonly [string, unknown])[] = [
    ['timestamp', undefined],
    ['timestamp', '1'],
    ['timestamp', Number.NaN],
    ['timestamp', Number.POSITIVE_INFINITY],
    ['user_classes_count', null],
    ['user_classes_count', ['A']],
    ['user_classes_count', { A: -1 }],
    ['user_classes_count', { A: 1.5 }],
    ['user_classes_count', { A: '1' }],
    ['user_classes_count', { A: 1, B: null }],
    ['user_classes_count', { A: 2 ** 31 }],
    ['user_classes_count', { A: 600_000, B: 600_000 }],
    ['host', 7],
    ['stop_timeout', 'soon'],
    ['stop_timeout', Number.NaN],
    ['parsed_options', 'none'],
    ['parsed_options', []],
  ];
  for (const [field, value] of bad) {
    assert.ok(outcome(order('spawn', { ...spawn, [field]: value })) instanceof BrokenFrameError, `${field}: ${value}`);
  }
  assert.equal(outcome(order('spawn', spawn)) instanceof BrokenFrameError, false);
});

test('constructor, toString and hasOwnProperty are class names like others', () => {
  const names = { constructor: 1, toString: 2, hasOwnProperty: 3, prototype: 4 };
  const result = outcome(order('spawn', { ...spawn, user_classes_count: names }));
  assert.ok(!(result instanceof BrokenFrameError) && result.type === 'spawn');
  assert.deepEqual([...result.userClassesCount], Object.entries(names));
});

test('constructor and __proto__ are message types like others', () => {
  for (const messageType of ['constructor', '__proto__', 'toString']) {
    assert.deepEqual(outcome(order(messageType, 1)), { type: 'custom', messageType, data: 1 });
  }
});

test('a frame with __proto__ as a key is dropped and changes no object', () => {
  const polluting = bytes(0x93, 0xa4, 'mine', 0x81, 0xa9, '__proto__', 0x81, 0xa5, 'isBad', 0xc3, 0xa1, 'w');
  assert.match(reasonOf(polluting), /__proto__/);
  assert.equal(Reflect.get({}, 'isBad'), undefined);
});

test('a map with keys that are no text is a Map, lists and bytes as keys are refused', () => {
  const keyed = (...key: readonly number[]): Uint8Array =>
    bytes(0x93, 0xa4, 'mine', 0x81, Buffer.from(key), 1, 0xa1, 'w');
  assert.deepEqual(outcome(keyed(0xc0)), { type: 'custom', messageType: 'mine', data: new Map([[null, 1]]) });
  assert.deepEqual(outcome(keyed(0xc3)), { type: 'custom', messageType: 'mine', data: new Map([[true, 1]]) });
  assert.deepEqual(outcome(keyed(0xff)), { type: 'custom', messageType: 'mine', data: new Map([[-1, 1]]) });
  assert.ok(outcome(keyed(0x90)) instanceof BrokenFrameError);
  assert.ok(outcome(keyed(0xc4, 0)) instanceof BrokenFrameError);
});

test('a key of text keeps its text, whatever it begins with', () => {
  const frame = bytes(0x93, 0xa4, 'mine', 0x81, 0xa3, '\0n1', 1, 0xa1, 'w');
  assert.deepEqual(outcome(frame), { type: 'custom', messageType: 'mine', data: { '\0n1': 1 } });
});

test('an integer that a double cannot hold is read as a BigInt', () => {
  const frame = bytes(0x93, 0xa4, 'mine', 0xcf, Buffer.from('7fffffffffffffff', 'hex'), 0xa1, 'w');
  assert.deepEqual(outcome(frame), { type: 'custom', messageType: 'mine', data: 2n ** 63n - 1n });
});

test('nesting is read as deep as Python can write it, and is broken beyond', () => {
  const nested = (levels: number): Uint8Array => bytes(0x93, 0xa4, 'mine', Buffer.alloc(levels, 0x91), 0xc0, 0xa1, 'w');
  assert.equal(outcome(nested(510)) instanceof BrokenFrameError, false);
  assert.match(reasonOf(nested(600)), /nested/);
  assert.match(reasonOf(nested(15_000_000)), /nested/);
});

test('lengths that a few bytes claim reserve no memory', () => {
  const huge = [0xdd, 0xff, 0xff, 0xff, 0xff];
  for (const head of [0xdd, 0xdf, 0xdb, 0xc6, 0xc9]) {
    assert.match(reasonOf(bytes(0x93, head, 0xff, 0xff, 0xff, 0xff, 1)), /in the middle/);
  }
  const bomb = Buffer.alloc(5 * 500);
  for (let at = 0; at < bomb.length; at += 5) bomb.set([0xdd, 0x00, 0x80, 0x00, 0x00], at);
  assert.match(reasonOf(bytes(0x93, 0xa1, 'x', bomb, Buffer.alloc(9_000_000, 0xc0))), /in the middle|values/);
  assert.match(reasonOf(Buffer.from(huge)), /in the middle/);
});

test('a frame that is too big, or has too many values, is refused before it is decoded', () => {
  assert.match(reasonOf(new Uint8Array(16 * 1024 * 1024 + 1)), /too many/);
  const many = bytes(0x93, 0xa4, 'mine', 0xdd, 0x00, 0x2d, 0xc6, 0xc0, Buffer.alloc(3_000_000, 0x80), 0xa1, 'w');
  assert.match(reasonOf(many), /more than 2000000 values/);
});

test('bytes of a custom message stay what they are when the frame is reused', () => {
  const frame = order('mine', Buffer.from([1, 2, 3]));
  const result = outcome(frame);
  frame.fill(0);
  assert.deepEqual(result, { type: 'custom', messageType: 'mine', data: Uint8Array.of(1, 2, 3) });
});
