import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Arguments, check, parser } from '../../src/commands/arguments.ts';
import { parsedOptions } from '../../src/commands/command-line.ts';
import { allFlags } from '../../src/commands/flags.ts';
import { planOf, type RunPlan } from '../../src/commands/run-plan.ts';
import { UsageError } from '../../src/errors.ts';
import { type LogRecord, setLogLevel, setLogSink } from '../../src/log.ts';
import type { ClassManifest, Manifest } from '../../src/swarm/manifest.ts';

const userClass = (name: string, more: Partial<ClassManifest> = {}): ClassManifest => ({
  ...{ name, host: null, weight: 1, fixedCount: 0, needsHost: false, tasks: [] },
  ...more,
});
const manifest: Manifest = {
  classes: [userClass('A', { weight: 3 }), userClass('B', { fixedCount: 2 }), userClass('Z', { weight: 0 })],
  options: {},
  shapes: new Map(),
  shapeClasses: [],
};
const shaped = { ...manifest, shapes: new Map([['wave', [{ until: 5, users: 3, spawnRate: 1 }]]]) };

function plan(argv: readonly string[], held: Manifest = manifest): RunPlan & { readonly log: LogRecord[] } {
  const log: LogRecord[] = [];
  setLogLevel('INFO');
  setLogSink((line) => log.push(line));
  const args = parser(argv, allFlags, {}).parseSync() as Arguments;
  check(args, allFlags);
  const pool = { manifest: held, tick: async () => undefined };
  return { ...planOf(pool, args, parsedOptions(args)), log };
}

const words = (line: string): string[] => (line === '' ? [] : line.split(' '));
const classesOf = (...argv: Parameters<typeof plan>): unknown[] =>
  plan(...argv).classes.map(({ name, weight, fixedCount }) => [name, weight, fixedCount]);

test('without flags one user runs until it is stopped', () => {
  const { users, spawnRate, runTime, resetStats, test: settings } = plan([]);
  assert.deepEqual([users, spawnRate, runTime, resetStats], [1, 1, undefined, false]);
  assert.deepEqual([settings.host, settings.stopTimeout], [null, 0]);
});

test('flags say how many, how fast, how long, where', () => {
  const line = '-u 7 -r 0.5 -t 1m30s -H http://x -s 5 --reset-stats --processes 2';
  const { users, spawnRate, runTime, resetStats, threads, test: settings } = plan(words(line));
  assert.deepEqual([users, spawnRate, runTime, resetStats, threads], [7, 0.5, 90, true, 2]);
  assert.deepEqual([settings.host, settings.stopTimeout, settings.parsedOptions.numUsers], ['http://x', 5, 7]);
});

test('an empty host is none: that of the classes holds, as in Locust', () => {
  assert.equal(plan(['-H', '']).test.host, null);
});

for (const [line, message] of [
  ['-u 1.5', '--users is 1.5; a whole number from 0 on is expected'],
  ['-u -1', '--users is -1; a whole number from 0 on is expected'],
  ['-r 0', '--spawn-rate is 0; a number above 0 is expected'],
] as const) {
  test(`${line} is refused`, () => {
    assert.throws(() => plan(words(line)), { name: 'UsageError', message });
  });
}

test('a class with the weight 0 has no users', () => {
  assert.deepEqual(classesOf([]), [
    ['A', 3, 0],
    ['B', 1, 2],
  ]);
});

test('classes that all have the weight 0 are nothing to run', () => {
  assert.throws(() => plan([], { ...manifest, classes: [userClass('Z', { weight: 0 })] }), UsageError);
});

test('--equal-weights makes all classes alike but those without weight, as in Locust', () => {
  assert.deepEqual(classesOf(['--equal-weights']), [
    ['A', 1, 0],
    ['B', 1, 2],
  ]);
});

test('--config-users changes classes before they run', () => {
  const text = '{"user_class_name": "A", "fixed_count": 4, "host": "http://a", "tasks": ["t"]}';
  const { classes, classSettings } = plan(['--config-users', text, '[{"user_class_name": "Z", "weight": 2}]']);
  assert.deepEqual(
    classes.map(({ name, weight, fixedCount }) => [name, weight, fixedCount]),
    [
      ['A', 3, 4],
      ['B', 1, 2],
      ['Z', 2, 0],
    ],
  );
  assert.deepEqual(Object.fromEntries(classSettings[0]?.attributes ?? []), { fixedCount: 4, host: 'http://a' });
  assert.deepEqual(classSettings[0]?.tasks, ['t']);
});

test('--config-users may name a file', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-plan-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'users.json'), '{"user_class_name": "A", "weight": 9}');
  assert.deepEqual(classesOf(['--config-users', join(folder, 'users.json')])[0], ['A', 9, 0]);
});

for (const [text, message] of [
  ['{"weight": 2}', /^--config-users must name the class/],
  ['{"user_class_name": "Q"}', /^--config-users names the class Q; the user file has A, B, Z$/],
  ['{nonsense', /^--config-users \{nonsense is neither JSON nor a file with it/],
  ['nowhere.json', /^--config-users nowhere\.json is neither JSON nor a file with it/],
  ['{"user_class_name": "A", "weight": "x"}', /^--config-users: weight of A is x; a number from 0 on is expected/],
] as const) {
  test(`--config-users ${text} is refused`, () => {
    assert.throws(() => plan(['--config-users', text]), { name: 'UsageError', message });
  });
}

test("flags of a master's are accepted, and one line says that they are of no effect", () => {
  const { log } = plan(
    words('-u 9 --expect-workers 4 --expect-workers-max-wait 10 --autostart --web-port 80 --class-picker'),
  );
  assert.equal(log.length, 1);
  const [names = ''] = (log[0]?.text ?? '').split(':');
  assert.deepEqual(names.split(', ').sort(), [
    '--autostart',
    '--class-picker',
    '--expect-workers',
    '--expect-workers-max-wait',
    '--web-port',
  ]);
});

test('more fixed users than users are told of, as in Locust', () => {
  const told = /^Total fixed_count of User classes \(2\) is greater than the specified number of users \(1\)/;
  assert.match(plan(words('-u 1')).log[0]?.text ?? '', told);
  assert.deepEqual(plan(words('-u 2')).log, []);
});

test('a load shape of the user file runs, and what it leaves without effect is told', () => {
  const { shape, log } = plan(words('-u 5 -r 2 -t 1m'), shaped);
  assert.equal(shape?.name, 'wave');
  assert.deepEqual(
    log.map(({ level, text }) => [level, text]),
    [['WARNING', '--users, --spawn-rate, --run-time: of no effect, for the load shape wave says how many users run']],
  );
});

test('a load shape that is not there is refused', () => {
  assert.throws(() => plan(words('--shape wav'), shaped), { name: 'UsageError', message: /is wave meant\?/ });
});
