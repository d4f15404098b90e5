// Best mark and knee on systems whose capacity is known: right in at least 95 of 100 seeds each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestMark } from '../../src/study/best-mark.ts';
import { type Knee, kneeOf } from '../../src/study/knee.ts';
import { levelsOf } from '../../src/study/level.ts';
import { type SimulatedSystem, simulate } from './simulated.ts';

const seeds = 100;
const seconds = 30;
const usualRepeats = 3;

const grid = [1, 2, 5, 10, 20, 50];
const limits = { failRatio: 0.01 };

function levelsWith(
  system: SimulatedSystem,
  users: readonly number[],
  seed: number,
  repeats = usualRepeats,
): ReturnType<typeof levelsOf> {
  const marks = users.flatMap((count) =>
    Array.from({ length: repeats }, (_, at) => simulate(system, { users: count, seconds, seed, repeat: at + 1 })),
  );
  return levelsOf(marks, 1);
}

/** The highest rps of the grid, from a run that is long enough to be called the truth. */
function truth(system: SimulatedSystem, users: readonly number[]): number {
  const quiet = { ...system, noise: 0 };
  return Math.max(...users.map((count) => simulate(quiet, { users: count, seconds: 4000, seed: 1 }).rps));
}

function isWithinAStep(knee: Knee, users: readonly number[], known: number): boolean {
  if (!knee.isReached) return false;
  const near = users.reduce((best, count) =>
    Math.abs(Math.log(count / known)) < Math.abs(Math.log(best / known)) ? count : best,
  );
  return Math.abs(users.indexOf(knee.users) - users.indexOf(near)) <= 1;
}

interface Case {
  readonly system: SimulatedSystem;
  /** Where the line of light load meets the capacity, by the asymptotes of queueing theory. */
  readonly knee: number;
  readonly users?: readonly number[];
  readonly repeats?: number;
}

const cases: Readonly<Record<string, Case>> = {
  'three servers behind a shared stage that is wide enough': {
    system: {
      wait: 0.4,
      stages: [
        { servers: 1, seconds: 0.01 },
        { servers: 3, seconds: 0.1 },
      ],
    },
    knee: (0.4 + 0.01 + 0.1) * 30,
  },
  'five servers behind a shared stage that is too narrow': {
    system: {
      wait: 0.4,
      stages: [
        { servers: 1, seconds: 0.04 },
        { servers: 5, seconds: 0.1 },
      ],
    },
    knee: (0.4 + 0.04 + 0.1) * 25,
  },
  'one server, users that do not wait': {
    system: { wait: 0, stages: [{ servers: 1, seconds: 0.02 }] },
    knee: 1,
  },
  'a lock that all hold for a while': {
    system: {
      wait: 0.05,
      stages: [
        { servers: Number.POSITIVE_INFINITY, seconds: 0.1 },
        { servers: 1, seconds: 0.03 },
      ],
    },
    knee: 0.18 / 0.03,
  },
  'a memory cliff beyond 20 users': {
    system: { wait: 0.5, stages: [{ servers: 30, seconds: 0.1 }], cliff: { users: 20, factor: 12 } },
    knee: 20,
    users: [1, 2, 5, 10, 20, 50, 100],
  },
  'a noisy one: whole marks are off by 5 %': {
    system: { wait: 0.3, stages: [{ servers: 2, seconds: 0.08 }], noise: 0.05 },
    knee: 0.38 * 25,
    users: [1, 2, 5, 10, 20, 50, 100],
    // what repeats are for
    repeats: 5,
  },
  'a finer grid': {
    system: { wait: 0.3, stages: [{ servers: 2, seconds: 0.08 }] },
    knee: 0.38 * 25,
    users: [1, 2, 4, 7, 10, 14, 20, 30],
  },
};

for (const [name, { system, knee, users = grid, repeats }] of Object.entries(cases)) {
  test(`best mark and knee: ${name}`, () => {
    const known = truth(system, users);
    let goodMarks = 0;
    let goodKnees = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const levels = levelsWith(system, users, seed, repeats);
      if (Math.abs((bestMark(levels, limits)?.rps ?? 0) / known - 1) <= 0.05) goodMarks++;
      if (isWithinAStep(kneeOf(levels), users, knee)) goodKnees++;
    }
    assert.ok(goodMarks >= 95, `best mark within 5 % of ${known.toFixed(1)} rps in ${goodMarks} of ${seeds}`);
    assert.ok(goodKnees >= 95, `knee within a step of ${knee.toFixed(1)} users in ${goodKnees} of ${seeds}`);
  });
}

for (const noise of [0, 0.05]) {
  test(`a system without limits has no knee, with noise of ${noise}`, () => {
    const system = { wait: 0.5, stages: [{ servers: Number.POSITIVE_INFINITY, seconds: 0.1 }], noise };
    const known = truth(system, [50]);
    let without = 0;
    let goodMarks = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const levels = levelsWith(system, grid, seed);
      const found = kneeOf(levels);
      if (!found.isReached && /still grew/.test(found.reason)) without++;
      if (Math.abs((bestMark(levels, limits)?.rps ?? 0) / known - 1) <= 0.05) goodMarks++;
    }
    assert.ok(without >= 95, `no knee in ${without} of ${seeds}`);
    assert.ok(goodMarks >= 95, `best mark in ${goodMarks} of ${seeds}`);
  });
}
