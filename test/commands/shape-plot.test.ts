import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { durationText, plotOf } from '../../src/commands/shape-plot.ts';
import { tableOf } from '../../src/commands/shape-table.ts';
import { curveOf } from '../../src/runner/curve.ts';
import type { ShapeStage } from '../../src/user/shape.ts';

const plain = { width: 40, isColoured: false };
const upAndDown: readonly ShapeStage[] = [
  { until: 60, users: 40, spawnRate: 1 },
  { until: 80, users: 10, spawnRate: 30 },
];

test('users are shown over time with their ramps, not only as they were wanted', () => {
  assert.deepEqual(plotOf(curveOf(upAndDown).points, plain), [
    ' users',
    '    40 ┤              ▂██████████',
    '       │             ▄███████████',
    '       │            ▆████████████',
    '    30 ┤          ▂██████████████',
    '       │         ▄███████████████',
    '       │        ▆████████████████',
    '    20 ┤      ▂██████████████████',
    '       │     ▄███████████████████',
    '       │    ▆████████████████████',
    '    10 ┤  ▂█████████████████████████████',
    '       │ ▄██████████████████████████████',
    '       │▆███████████████████████████████',
    '     0 └┴───────────┴───────────┴───────',
    '        0s         30s         1m   time',
  ]);
});

test('a spike of seconds in hours is seen, and a single user among thousands', () => {
  const { points } = curveOf([
    { until: 3600, users: 1, spawnRate: 1 },
    { until: 3605, users: 2000, spawnRate: 2000 },
    { until: 9000, users: 1, spawnRate: 2000 },
  ]);
  const [, top = '', ...rest] = plotOf(points, plain);
  assert.equal(top.trimEnd(), `  2000 ┤${' '.repeat(12)}█`);
  assert.equal(rest.at(-3), `       │${'▁'.repeat(12)}█${'▁'.repeat(19)}`);
});

test('colour is only around the bars, and only if asked for', () => {
  const lines = plotOf(curveOf(upAndDown).points, { ...plain, isColoured: true });
  const bare = lines.map((line) => line.replace('\x1b[36m', '').replace('\x1b[39m', ''));
  assert.deepEqual(bare, plotOf(curveOf(upAndDown).points, plain));
  assert.equal(lines.filter((line) => line.includes('\x1b[36m')).length, 12);
});

test('whatever the shape and the terminal, the plot fits, and its labels are in order', () => {
  const stage = fc.record({
    duration: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
    users: fc.nat({ max: 1e7 }),
    spawnRate: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(stage, { minLength: 1, maxLength: 8 }), fc.integer({ min: 40, max: 250 }), (table, width) => {
      let until = 0;
      const stages = table.map(({ duration, ...rest }) => {
        until += duration;
        return { until, ...rest };
      });
      const lines = plotOf(curveOf(stages).points, { width, isColoured: false });
      for (const line of lines) assert.ok(line.length <= width, `${line.length} of ${width}: ${line}`);
      assert.ok(lines.length >= 8 && lines.length <= 20, `${lines.length} lines`);
      const labels = lines.flatMap((line) => /^ *(\d+) [┤└]/.exec(line)?.[1] ?? []).map(Number);
      assert.deepEqual(
        labels,
        labels.toSorted((a, b) => b - a),
      );
      assert.equal(labels.at(-1), 0);
      assert.match(lines.at(-1) ?? '', /^ +0s/);
    }),
    { numRuns: 200 },
  );
});

test('times are written as Locust writes run times', () => {
  const texts = [0, 0.5, 2.25, 59.9999, 60, 90, 3600, 3661, 86_400].map(durationText);
  assert.deepEqual(texts, ['0s', '0.5s', '2.25s', '1m', '1m', '1m30s', '1h', '1h1m1s', '24h']);
});

test('the table has a line for each stage', () => {
  assert.deepEqual(tableOf(upAndDown, []), [
    'stage  from  until  users  spawn rate',
    '    1    0s     1m     40         1/s',
    '    2    1m  1m20s     10        30/s',
  ]);
});

test('the table names classes if a stage does', () => {
  const [first, last] = upAndDown;
  const stages = [{ until: 60, users: 40, spawnRate: 1 }, { ...last, userClasses: ['A', 'B'] } as ShapeStage];
  assert.ok(first);
  assert.deepEqual(tableOf(stages, []), [
    'stage  from  until  users  spawn rate  adds users of',
    '    1    0s     1m     40         1/s  all classes',
    '    2    1m  1m20s     10        30/s  A, B',
  ]);
});

test('of a table with hundreds of stages the first forty are shown', () => {
  const many = Array.from({ length: 100 }, (_, place) => ({ until: place + 1, users: place, spawnRate: 1 }));
  const lines = tableOf(many, []);
  assert.deepEqual([lines.length, lines.at(-1)], [42, '… and 60 more; --json gives them all']);
});

test('stages that are too short are told of under the table', () => {
  assert.equal(
    tableOf(upAndDown, [0, 1]).slice(4).join('\n'),
    `Too short for its spawn rate: stage 1, 2. A Locust master finishes a ramp before it looks at the shape again,
so it may miss what comes next. Give the stage more time, or a higher spawn rate.`,
  );
});
