import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { type LogRecord, setLogSink } from '../../src/log.ts';
import { Handshake } from '../../src/runner/handshake.ts';

let now = 0;
let asked: number[] = [];
let warnings: LogRecord[] = [];

beforeEach(() => {
  now = 0;
  asked = [];
  warnings = [];
  setLogSink((record) => warnings.push(record));
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(performance, 'now', () => now * 1000);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function pass(seconds: number): void {
  for (let step = 0; step < seconds * 2; step++) {
    now += 0.5;
    mock.timers.tick(500);
  }
}

const make = (maxConnectTime?: number): Handshake =>
  new Handshake({ master: 'host:5557', maxConnectTime }, () => asked.push(now));

test('the master is asked at once, then every five seconds', () => {
  void make().begin();
  pass(21);
  assert.deepEqual(asked, [0, 5, 10, 15, 20]);
});

test('after a minute the pauses grow, up to half a minute, and it never ends', () => {
  void make().begin();
  pass(600);
  const pauses = asked.map((time, at) => time - (asked[at - 1] ?? 0)).slice(1);
  assert.deepEqual(pauses.slice(0, 18), [...new Array(12).fill(5), 10, 15, 20, 25, 30, 30]);
  assert.equal(Math.max(...pauses), 30);
});

test('it is over when the master acknowledges', async () => {
  const handshake = make();
  const begun = handshake.begin();
  pass(7);
  handshake.acknowledged();
  assert.equal(await begun, undefined);
  pass(60);
  assert.deepEqual(asked, [0, 5]);
});

test('each try but the first is told, with the master’s address', () => {
  void make().begin();
  assert.equal(warnings.length, 0);
  pass(10);
  assert.deepEqual(
    warnings.map(({ text }) => text),
    [2, 3].map((count) => `no answer from the master at host:5557 yet, try ${count}; is it there? Trying on`),
  );
});

test('it is given up when the first acknowledgement does not come in the time given', async () => {
  const begun = make(7).begin();
  pass(7);
  assert.equal(await begun, 'no master at host:5557 answered within 7 s (--max-connect-time); is it there?');
  pass(60);
  assert.deepEqual(asked, [0, 5]);
});

test('a worker that was acknowledged once is never given up', async () => {
  const handshake = make(3);
  void handshake.begin();
  handshake.acknowledged();
  void handshake.begin();
  pass(31);
  assert.deepEqual(asked, [0, 0, 5, 10, 15, 20, 25, 30]);
});

test('an end resolves it without a reason', async () => {
  const handshake = make(7);
  const begun = handshake.begin();
  handshake.end();
  assert.equal(await begun, undefined);
  pass(60);
  assert.deepEqual(asked, [0]);
});

test('beginning anew ends what was begun before', async () => {
  const handshake = make();
  const first = handshake.begin();
  pass(3);
  void handshake.begin();
  assert.equal(await first, undefined);
  pass(5);
  assert.deepEqual(asked, [0, 3, 8]);
});
