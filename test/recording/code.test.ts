import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { commented, dataCode, quoted, urlCode } from '../../src/recording/code.ts';

/** Any text, and much of what means something in code. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom("'", '"', '`', '\\', '$', '{', '}', '*/', '\n', '\u2028', '\0'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));

const valueOfCode = (code: string, variables: object = {}): unknown => runInNewContext(`(${code})`, { ...variables });

test('a text in quotes is that text', () => {
  fc.assert(fc.property(text, (any) => assert.equal(valueOfCode(quoted(any)), any)));
});

test('a URL is its texts and the values of its variables and secrets', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(text, fc.constant(1), fc.constant(2))), (parts) => {
      const url = parts.map((part) => {
        if (typeof part === 'string') return { text: part };
        return part === 1 ? { variable: 'user' } : { secret: 'token' };
      });
      const expected = parts.map((part) => (typeof part === 'string' ? part : part === 1 ? '5' : 'a%20b')).join('');
      const code = urlCode(url, (label) => `${label}Option`);
      assert.equal(valueOfCode(code, { user: '5', tokenOption: 'a b', encodeURIComponent }), expected);
    }),
  );
});

test('data is that data, whatever its keys are', () => {
  const data = fc.object({
    key: fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'a')),
    values: [text, fc.integer(), fc.boolean(), fc.constant(null)],
  });
  fc.assert(
    fc.property(data, (any) => {
      const json = JSON.stringify(any);
      assert.equal(JSON.stringify(valueOfCode(dataCode(JSON.parse(json), ''))), json);
    }),
  );
});

test('a comment stays a comment, on one line', () => {
  fc.assert(
    fc.property(text, (any) => {
      assert.equal(valueOfCode(`/* ${commented(any)} */ 1`), 1);
      assert.equal(valueOfCode(`// ${commented(any)}\n 1`), 1);
    }),
  );
});

test('letters that turn code around are written by their numbers', () => {
  assert.equal(quoted('a\u202eb'), "'a\\u202eb'");
  assert.equal(commented('a\u202eb'), 'a\\u202eb');
});
