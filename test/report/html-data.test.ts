import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { greatest, groupsOf, mean } from '../../src/report/html/groups.ts';
import { binsOf } from '../../src/report/html/page/bins.ts';
import { pageData } from '../../src/report/html/page-data.ts';
import { madeRun, madeStart } from './made-run.ts';

const second = (time: number): { time: number; seconds: number } => ({ time, seconds: 1 });

test('each sample is a point, and a gap in time is a point without values', () => {
  const run = madeRun();
  const { times, series } = pageData(run);
  assert.equal(times.length, run.samples.length + 1);
  const gap = series.requests.indexOf(null);
  assert.equal(times[gap], madeStart + 124.5, 'between the seconds 120 and 129');
  assert.equal(series.p95[gap], null);
  assert.deepEqual(
    series.requests.filter((value) => value !== null),
    run.samples.map(({ requestsPerSecond }) => requestsPerSecond),
  );
});

test('what was not measured is no value, in samples and in names', () => {
  const { series, names } = pageData(madeRun());
  assert.deepEqual(series.median.slice(0, 3), [null, null, null]);
  assert.deepEqual(names[1]?.history?.p95.slice(0, 3), [null, null, null]);
});

test('names come in the order of the table, all requests first', () => {
  const run = madeRun();
  const names = run.stats.entries.map(({ name }) => name).sort();
  assert.deepEqual(
    pageData(run).names.map(({ name }) => name),
    ['Aggregated', ...names],
  );
});

test('many names have fewer points each', () => {
  const data = pageData(madeRun({ names: 1000, samples: 2000 }));
  assert.equal(data.samplesPerPoint, 8);
  assert.ok(data.times.length > 1900, 'the whole run keeps its own');
  for (const { history } of data.names.slice(1)) assert.equal(history?.p95.length, data.nameTimes.length);
  assert.ok(data.nameTimes.length < 260);
});

test('remarks that name an instant of the run are marks', () => {
  const remarks = [
    'no time',
    'at 2026-09-21T14:13:25.500Z',
    'before 2026-09-21T14:13:19Z',
    'after 2027-01-01T00:00:00Z',
  ];
  assert.deepEqual(pageData(madeRun({ change: { remarks } })).marks, [
    { time: madeStart + 5.5, text: 'at 2026-09-21T14:13:25.500Z' },
  ]);
});

test('of many classes the largest are told apart, and the others are one', () => {
  const usersByClass = new Map(Array.from({ length: 12 }, (_, at) => [`User${at}`, at + 1]));
  const run = madeRun({ samples: 5 });
  const samples = run.samples.map((sample) => ({ ...sample, usersByClass }));
  const { classes } = pageData({ ...run, samples });
  assert.deepEqual(
    classes.map(({ name, users }) => [name, users[0]]),
    [...[6, 7, 8, 9, 10, 11].map((at) => [`User${at}`, at + 1]), ['6 other classes', 21]],
  );
});

test('groups hold every sample once, in order, and none reaches over a gap', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(1, 1, 1, 9), { maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      (steps, size) => {
        const samples = steps.map((_, at) => second(steps.slice(0, at + 1).reduce((sum, step) => sum + step, 0)));
        const groups = groupsOf(samples, size);
        const held = groups.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, at) => first + at));
        assert.deepEqual(held, [...samples.keys()]);
        const gaps = steps.slice(1).filter((step) => step > 1).length;
        assert.equal(groups.filter(({ first, end }) => first === end).length, gaps);
        for (const [at, group] of groups.entries()) {
          assert.ok(group.end - group.first <= size);
          assert.ok(group.time > (groups[at - 1]?.time ?? 0));
          const within = steps.slice(group.first + 1, group.end);
          assert.ok(
            within.every((step) => step === 1),
            'no gap within',
          );
        }
      },
    ),
  );
});

test('a group is the weighted mean, or the greatest, of what was measured', () => {
  const group = { first: 1, end: 4, time: 0 };
  assert.equal(
    mean([9, 1, null, 4, 9], group, (at) => at),
    (1 * 1 + 4 * 3) / 4,
  );
  assert.equal(greatest([9, 1, null, 4, 9], group), 4);
  assert.equal(
    mean([1, null, null, null], group, () => 1),
    null,
  );
  assert.equal(greatest([1, null, null, null], group), null);
});

test('bins of 100 ms hold each bucket from their edge on', () => {
  const { edges, counts } = binsOf([0, 99, 100, 250, 600], [1, 2, 3, 4, 5], 'linear');
  assert.deepEqual(edges, [0, 100, 200, 300, 400, 500, 600, 700]);
  assert.deepEqual(counts, [3, 3, 4, 0, 0, 0, 5]);
});

test('answers that are all fast get finer bins', () => {
  assert.equal(binsOf([120, 340], [1, 1], 'linear').edges[1], 10);
  assert.equal(binsOf([2, 34], [1, 1], 'linear').edges[1], 1);
});

test('no request is lost in bins of either scale', () => {
  const buckets = fc.uniqueArray(fc.oneof(fc.nat(100), fc.nat(60_000), fc.double({ min: 0, max: 9, noNaN: true })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(buckets, fc.constantFrom('linear' as const, 'log' as const), (found, scale) => {
      const sorted = found.sort((a, b) => a - b);
      const { edges, counts } = binsOf(
        sorted,
        sorted.map(() => 2),
        scale,
      );
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        sorted.length * 2,
      );
      assert.equal(edges.length, counts.length + 1);
      assert.ok((edges.at(-1) ?? 0) > (sorted.at(-1) ?? 0));
    }),
  );
});
