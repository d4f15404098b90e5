import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveOf, usersAt } from '../../src/runner/curve.ts';

test('users come at the spawn rate, stay, and go', () => {
  const { points, cut } = curveOf([
    { until: 20, users: 30, spawnRate: 3 },
    { until: 40, users: 10, spawnRate: 5 },
    { until: 50, users: 10, spawnRate: 1 },
  ]);
  assert.deepEqual(points, [
    { time: 0, users: 0 },
    { time: 10, users: 30 },
    { time: 20, users: 30 },
    { time: 24, users: 10 },
    { time: 40, users: 10 },
    { time: 50, users: 10 },
  ]);
  assert.deepEqual(cut, []);
});

test('a stage that ends before its users run is told, and the next one begins with those that do', () => {
  const { points, cut } = curveOf([
    { until: 5, users: 100, spawnRate: 2 },
    { until: 9, users: 0, spawnRate: 2 },
    { until: 12, users: 8, spawnRate: 2 },
  ]);
  assert.deepEqual(points, [
    { time: 0, users: 0 },
    { time: 5, users: 10 },
    { time: 9, users: 2 },
    { time: 12, users: 8 },
  ]);
  assert.deepEqual(cut, [0, 1]);
});

test('between two points users are on their line; before the end somebody, then nobody', () => {
  const { points } = curveOf([{ until: 20, users: 30, spawnRate: 3 }]);
  const at = [0, 1, 9, 10, 15, 19.9, 20, 99].map((time) => usersAt(points, time));
  assert.deepEqual(at, [0, 3, 27, 30, 30, 30, 0, 0]);
});
