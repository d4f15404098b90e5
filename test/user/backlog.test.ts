import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMissed, takeMissed } from '../../src/user/backlog.ts';

test('what users never began is added up by class, told once, and not at all if it is nothing', () => {
  addMissed('Slow', 3);
  addMissed('Slow', 4);
  addMissed('Fast', 0);
  addMissed('One', 1);
  const [slow, one, ...more] = takeMissed();
  assert.match(slow ?? '', /^7 iterations of Slow were due and never begun/);
  assert.match(one ?? '', /^1 iteration of One was due and never begun/);
  assert.deepEqual(more, []);
  assert.deepEqual(takeMissed(), []);
});
