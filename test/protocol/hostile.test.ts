import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { BrokenFrameError, type MasterMessage } from '../../src/protocol/message.ts';
import { golden, goldenFrame } from './golden.ts';
import { bytes, order, outcome } from './outcome.ts';

/** Whatever is accepted has to keep what its type promises. */
function assertSound(message: MasterMessage | BrokenFrameError): void {
  if (message instanceof BrokenFrameError) {
    assert.ok(message.message.length > 0);
    return;
  }
  switch (message.type) {
    case 'ack':
      assert.ok(Number.isSafeInteger(message.index) && message.index >= -1);
      break;
    case 'spawn':
      assert.ok(Number.isFinite(message.timestamp));
      assert.ok(Number.isFinite(message.stopTimeout) && message.stopTimeout >= 0);
      assert.ok(message.host === null || (typeof message.host === 'string' && message.host !== ''));
      assert.ok(message.parsedOptions instanceof Map && message.userClassesCount instanceof Map);
      for (const [name, count] of message.userClassesCount) {
        assert.ok(typeof name === 'string' && Number.isSafeInteger(count) && count >= 0 && count <= 1_000_000);
      }
      break;
    case 'spawningComplete':
      assert.ok(Number.isSafeInteger(message.userCount) && message.userCount >= 0);
      break;
    case 'updateUserClass':
      assert.equal(typeof message.userClassName, 'string');
      assert.ok(message.attributes instanceof Map);
      break;
    case 'custom':
      assert.equal(typeof message.messageType, 'string');
      break;
    default:
      assert.ok(['stop', 'quit', 'heartbeat', 'reconnect'].includes(message.type));
  }
}

const words = [
  'ack',
  'spawn',
  'spawning_complete',
  'stop',
  'quit',
  'heartbeat',
  'reconnect',
  'update_user_class',
  'mine',
];
const keys = fc.constantFrom(
  ...['timestamp', 'user_classes_count', 'host', 'stop_timeout', 'parsed_options', 'index', 'user_count'],
  ...[
    'user_class_name',
    'tasks',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__datetime__',
    'as_str',
    '',
  ],
);
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      '',
      0,
      -1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 31,
      2 ** 53,
      1e300,
    ),
    fc.double(),
    fc.integer(),
    fc.string(),
    fc.uint8Array({ maxLength: 20 }),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(keys, fc.string()), tie('value'), { maxKeys: 8, noNullPrototype: true }),
  ),
})).value;

test('bytes that nobody wrote give an order or a BrokenFrameError', () => {
  const frames = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(frames, (frame) => assertSound(outcome(frame))),
    { numRuns: 5000 },
  );
});

test('any msgpack value gives an order or a BrokenFrameError', () => {
  fc.assert(
    fc.property(anything, (value) => assertSound(outcome(encode(value)))),
    { numRuns: 2000 },
  );
});

test('any data under any type gives a sound order or a BrokenFrameError', () => {
  const types = fc.oneof(fc.constantFrom<unknown>(...words), anything);
  fc.assert(
    fc.property(types, anything, fc.oneof(fc.constant('w'), anything), (type, data, nodeId) => {
      assertSound(outcome(order(type, data, nodeId)));
    }),
    { numRuns: 5000 },
  );
});

test('any value in any field of an order gives a sound order or a BrokenFrameError', () => {
  const fields = fc.dictionary(keys, anything, { maxKeys: 9, noNullPrototype: true });
  const good = { timestamp: 1, user_classes_count: { A: 1 }, host: '', stop_timeout: 1, parsed_options: {}, index: 1 };
  fc.assert(
    fc.property(fc.constantFrom(...words), fields, (type, changes) => {
      assertSound(outcome(order(type, { ...good, user_class_name: 'A', user_count: 1, ...changes })));
    }),
    { numRuns: 5000 },
  );
});

test('a frame of a real master with some bytes changed, lost or added gives an order or a BrokenFrameError', () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    lost: fc.nat(3),
    put: fc.uint8Array({ maxLength: 3 }),
  });
  const names = fc.constantFrom(...Object.keys(golden.master));
  fc.assert(
    fc.property(names, fc.array(change, { minLength: 1, maxLength: 4 }), (name, changes) => {
      let frame = goldenFrame('master', name);
      for (const { at, lost, put } of changes) {
        const index = Math.floor(at * frame.length);
        frame = bytes(frame.subarray(0, index), put, frame.subarray(index + lost));
      }
      assertSound(outcome(frame));
    }),
    { numRuns: 5000 },
  );
});

test('a frame of a real master that ends early is broken', () => {
  for (const name of Object.keys(golden.master)) {
    const frame = goldenFrame('master', name);
    for (let length = 0; length < frame.length; length += 1) {
      assert.ok(outcome(frame.subarray(0, length)) instanceof BrokenFrameError, `${name} cut to ${length}`);
    }
  }
});
