import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPythonName, pythonLiteral } from '../../src/locustfile/python.ts';

test('plain values are written as Python has them', () => {
  const value = { a: [1, -2.5, 1e21, true, false, null, undefined], 'b"\n\\': 'ü\u0000🦗' };
  const text = '{"a": [1, -2.5, 1e+21, True, False, None, None], "b\\"\\n\\\\": "ü\\u0000🦗"}';
  assert.equal(pythonLiteral(value), text);
});

test('half a surrogate pair is escaped, for the file is UTF-8', () => {
  assert.equal(pythonLiteral('\ud83e'), '"\\ud83e"');
});

test('names of any language are names in Python', () => {
  for (const name of ['a', '_', 'A1', 'Größe', '日本', 'हिन्दी', '__proto__', 'constructor'])
    assert.ok(isPythonName(name), name);
});

test('keywords, signs and what Python would write in another way are none', () => {
  for (const name of ['', '1a', '$a', 'a-b', 'a b', 'class', 'None', 'async', 'ﬁ', 'a²', 'ª', '🦗']) {
    assert.ok(!isPythonName(name), name);
  }
});
