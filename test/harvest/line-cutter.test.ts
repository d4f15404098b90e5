import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineCutter } from '../../src/harvest/line-cutter.ts';

function cut(...chunks: readonly string[]): string[] {
  const lines: string[] = [];
  const cutter = new LineCutter((line) => lines.push(line));
  for (const chunk of chunks) cutter.push(Buffer.from(chunk));
  cutter.end();
  return lines;
}

test('lines are the same however their bytes come', () => {
  const text = fc
    .array(fc.constantFrom('a', 'bc', '\n', '\r\n', ' '), { maxLength: 30 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat(60), { maxLength: 6 }), (whole, places) => {
      const ends = [...new Set([0, ...places.filter((place) => place < whole.length), whole.length])].sort(
        (a, b) => a - b,
      );
      const chunks = ends.slice(1).map((end, index) => whole.slice(ends[index], end));
      const lines = whole.split(/\r?\n/);
      if (lines.at(-1) === '') lines.pop();
      // a lone carriage return at the very end is that of a line whose end is missing
      assert.deepEqual(cut(...chunks), lines);
    }),
  );
});

test('a line without an end is one', () => {
  assert.deepEqual(cut('a\nb'), ['a', 'b']);
});

test('a line that never ends takes no memory', () => {
  const chunk = 'x'.repeat(100_000);
  const [long = '', next] = cut(...Array.from({ length: 20 }, () => chunk), '\nnext\n');
  assert.ok(long.length < 300_000, String(long.length));
  assert.equal(next, 'next');
});
