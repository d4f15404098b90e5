import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readRows } from '../../src/user/rows-file.ts';

/** A folder with this text as `rows.csv`. */
function folderWith(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-rows-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'rows.csv'), text);
  return folder;
}

const rowsOf = (t: TestContext, text: string): readonly Record<string, string>[] =>
  readRows('rows.csv', [folderWith(t, text)]).rows;

test('rows are objects of texts by the names of the header', (t) => {
  assert.deepEqual(rowsOf(t, 'name,age\nann,7\nbob,\n'), [
    { name: 'ann', age: '7' },
    { name: 'bob', age: '' },
  ]);
});

test('quotes, line breaks in them, CRLF, empty lines and a byte-order mark are understood', (t) => {
  assert.deepEqual(rowsOf(t, '\ufeffname, text\r\nann,"a, ""b""\r\nc"\r\n\r\n'), [
    { name: 'ann', text: 'a, "b"\r\nc' },
  ]);
});

test('a byte-order mark before a quote is understood', (t) => {
  assert.deepEqual(rowsOf(t, '\ufeff"name"\nann\n'), [{ name: 'ann' }]);
});

test('a file with a header only has no rows', (t) => {
  assert.deepEqual(rowsOf(t, 'name\n'), []);
});

test('a row that is longer than the header is an error that names file and line', (t) => {
  assert.throws(() => rowsOf(t, 'a,b\n1,2\n1,2,3\n'), { name: 'UsageError', message: /rows\.csv is no CSV .* line 3/ });
});

test('a name that stands twice in the header is an error', (t) => {
  assert.throws(() => rowsOf(t, 'a,b, a\n1,2,3\n'), { name: 'UsageError', message: /two columns 'a'/ });
});

test('a file that is not there is an error that says where it was looked for', (t) => {
  const folder = folderWith(t, '');
  assert.throws(
    () => readRows('none.csv', [folder]),
    (error: Error) => {
      assert.equal(error.name, 'UsageError');
      return (
        error.message.includes(join(folder, 'none.csv')) && error.message.includes(join(process.cwd(), 'none.csv'))
      );
    },
  );
});

test('the folder of the user file wins over the working folder', (t) => {
  const folder = folderWith(t, 'a\n1\n');
  writeFileSync(join(folder, 'package.json'), 'a\n2\n');
  assert.deepEqual(readRows('package.json', [folder]).rows, [{ a: '2' }]);
});

test('what is not beside the user file is looked for in the working folder', (t) => {
  const folder = folderWith(t, 'a\n1\n');
  const path = relative(process.cwd(), join(folder, 'rows.csv'));
  assert.deepEqual(readRows(path, []).rows, [{ a: '1' }]);
});

test('an address of a file is a path too', (t) => {
  const url = pathToFileURL(join(folderWith(t, 'a\n1\n'), 'rows.csv'));
  assert.deepEqual(readRows(url, []).rows, [{ a: '1' }]);
  assert.deepEqual(readRows(url.href, []).rows, [{ a: '1' }]);
});

test('a folder is no file', (t) => {
  assert.throws(() => readRows(folderWith(t, ''), []), { name: 'UsageError', message: /cannot be read: EISDIR/ });
});
