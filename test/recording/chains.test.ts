import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainsOf } from '../../src/recording/chains.ts';

/** `first second times` … */
function followers(...rows: readonly (readonly [number, number, number])[]): Map<number, Map<number, number>> {
  const map = new Map<number, Map<number, number>>();
  for (const [first, second, times] of rows) map.set(first, (map.get(first) ?? new Map()).set(second, times));
  return map;
}

test('what nearly always follows is a sequence, as often as its rarest step', () => {
  const hits = new Map([
    [1, 100],
    [2, 98],
    [3, 95],
    [4, 500],
  ]);
  const chains = chainsOf(hits, followers([1, 2, 98], [2, 3, 93], [3, 4, 90], [4, 4, 400]));
  assert.deepEqual(chains, [{ ids: [1, 2, 3], times: 93 }]);
});

test('what follows in less than nine of ten cases is none', () => {
  assert.deepEqual(
    chainsOf(
      new Map([
        [1, 100],
        [2, 90],
      ]),
      followers([1, 2, 89]),
    ),
    [],
  );
});

test('what follows many others is none: a beacon after each page', () => {
  const hits = new Map([
    [1, 40],
    [2, 40],
    [3, 40],
    [9, 120],
  ]);
  assert.deepEqual(chainsOf(hits, followers([1, 9, 40], [2, 9, 40], [3, 9, 40])), []);
});

test('of two that lead to the same half of the time, the one that does more often', () => {
  const hits = new Map([
    [1, 50],
    [2, 52],
    [3, 100],
  ]);
  for (const rows of [
    [
      [1, 3, 50],
      [2, 3, 50],
    ],
    [
      [2, 3, 50],
      [1, 3, 50],
    ],
  ] as const) {
    assert.equal(chainsOf(hits, followers(...rows)).length, 1);
  }
});

test('circles, repetitions and what was seen a few times only are none', () => {
  assert.deepEqual(
    chainsOf(
      new Map([
        [1, 50],
        [2, 50],
      ]),
      followers([1, 2, 50], [2, 1, 49]),
    ),
    [],
  );
  assert.deepEqual(chainsOf(new Map([[1, 50]]), followers([1, 1, 50])), []);
  assert.deepEqual(
    chainsOf(
      new Map([
        [1, 4],
        [2, 4],
      ]),
      followers([1, 2, 4]),
    ),
    [],
  );
});

test('what is not in the file breaks a sequence', () => {
  assert.deepEqual(
    chainsOf(
      new Map([
        [1, 50],
        [3, 50],
      ]),
      followers([1, 2, 50], [2, 3, 50]),
    ),
    [],
  );
});
