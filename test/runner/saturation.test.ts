import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Saturation } from '../../src/runner/saturation.ts';

const busy = { busy: 0.99, lag: 12.4 };

test('a load thread that is busy for five seconds on end is told of, with the longest delay', () => {
  const saturation = new Saturation();
  for (let second = 0; second < 4; second++) assert.equal(saturation.add(busy), undefined);
  assert.match(saturation.add({ busy: 0.96, lag: 3 }) ?? '', /bottleneck.*5 s on end, and up to 12 ms late/);
});

test('one free second between is no saturation', () => {
  const saturation = new Saturation();
  for (let second = 0; second < 20; second++) {
    assert.equal(saturation.add(second % 5 === 4 ? { busy: 0.5, lag: 0 } : busy), undefined);
  }
});

test('it is told once, and again after a new test began', () => {
  const saturation = new Saturation();
  const told = (): number => Array.from({ length: 12 }, () => saturation.add(busy)).filter(Boolean).length;
  assert.equal(told(), 1);
  assert.equal(told(), 0);
  saturation.forget();
  assert.equal(told(), 1);
});
