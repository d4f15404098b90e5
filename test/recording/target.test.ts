import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { secretMark } from '../../src/recording/secret.ts';
import { targetOf } from '../../src/recording/target.ts';

/** Path and query, with `***` for each secret. */
function read(raw: string): string | undefined {
  const target = targetOf(raw);
  if (target === undefined) return undefined;
  return (target.path + (target.query === '' ? '' : `?${target.query}`)).replaceAll(secretMark, '***');
}

test('a whole URL is taken without its host, a fragment is dropped', () => {
  assert.equal(read('https://ada:pw@shop.example.com:8443/a/b?c=d#e'), '/a/b?c=d');
  assert.equal(read('http://shop.example.com'), '/');
});

test('what is no path is none', () => {
  for (const raw of ['*', 'shop.example.com:443', '', '../etc/passwd']) assert.equal(read(raw), undefined, raw);
});

test('whatever cannot be sent is encoded, what is encoded stays', () => {
  assert.equal(read('/a b/"c"/`{d}`/\\e/%20/ä\u0001'), '/a%20b/%22c%22/%60%7Bd%7D%60/%5Ce/%20/%E4%01');
  assert.equal(read('/\u4e2d'), '/%E4%B8%AD');
});

const secrets: readonly (readonly [raw: string, kept: string])[] = [
  ['/a?token=x&b=1', '/a?token=***&b=1'],
  [
    '/a?access_token=x&apiKey=y&X-Amz-Signature=z&PHPSESSID=q',
    '/a?access_token=***&apiKey=***&X-Amz-Signature=***&PHPSESSID=***',
  ],
  ['/a?%74oken=x', '/a?%74oken=***'],
  ['/a?q=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', '/a?q=***'],
  ['/a?x=sk_live_12345678abcdef', '/a?x=***'],
  ['/a?c=0123456789abcdef0123456789abcdef0123456789', '/a?c=***'],
  ['/reset-password/9f8e7d6c5b4a39f8', '/reset-password/***'],
  ['/login/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', '/login/***'],
  ['/cart;jsessionid=ABC123/items', '/cart/items'],
];

for (const [raw, kept] of secrets) {
  test(`a secret is never kept: ${raw}`, () => assert.equal(read(raw), kept));
}

test('what only looks a little like a secret is kept', () => {
  for (const raw of ['/a?author=ada&authorId=1&page=2&sort=asc', '/token/5', '/verify/phone', '/authors/5'])
    assert.equal(read(raw), raw);
});

test('a target can be sent as it is, whatever the log holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const target = targetOf(`/${text}`);
      return target !== undefined && /^\/[!-~\0]*$/.test(target.path) && /^[!-~\0]*$/.test(target.query);
    }),
  );
});
