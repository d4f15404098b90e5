import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAsHigh } from '../../src/study/as-high.ts';

test('a rate is as high as another but for noise, or for too little to matter', () => {
  const top = { rps: 100, error: 3 };
  assert.equal(isAsHigh({ rps: 96, error: 0 }, { rps: 100, error: 0 }), true);
  assert.equal(isAsHigh({ rps: 94, error: 0 }, { rps: 100, error: 0 }), false);
  assert.equal(isAsHigh({ rps: 91, error: 4 }, top), true);
  assert.equal(isAsHigh({ rps: 89, error: 4 }, top), false);
  assert.equal(isAsHigh({ rps: 89, error: 4 }, top, { times: 2.5 }), true);
});
