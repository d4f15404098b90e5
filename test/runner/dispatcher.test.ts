import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type DispatchClass, Dispatcher } from '../../src/runner/dispatcher.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { run } from '../tools/run.ts';

/** What is asked of both dispatchers: the classes, then one ramp after the other. */
interface Case {
  readonly classes: readonly (readonly [name: string, weight: number, fixedCount: number])[];
  readonly cycles: readonly (readonly [target: number, rate: number, classNames: readonly string[] | null])[];
  /** A ramp that takes more steps is left for the next one. */
  readonly atMost: number;
}

/** The counts after each step of each ramp, and the seconds between two. */
type Ramps = readonly { readonly steps: readonly Readonly<Record<string, number>>[]; readonly pause: number }[];

const dispatcherOf = (classes: Case['classes']): Dispatcher =>
  new Dispatcher(classes.map(([name, weight, fixedCount]) => ({ name, weight, fixedCount })));

function rampsOf({ classes, cycles, atMost }: Case): Ramps {
  const dispatcher = dispatcherOf(classes);
  return cycles.map(([target, rate, names]) => {
    dispatcher.aim(target, rate, names ?? undefined);
    const { pause } = dispatcher;
    // Locust has one step without a change where there is nothing to do.
    const steps = dispatcher.isDone ? [Object.fromEntries(dispatcher.counts)] : [];
    while (!dispatcher.isDone && steps.length < atMost) steps.push(Object.fromEntries(dispatcher.step()));
    return { steps, pause };
  });
}

/** The classes in the order of their start, one a step. */
function orderOf(classes: readonly DispatchClass[], users: number): string {
  const dispatcher = new Dispatcher(classes);
  dispatcher.aim(users, 1);
  let before = dispatcher.counts;
  let order = '';
  while (!dispatcher.isDone) {
    const now = dispatcher.step();
    for (const [name, count] of now) if (count > (before.get(name) ?? 0)) order += name;
    before = now;
  }
  return order;
}

const weight = fc.oneof(fc.integer({ min: 0, max: 10 }), fc.double({ min: 0.01, max: 100, noNaN: true }));
const classNames = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'Zed', 'aa', 'AB', 'x1'), { minLength: 1 });
const fixedCount = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 7 }) },
);
const rate = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.05, max: 30, noNaN: true }));
const cases: fc.Arbitrary<Case> = classNames.chain((names) => {
  const some = fc.option(fc.subarray(names, { minLength: 1 }), { freq: 3 });
  const classes = fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), weight, fixedCount)));
  const cycles = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), rate, some), { minLength: 1, maxLength: 5 });
  return fc.tuple(classes, cycles, fc.integer({ min: 1, max: 30 })).map(([all, ramps, cut]): Case => {
    // Left in mid-ramp with nobody to start, Locust ends its next ramp after one step.
    const isEndless = all.every(([, heavy, fixed]) => heavy > 0 && fixed === 0);
    return { classes: all, cycles: ramps, atMost: isEndless ? cut : 10_000 };
  });
});

test("the same steps as Locust's own dispatcher, over many weights, fixed counts, rates and ramps", async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const samples = fc.sample(cases, { numRuns: 600, seed: 20_26 });
  const folder = await mkdtemp(join(tmpdir(), 'katydid-dispatch-'));
  t.after(() => rm(folder, { recursive: true }));
  const [file, answers] = [join(folder, 'cases'), join(folder, 'answers')];
  await writeFile(file, samples.map((sample) => JSON.stringify(sample)).join('\n'));
  const script = fileURLToPath(new URL('dispatch.py', import.meta.url));
  await run(locust.python, [script, file, answers]);
  const printed = (await readFile(answers, 'utf8')).trim().split('\n');
  assert.equal(printed.length, samples.length);
  let steps = 0;
  for (const [at, sample] of samples.entries()) {
    const expected = JSON.parse(printed[at] ?? '') as Ramps;
    assert.deepEqual(rampsOf(sample), expected, JSON.stringify(sample));
    steps += expected.reduce((sum, ramp) => sum + ramp.steps.length, 0);
  }
  t.diagnostic(`${samples.length} cases, ${steps} steps`);
});

test('5 A and 1 B come as AABAAAAABAAA', () => {
  const classes = [
    { name: 'B', weight: 1, fixedCount: 0 },
    { name: 'A', weight: 5, fixedCount: 0 },
  ];
  assert.equal(orderOf(classes, 12), 'AABAAAAABAAA');
});

test('fixed counts come first, and again when one of them went', () => {
  const dispatcher = dispatcherOf([
    ['A', 1, 0],
    ['F', 1, 2],
  ]);
  dispatcher.aim(3, 100);
  assert.deepEqual(Object.fromEntries(dispatcher.step()), { A: 1, F: 2 });
  dispatcher.aim(1, 100);
  assert.deepEqual(Object.fromEntries(dispatcher.step()), { A: 0, F: 1 });
  dispatcher.aim(2, 100);
  assert.deepEqual(Object.fromEntries(dispatcher.step()), { A: 0, F: 2 });
});

test('a rate below one starts one user a step, with a longer pause', () => {
  const dispatcher = dispatcherOf([['A', 1, 0]]);
  dispatcher.aim(2, 0.25);
  assert.deepEqual([dispatcher.pause, Object.fromEntries(dispatcher.step()), dispatcher.isDone], [4, { A: 1 }, false]);
});

test('with fixed counts only, no more users are started than they are', () => {
  const dispatcher = dispatcherOf([['F', 1, 2]]);
  dispatcher.aim(5, 1);
  let steps = 0;
  while (!dispatcher.isDone) {
    dispatcher.step();
    steps++;
  }
  assert.deepEqual([Object.fromEntries(dispatcher.counts), steps], [{ F: 2 }, 3]);
});

test('the numbers are always within the target, whatever was aimed for', () => {
  fc.assert(
    fc.property(cases, ({ classes, cycles }) => {
      const dispatcher = dispatcherOf(classes);
      for (const [target, perSecond, names] of cycles) {
        const before = [...dispatcher.counts.values()].reduce((sum, count) => sum + count, 0);
        dispatcher.aim(target, perSecond, names ?? undefined);
        while (!dispatcher.isDone) {
          const counts = [...dispatcher.step().values()];
          const sum = counts.reduce((total, count) => total + count, 0);
          assert.ok(counts.every((count) => count >= 0) && sum >= Math.min(before, target));
          assert.ok(sum <= Math.max(before, target));
        }
      }
    }),
  );
});
