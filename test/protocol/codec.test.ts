import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.ts';
import { decodeMessage, encodeMessage } from '../../src/protocol/codec.ts';
import { BrokenFrameError } from '../../src/protocol/message.ts';
import { sentData } from './sent-data.ts';
import { entry, report } from './worker-messages.ts';

test('what listeners added to a report is sent, but never in place of what Locust reads', () => {
  const sent = sentData({ ...report, extra: { region: 'eu', user_count: 'many', stats: null, later: undefined } });
  assert.equal(sent.region, 'eu');
  assert.equal(sent.user_count, 40003);
  assert.ok(Array.isArray(sent.stats));
  assert.equal('later' in sent, false);
});

test('numbers that are no JSON are never sent', () => {
  const odd = entry({
    numRequests: Number.NaN,
    totalResponseTime: Number.POSITIVE_INFINITY,
    minResponseTime: Number.NaN,
    startTime: Number.NaN,
    lastRequestTimestamp: Number.NEGATIVE_INFINITY,
    responseTimes: new Map([[10, 1.5]]),
  });
  const sent = sentData({ ...report, stats: { entries: [], total: odd, errors: [] } });
  assert.deepEqual(sent.stats_total, {
    name: '/',
    method: 'GET',
    last_request_timestamp: null,
    start_time: 0,
    num_requests: 0,
    num_none_requests: 0,
    num_failures: 0,
    total_response_time: 0,
    max_response_time: 0,
    min_response_time: null,
    total_content_length: 0,
    response_times: { 10: 2 },
    num_reqs_per_sec: {},
    num_fail_per_sec: {},
  });
});

test('a bucket of a tenth of a millisecond is sent as a float, a whole one as an integer', () => {
  const responseTimes = new Map([
    [0, 1],
    [0.3, 2],
    [12, 3],
    [99.9, 4],
    [1230, 5],
  ]);
  const total = entry({ responseTimes });
  const frame = encodeMessage({ ...report, stats: { entries: [], total, errors: [] } }, 'w');
  const text = Buffer.from(frame).toString('hex');
  const key = Buffer.from('response_times').toString('hex');
  const tenth = (value: number): string => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return `cb${bytes.toString('hex')}`;
  };
  assert.ok(text.includes(`${key}85` + `0001${tenth(0.3)}020c03${tenth(99.9)}04cd04ce05`), text);
});

test('half a surrogate pair becomes valid UTF-8', () => {
  const frame = encodeMessage(
    { type: 'exception', message: '🦀'.slice(0, 1), traceback: `${'x'.repeat(300)}\udc00` },
    'w',
  );
  assert.deepEqual(decode(frame), ['exception', { msg: '\ufffd', traceback: `${'x'.repeat(300)}\ufffd` }, 'w']);
});

test('a user class whose name would end the listener of the master is refused', () => {
  const counts = new Map([['__datetime__', 1]]);
  assert.throws(
    () => encodeMessage({ type: 'spawningComplete', userClassesCount: counts, userCount: 1 }, 'w'),
    (error) => error instanceof UsageError && error.message.includes('__datetime__'),
  );
});

test("a custom message cannot take the name of one of Locust's own", () => {
  for (const messageType of ['heartbeat', 'stats', 'quit', 'client_ready', 'locustfile', 'exception']) {
    assert.throws(() => encodeMessage({ type: 'custom', messageType, data: null }, 'w'), UsageError);
  }
});

test('a round trip through the master changes nothing but what Python has no word for', () => {
  const data = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.maxSafeInteger(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(tie('value')),
      fc.dictionary(
        fc.string().filter((key) => !key.startsWith('__')),
        tie('value'),
        { noNullPrototype: true },
      ),
    ),
  })).value;
  fc.assert(
    fc.property(data, (value) => {
      const frame = encodeMessage({ type: 'custom', messageType: 'echo', data: value }, 'w');
      assert.deepEqual(decodeMessage(frame), { type: 'custom', messageType: 'echo', data: value });
    }),
    { numRuns: 500 },
  );
});

test('the library reads every number, text and list as it was written', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true }), fc.string())), (data) => {
      const frame = encodeMessage({ type: 'custom', messageType: 'echo', data }, 'w');
      const expected = data.map((item) => (typeof item === 'number' && !Number.isFinite(item) ? null : item));
      // Python has no -0 among its integers.
      assert.deepEqual(decode(frame), ['echo', expected.map((item) => (item === 0 ? 0 : item)), 'w']);
    }),
  );
});

test('maps of any class names and buckets keep integer keys, order and size', () => {
  const histogram = fc.uniqueArray(fc.tuple(fc.nat({ max: 2 ** 31 }), fc.nat()), {
    selector: ([key]) => key,
    maxLength: 400,
  });
  fc.assert(
    fc.property(histogram, (pairs) => {
      const total = entry({ responseTimes: new Map(pairs) });
      const frame = encodeMessage({ ...report, stats: { entries: [], total, errors: [] } }, 'w');
      const keys: unknown[] = [];
      decode(frame, {
        mapKeyConverter: (key) => {
          if (typeof key === 'number') keys.push(key);
          return String(key);
        },
      });
      assert.deepEqual(
        keys,
        pairs.map(([key]) => key),
      );
    }),
  );
});

test('the reason tells which field of which order is broken', () => {
  const broken = encodeMessage({ type: 'custom', messageType: 'spawn', data: { timestamp: 'now' } }, 'w');
  assert.throws(
    () => decodeMessage(broken),
    (error) => error instanceof BrokenFrameError && error.message === 'spawn: timestamp is not a finite number',
  );
});
