import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../src/words.ts';

const tasks = ['home', 'profile', 'checkout'];

test('a letter too few, too many or wrong is found', () => {
  for (const given of ['hom', 'hoome', 'hxme']) assert.equal(nearest(given, tasks), 'home');
});

test('two letters in the wrong order are found', () => {
  assert.equal(nearest('proflie', tasks), 'profile');
});

test('case does not matter', () => {
  assert.equal(nearest('CHECKOUT', tasks), 'checkout');
});

test('of two words the nearer one is found, wherever it stands', () => {
  assert.equal(nearest('ready', ['leads', 'read', 'ready']), 'ready');
});

test('of two equally near words the first one is found', () => {
  assert.equal(nearest('reads', ['leads', 'ready']), 'leads');
});

test('a third of a long word may differ', () => {
  assert.equal(nearest('maximumTokens', ['maxTokens']), 'maxTokens');
});

test('a word unlike all others has no neighbour', () => {
  assert.equal(nearest('zebra', tasks), undefined);
  assert.equal(nearest('home', []), undefined);
});
