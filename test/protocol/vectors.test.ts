import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage, encodeMessage } from '../../src/protocol/codec.ts';
import { golden, goldenFrame, goldenWorker } from './golden.ts';
import { sentData } from './sent-data.ts';
import { customData, messages, report } from './worker-messages.ts';

test('the vectors hold every message that a worker sends', () => {
  assert.deepEqual(Object.keys(golden.worker).sort(), Object.keys(messages).sort());
});

for (const [name, message] of Object.entries(messages)) {
  test(`${name} is written byte for byte as Python writes it`, () => {
    const expected = goldenFrame('worker', name);
    assert.equal(
      Buffer.from(encodeMessage(message, goldenWorker)).toString('hex'),
      Buffer.from(expected).toString('hex'),
    );
  });
}

test('the key of an error is that of Python, whatever its text', () => {
  for (const [error, key] of golden.errorKeys) {
    const errors = [{ name: '/a.b', method: 'GET', error, occurrences: 1, firstSeen: null, lastSeen: null }];
    const sent = sentData({ ...report, stats: { ...report.stats, errors } });
    assert.deepEqual(Object.keys(sent.errors ?? {}), [key], `for ${JSON.stringify(error)}`);
  }
});

test('the orders of a master of today are read', () => {
  assert.deepEqual(decodeMessage(goldenFrame('master', 'ack')), { type: 'ack', index: 4 });
  assert.deepEqual(decodeMessage(goldenFrame('master', 'spawningComplete')), {
    type: 'spawningComplete',
    userCount: 12,
  });
  for (const type of ['stop', 'quit', 'heartbeat', 'reconnect']) {
    assert.deepEqual(decodeMessage(goldenFrame('master', type)), { type });
  }
  assert.deepEqual(decodeMessage(goldenFrame('master', 'updateUserClass')), {
    type: 'updateUserClass',
    userClassName: 'ShopUser',
    attributes: new Map<string, unknown>([
      ['host', 'http://other'],
      ['weight', 7],
    ]),
    tasks: ['home', 'buy'],
  });
  assert.deepEqual(decodeMessage(goldenFrame('master', 'locustfile')), {
    type: 'custom',
    messageType: 'locustfile',
    data: { error: 'no' },
  });
});

test('a spawn of today is read, with all options of the master', () => {
  const order = decodeMessage(goldenFrame('master', 'spawn'));
  assert.ok(order.type === 'spawn');
  const { parsedOptions, ...rest } = order;
  assert.deepEqual(rest, {
    type: 'spawn',
    timestamp: 1795246983.7251806,
    userClassesCount: new Map([
      ['ShopUser', 3],
      ['RestUser', 0],
    ]),
    host: 'https://shop.example',
    stopTimeout: 0.5,
  });
  assert.deepEqual(parsedOptions.get('tags'), ['read', 'write']);
  assert.equal(parsedOptions.get('run_time'), 5400);
  assert.equal(parsedOptions.get('tenant'), 'ümlaut');
  const since = { __datetime__: true, as_str: '20260228T23:59:59.123456' };
  assert.deepEqual(parsedOptions.get('since'), since, 'no microsecond is lost');
});

test('what masters before 2.13 leave out has a meaning', () => {
  assert.deepEqual(decodeMessage(goldenFrame('master', 'ackOfOldMaster')), { type: 'ack', index: -1 });
  assert.deepEqual(decodeMessage(goldenFrame('master', 'spawnOfOldMaster')), {
    type: 'spawn',
    timestamp: 1795246983,
    userClassesCount: new Map([['A', 1]]),
    host: null,
    stopTimeout: 0,
    parsedOptions: new Map(),
  });
});

test('a custom message is read as its sender meant it', () => {
  const order = decodeMessage(goldenFrame('master', 'custom'));
  assert.ok(order.type === 'custom');
  assert.equal(order.messageType, 'order');
  assert.deepEqual(order.data, {
    ...customData,
    none: null,
    empty: [{}, [], '', new Uint8Array()],
    'by number': new Map([
      [1, 'one'],
      [2, 'two'],
    ]),
    at: { __datetime__: true, as_str: '20260131T23:59:58.123000' },
    set: ['a', 'b'],
  });
});
