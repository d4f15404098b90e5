import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pythonRepr } from '../../src/errors.ts';
import { compareText, fixed, floatText, padEnd, textOfRepr, whole } from '../../src/report/python-text.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { run } from '../tools/run.ts';

const numbers = [
  0,
  1,
  -1,
  5,
  0.1,
  1 / 3,
  0.125,
  0.375,
  2.5,
  1.005,
  12.345,
  99.995,
  0.0000005,
  0.0078125,
  123456.7890625,
]
  .concat([1e-4, 9.9e-5, 1e-5, 1.5e-7, 1e15, 123456789012345680, 1e16, 5e-324, 0.1 + 0.2])
  .concat(Array.from({ length: 200 }, (_, at) => at / 8))
  .concat(Array.from({ length: 50 }, (_, at) => at / 128 + 7));
const script = `import json, sys
print(json.dumps([[str(float(n)), "%.2f" % n, "%2f" % n] for n in json.loads(sys.argv[1])]))`;

test('numbers are written as Python writes them', async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const python: unknown = JSON.parse(await run(locust.python, ['-c', script, JSON.stringify(numbers)]));
  assert.deepEqual(
    numbers.map((number) => [floatText(number), fixed(number, 2), fixed(number, 6)]),
    python,
  );
});

test('a whole number is cut off, not rounded', () => {
  assert.deepEqual([0, 0.9, 12.99, 1e15].map(whole), ['0', '0', '12', '1000000000000000']);
});

test('cells are as wide as Python counts: by code points', () => {
  assert.deepEqual([padEnd('🦗é', 4), padEnd('abcdef', 4)], ['🦗é  ', 'abcdef']);
});

test('texts are in the order of their code points', () => {
  const points = (text: string): number[] => [...text].map((char) => char.codePointAt(0) ?? 0);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const [left, right] = [points(a), points(b)];
      const at = left.findIndex((point, index) => point !== right[index]);
      const expected = at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? Number.NEGATIVE_INFINITY);
      assert.equal(Math.sign(compareText(a, b)), Math.sign(expected));
    }),
  );
});

test('the text of a Python repr is the text of which it was made', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(textOfRepr(pythonRepr(text)), text)));
});

test('what is no Python text is none', () => {
  assert.deepEqual(['', "'", '5', '\'a"', 'None'].map(textOfRepr), Array(5).fill(undefined));
});
