import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Strains } from '../../src/swarm/strain.ts';

const [one, other] = [{}, {}];
const calm = { busy: 0.25, lag: 1 };

test('of several threads the hardest working one counts, in each respect', () => {
  const strains = new Strains();
  strains.add(one, { busy: 0.9, lag: 3 }, 0);
  strains.add(other, { busy: 0.25, lag: 40 }, 10);
  assert.deepEqual(strains.take(20), { busy: 0.9, lag: 40 });
});

test('what a thread told twice since the last call counts as its worse', () => {
  const strains = new Strains();
  strains.add(one, { busy: 0.9, lag: 3 }, 0);
  strains.add(one, calm, 1000);
  assert.deepEqual(strains.take(1010), { busy: 0.9, lag: 3 });
  strains.add(one, calm, 2000);
  assert.deepEqual(strains.take(2010), calm);
});

test('of a thread that told nothing since the last call, the last strain holds', () => {
  const strains = new Strains();
  strains.add(one, { busy: 1, lag: 1700 }, 0);
  strains.add(other, calm, 0);
  strains.take(100);
  strains.add(other, calm, 1000);
  assert.deepEqual(strains.take(1100), { busy: 1, lag: 1700 });
});

test('a thread that is silent for long is blocked, however calm it was', () => {
  const strains = new Strains();
  strains.add(one, calm, 0);
  strains.add(other, calm, 2900);
  assert.deepEqual(strains.take(3000), { busy: 1, lag: 3000 });
});

test('before a thread has told anything there is no strain', () => {
  assert.deepEqual(new Strains().take(9000), { busy: 0, lag: 0 });
});
