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
  const lines: string[] = [];
  const cutter = new LineCutter((line) => lines.push(line));
  const chunk = Buffer.alloc(1_000_000, 'x');
  // together longer than a text can be
  for (let at = 0; at < 600; at++) cutter.push(chunk);
  cutter.push(Buffer.from('\nnext\n'));
  assert.ok((lines[0]?.length ?? 0) < 300_000, String(lines[0]?.length));
  assert.equal(lines[1], 'next');
});
