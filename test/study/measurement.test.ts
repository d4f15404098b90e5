import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Reading } from '../../src/study/driver.ts';
import { disturbancesOf } from '../../src/study/gates.ts';
import { measuredOf } from '../../src/study/measurement.ts';
import { usualGates } from '../../src/study/settings.ts';

const worker = { id: 'a', state: 'running', users: 5, cpu: 10 };

function readingAt(time: number, given: Partial<Reading> = {}): Reading {
  return {
    ...{ time, state: 'running', users: 5, requests: 20 * time, failures: time, span: time, average: 50, median: 40 },
    ...{ p95: 90, p99: 99, recentRps: 20, recentMedian: 40, recentP95: 90, workers: [worker], lag: null },
    ...given,
  };
}

const steady = (seconds: number): readonly Reading[] => Array.from({ length: seconds + 1 }, (_, at) => readingAt(at));

/**
 * What a page that is up to 2 s old shows of workers that report each three seconds; `late` was on its way when the master
 * forgot all.
 */
function reported(rps: number, seconds: number, workers: readonly number[], late: number): readonly Reading[] {
  let page = 0;
  return Array.from({ length: seconds + 1 }, (_, at) => {
    if (at - page > 2) page = at;
    // The last report of each: before the reset for those that have told nothing since.
    const last = workers.map((phase) => Math.floor((page - phase) / 3) * 3 + phase);
    const counted = last.map((time, worker) => (rps / workers.length) * (time - ((workers[worker] ?? 0) - 3)));
    const isTold = last.some((time) => time > 0);
    const requests = isTold ? Math.round(counted.reduce((sum, count) => sum + count, 0) + late) : 0;
    return readingAt(at, { requests, span: isTold ? Math.max(...last) : 0 });
  });
}

test('rates are of requests by time', () => {
  const measured = measuredOf(steady(10), 0);
  assert.deepEqual(
    [measured?.rps, measured?.failuresPerSecond, measured?.requests, measured?.seconds],
    [20, 1, 180, 9],
  );
});

for (const [seconds, off] of [
  [36, 0.02],
  [12, 0.12],
] as const) {
  test(`rps is right after ${seconds} s, however reports come in, and whatever was on its way at the reset`, () => {
    const phases = fc.array(fc.double({ min: 0.1, max: 2.9, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(phases, fc.integer({ min: 0, max: 600 }), (workers, late) => {
        const measured = measuredOf(reported(200, seconds, workers, late), 3);
        assert.ok(Math.abs((measured?.rps ?? 0) / 200 - 1) < off, `${measured?.rps}`);
      }),
    );
  });
}

test('reports in lumps are no ups and downs', () => {
  const measured = measuredOf(reported(200, 36, [0.4, 1.9], 100), 3);
  assert.ok((measured?.rpsError ?? 100) < 2, `${measured?.rpsError}`);
});

test('too little to measure on is no measurement', () => {
  assert.equal(measuredOf([], 0), null);
  assert.equal(measuredOf([readingAt(1)], 0), null);
});

test('a steady mark in which all users ran is not disturbed', () => {
  assert.deepEqual(disturbancesOf(steady(10), 5, usualGates), []);
});

test('what went wrong is told with its figure', () => {
  const cases: readonly (readonly [(reading: Reading) => Partial<Reading>, RegExp])[] = [
    [({ time }) => (time > 5 ? { workers: [] } : {}), /1 worker left .*\(a\)/],
    [({ time }) => (time > 5 ? { workers: [{ ...worker, state: 'missing' }] } : {}), /1 worker left/],
    [({ time }) => (time > 5 ? { workers: [worker, { ...worker, id: 'b' }] } : {}), /1 worker came .*\(b\)/],
    [() => ({ workers: [{ ...worker, cpu: 99 }] }), /more than 90 % CPU for 100 % of the time, up to 99 %/],
    [() => ({ lag: 800 }), /loop was up to 800 ms late/],
    [({ time }) => (time > 2 ? { users: 3 } : {}), /3 to 5 users ran where 5 were wanted/],
    [() => ({ requests: 0 }), /only 0 requests between/],
    [({ time }) => ({ requests: time > 8 ? 500 : 0 }), /only 0 requests between/],
  ];
  for (const [change, pattern] of cases) {
    const readings = steady(10).map((reading) => ({ ...reading, ...change(reading) }));
    const texts = disturbancesOf(readings, 5, usualGates).map(({ text }) => text);
    assert.equal(texts.length, 1, texts.join());
    assert.match(texts[0] ?? '', pattern);
  }
  assert.match(
    disturbancesOf(steady(10), 5, { ...usualGates, workers: 2 })[0]?.text ?? '',
    /1 worker where 2 are wanted/,
  );
});

test('many workers, for an hour, are no trouble', () => {
  const workers = Array.from({ length: 100 }, (_, at) => ({ ...worker, id: `w${at}`, cpu: at }));
  const measured = measuredOf(
    steady(3600).map((reading) => ({ ...reading, workers })),
    0,
  );
  assert.deepEqual([measured?.workers, measured?.cpu, measured?.rps], [100, 99, 20]);
});

test('statistics that somebody reset meanwhile are told of', () => {
  const readings = steady(20).map((reading) => (reading.time < 10 ? reading : { ...reading, requests: reading.time }));
  assert.match(disturbancesOf(readings, 5, usualGates)[0]?.text ?? '', /^somebody reset the statistics/);
});
