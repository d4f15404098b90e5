import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HTTPError } from '../../src/errors.ts';
import { Stats } from '../../src/stats/stats.ts';
import { Clock } from './clock.ts';

test('a row for each method and name, in the order of their first request', () => {
  const stats = new Stats();
  for (const [method, name] of [
    ['GET', '/'],
    ['POST', '/'],
    ['GET', '/a'],
    ['GET', '/'],
  ] as const) {
    stats.record(method, name, 1, 0);
  }
  assert.deepEqual(
    stats.drain().entries.map(({ method, name, numRequests }) => [method, name, numRequests]),
    [
      ['GET', '/', 2],
      ['GET', '/a', 1],
      ['POST', '/', 1],
    ],
  );
});

test('names that JavaScript knows are names like any other', () => {
  const stats = new Stats();
  stats.record('constructor', '__proto__', 1, 0, '__proto__');
  const { entries, errors } = stats.drain();
  assert.deepEqual(
    [...entries, ...errors].map(({ method, name }) => [method, name]),
    new Array(2).fill(['constructor', '__proto__']),
  );
});

test('times are epoch seconds, and requests are counted in the second in which they ended', (t) => {
  const clock = new Clock(t);
  const stats = new Stats();
  clock.pass(1250);
  stats.record('GET', '/', 5, 0);
  clock.pass(1000);
  stats.record('GET', '/', 5, 0, 'late');
  const [entry] = stats.drain().entries;
  assert.ok(entry);
  assert.deepEqual(
    [entry.startTime, entry.lastRequestTimestamp, [...entry.requestsPerSecond], [...entry.failuresPerSecond]],
    [
      1_700_000_001.25,
      1_700_000_002.25,
      [
        [1_700_000_001, 1],
        [1_700_000_002, 1],
      ],
      [[1_700_000_002, 1]],
    ],
  );
});

test('drained, it starts again from zero at the time of the drain', (t) => {
  const clock = new Clock(t);
  const stats = new Stats();
  stats.record('GET', '/', 5, 9, 'no');
  clock.pass(3000);
  stats.drain();
  const empty = stats.drain();
  assert.deepEqual([empty.entries, empty.errors, empty.total.numRequests], [[], [], 0]);
  assert.equal(empty.total.startTime, 1_700_000_003);
  clock.pass(500);
  stats.record('GET', '/', 7, 1);
  const [entry] = stats.drain().entries;
  assert.deepEqual(
    [entry?.startTime, entry?.numRequests, entry?.numFailures, entry?.totalContentLength, entry?.minResponseTime],
    [1_700_000_003, 1, 0, 1, 7],
  );
});

test('a wall clock that was set shows after the next drain', (t) => {
  const clock = new Clock(t);
  const stats = new Stats();
  clock.setWall(1_800_000_000);
  stats.drain();
  stats.record('GET', '/', 1, 0);
  assert.equal(stats.drain().total.lastRequestTimestamp, 1_800_000_000);
});

test('cleared, it forgets all, the names and their start too', (t) => {
  const clock = new Clock(t);
  const stats = new Stats();
  stats.record('GET', '/', 1, 0, 'no');
  clock.pass(2000);
  stats.clear();
  stats.record('GET', '/', 1, 0);
  const { entries, errors, total } = stats.drain();
  assert.deepEqual([total.startTime, errors.length], [1_700_000_002, 0]);
  assert.deepEqual([entries[0]?.startTime, entries[0]?.numRequests], [1_700_000_002, 1]);
});

test('a failure that Python calls false is a success', () => {
  const stats = new Stats();
  for (const nothing of ['', null, undefined, 0, false]) stats.record('GET', '/', 1, 0, nothing);
  const { entries, errors } = stats.drain();
  assert.deepEqual([entries[0]?.numRequests, entries[0]?.numFailures, errors], [5, 0, []]);
});

test('an error is told with its text, how often, when first and when last', (t) => {
  const clock = new Clock(t);
  const stats = new Stats();
  stats.record('GET', '/e', 1, 0, new HTTPError('500 Server Error: Internal Server Error for url: /e'));
  clock.pass(1500);
  stats.record('GET', '/e', 1, 0, new HTTPError('500 Server Error: Internal Server Error for url: /e'));
  stats.record('GET', '/e', 1, 0, `it's plain`);
  assert.deepEqual(stats.drain().errors, [
    {
      method: 'GET',
      name: '/e',
      error: "HTTPError('500 Server Error: Internal Server Error for url: /e')",
      occurrences: 2,
      firstSeen: 1_700_000_000,
      lastSeen: 1_700_000_001.5,
    },
    {
      method: 'GET',
      name: '/e',
      error: `it's plain`,
      occurrences: 1,
      firstSeen: 1_700_000_001.5,
      lastSeen: 1_700_000_001.5,
    },
  ]);
});

test('beyond 500 distinct texts each failure is still counted, under one text a name', () => {
  const stats = new Stats();
  for (let id = 0; id < 700; id++) stats.record('GET', '/', 1, 0, `no item ${id}`);
  for (let id = 0; id < 30; id++) stats.record('GET', '/other', 1, 0, `no item ${id}`);
  stats.record('GET', '/', 1, 0, 'no item 3');
  const { errors, total } = stats.drain();
  const occurrences = new Map(errors.map((error) => [`${error.name} ${error.error}`, error.occurrences]));
  const others = errors.filter(({ error }) => error.includes('more than 500'));
  assert.equal(errors.length, 502);
  assert.equal(occurrences.get('/ no item 3'), 2);
  assert.deepEqual(
    others.map(({ name, occurrences: count }) => [name, count]),
    [
      ['/', 200],
      ['/other', 30],
    ],
  );
  assert.equal(
    errors.reduce((sum, error) => sum + error.occurrences, 0),
    total.numFailures,
  );
});

test('after a drain there is room for 500 texts again', () => {
  const stats = new Stats();
  for (let id = 0; id < 600; id++) stats.record('GET', '/', 1, 0, `no item ${id}`);
  stats.drain();
  for (let id = 600; id < 1100; id++) stats.record('GET', '/', 1, 0, `no item ${id}`);
  const { errors } = stats.drain();
  assert.deepEqual([errors.length, errors.at(-1)?.error], [500, 'no item 1099']);
});
