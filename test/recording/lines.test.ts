import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { chunksOf, LineCutter } from '../../src/recording/lines.ts';
import { userFolder } from '../swarm/user-folder.ts';

function cut(chunks: readonly string[]): string[] {
  const lines: string[] = [];
  const cutter = new LineCutter((line) => lines.push(line));
  for (const chunk of chunks) cutter.push(chunk);
  cutter.end();
  return lines;
}

test('lines are the same however the text came', () => {
  const text = fc.array(fc.constantFrom('\n', '\r\n', 'a', 'bc', '"', ' '));
  fc.assert(
    fc.property(text, fc.array(fc.nat(20)), (parts, cuts) => {
      const whole = parts.join('');
      const chunks: string[] = [];
      let from = 0;
      for (const length of cuts) {
        chunks.push(whole.slice(from, from + length));
        from += length;
      }
      const expected = whole.split('\n').map((line) => line.replace(/\r$/, ''));
      if (whole === '' || whole.endsWith('\n')) expected.pop();
      assert.deepEqual(cut([...chunks, whole.slice(from)]), expected);
    }),
  );
});

test('a line without an end is cut, and takes no other line with it', () => {
  const chunks = ['first\n', ...new Array<string>(40).fill('x'.repeat(10_000)), '\nlast\n'];
  const lines = cut(chunks);
  assert.deepEqual([lines.length, lines[0], lines[2]], [3, 'first', 'last']);
  assert.ok((lines[1]?.length ?? 0) < 150_000);
});

test('a packed file is unpacked, whatever it is called', async (t) => {
  const folder = await userFolder(t, {});
  const path = join(folder, 'access.log.1');
  const text = 'a line\n'.repeat(100_000);
  await writeFile(path, gzipSync(text));
  const chunks: string[] = [];
  for await (const chunk of chunksOf(path)) chunks.push(chunk);
  assert.ok(chunks.join('') === text);
});

test('a packed file that ends too early gives what it has, then says so', async (t) => {
  const folder = await userFolder(t, {});
  const path = join(folder, 'cut.gz');
  const packed = gzipSync(Array.from({ length: 50_000 }, (_, at) => `line ${at}`).join('\n'));
  await writeFile(path, packed.subarray(0, packed.length - 2000));
  let length = 0;
  await assert.rejects(
    async () => {
      for await (const chunk of chunksOf(path)) length += chunk.length;
    },
    { code: 'Z_BUF_ERROR' },
  );
  assert.ok(length > 0);
});
