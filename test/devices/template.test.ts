import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn, namesIn } from '../../src/devices/template.ts';

test('a name in braces is filled in wherever it stands', () => {
  assert.equal(fillIn('/{a}/b/{a}', { a: 'x' }), '/x/b/x');
});

test('what was filled in is not looked through again', () => {
  assert.equal(fillIn('{a}{b}', { a: '{b}', b: '$&' }), '{b}$&');
});

test('braces around what is no name stay', () => {
  assert.equal(fillIn('{"a": {}}', {}), '{"a": {}}');
});

test('a missing value is an error that names it', () => {
  assert.throws(() => fillIn('projects/{project}', {}), {
    name: 'UsageError',
    message: "'projects/{project}' needs a value for {project}",
  });
});

test('what every object has is no value', () => {
  assert.throws(() => fillIn('{toString}', {}), { name: 'UsageError' });
});

test('the names of a text are found in their order', () => {
  assert.deepEqual(namesIn('{b}/x/{a1}/{}'), ['b', 'a1']);
});
