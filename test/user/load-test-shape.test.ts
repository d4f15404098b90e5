import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../src/index.ts';
import { LoadTestShape, type ShapeTick, tellShape } from '../../src/user/load-test-shape.ts';

class Rising extends LoadTestShape {
  override tick(): ShapeTick | null {
    return this.runTime >= 10 ? null : { users: this.userCount + 1, spawnRate: 1 };
  }
}
const rising = (): Rising => new Rising({} as Environment);

test('a shape knows the time of the run and how many users run', () => {
  const shape = rising();
  tellShape(shape, 9.5, 4);
  assert.deepEqual([shape.runTime, shape.userCount, shape.tick()], [9.5, 4, { users: 5, spawnRate: 1 }]);
  tellShape(shape, 10, 5);
  assert.equal(shape.tick(), null);
});

test('resetTime lets the time begin anew', () => {
  const shape = rising();
  tellShape(shape, 12, 4);
  shape.resetTime();
  assert.equal(shape.runTime, 0);
  tellShape(shape, 15, 4);
  assert.equal(shape.runTime, 3);
});

test('in the next run a reset of the last one is forgotten', () => {
  const shape = rising();
  tellShape(shape, 12, 4);
  shape.resetTime();
  tellShape(shape, 1, 0);
  assert.equal(shape.runTime, 1);
});
