import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accessLines } from '../../src/recording/access-line.ts';
import type { Hit } from '../../src/recording/hit.ts';

const at = Date.UTC(2000, 9, 10, 13, 55, 36);
const front = '127.0.0.1 - frank [10/Oct/2000:13:55:36 +0000]';

function hitOf(line: string): Hit {
  const hit = accessLines()(line);
  if (typeof hit === 'string') throw new Error(hit);
  return hit;
}

/** Line → what of it is looked at. */
const read: readonly (readonly [what: string, line: string, expected: Partial<Hit>])[] = [
  [
    'common',
    '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326',
    { method: 'GET', target: '/apache_pb.gif', status: 200, startedAt: at + 7 * 3600_000, client: '127.0.0.1 ' },
  ],
  ['combined', `${front} "POST /a?b=c HTTP/1.1" 404 - "http://x/" "Moz (X; Y)"`, { client: '127.0.0.1 Moz (X; Y)' }],
  ['no size', `${front} "GET / HTTP/1.1" 304 -`, { status: 304 }],
  [
    'quotes in the user agent',
    `${front} "GET / HTTP/1.1" 200 1 "-" "a \\"b\\" \\\\"`,
    { client: '127.0.0.1 a "b" \\' },
  ],
  ['bytes in hexadecimal', `${front} "GET /a\\x22b HTTP/1.1" 200 1`, { target: '/a"b' }],
  ['a blank in the path', `${front} "GET /a b HTTP/1.1" 400 1`, { target: '/a b', method: 'GET' }],
  ['no protocol', `${front} "GET /old" 200 1`, { target: '/old' }],
  ['IPv6', `2001:db8::1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/2.0" 200 1 "-" "x"`, { client: '2001:db8::1 x' }],
  ['a virtual host in front', `shop:443 ${front} "GET / HTTP/1.1" 200 1 "-" "x"`, { client: '127.0.0.1 x' }],
  ['a user with a blank', `${front.replace('frank', 'frank b')} "GET / HTTP/1.1" 200 1`, { client: '127.0.0.1 ' }],
  ['a zone', `${front.replace('+0000', '+0530')} "GET / HTTP/1.1" 200 1`, { endedAt: at - 5.5 * 3600_000 }],
  [
    'whom a load balancer speaks for',
    `${front} "GET / HTTP/1.1" 200 1 "-" "x" "203.0.113.7, 10.0.0.1"`,
    { client: '203.0.113.7 x' },
  ],
  ['nobody to speak for', `${front} "GET / HTTP/1.1" 200 1 "-" "x" "-"`, { client: '127.0.0.1 x' }],
  ['the time that it took', `${front} "GET / HTTP/1.1" 200 1 "-" "x" 1.250`, { startedAt: at - 1250, endedAt: at }],
  ['the time by name', `${front} "GET / HTTP/1.1" 200 1 "-" "x" "-" rt=0.005 uct="0.1"`, { startedAt: at - 5 }],
];

for (const [what, line, expected] of read) {
  test(`access log: ${what}`, () => {
    const hit = hitOf(line);
    assert.deepEqual({ ...hit, ...expected }, hit);
  });
}

const bad: readonly (readonly [line: string, reason: string])[] = [
  ['', 'no time in [ ]'],
  ['#Fields: date time', 'no time in [ ]'],
  ['1.2.3.4 - - [32/Foo/2000] "GET / HTTP/1.1" 200 1', 'a time that is none'],
  ['1.2.3.4 - - [31/Foo/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 1', 'a time that is none'],
  [`${front} "-" 408 0 "-" "-"`, 'a request line that is none'],
  [`${front} "\\x16\\x03\\x01" 400 0 "-" "-"`, 'a request line that is none'],
  [`${front} "GET / HTTP/1.1`, 'no request in quotes'],
  [`${front} "GET / HTTP/1.1" many`, 'no status after the request'],
];

for (const [line, reason] of bad) {
  test(`access log: ${reason}: ${line.slice(-30)}`, () => {
    assert.equal(accessLines()(line), reason);
  });
}

test('whatever stands in a line, it is a hit or a reason', () => {
  const read = accessLines();
  const piece = fc.constantFrom(
    front,
    ' "',
    '"',
    '\\',
    '[',
    ']',
    ' ',
    'GET /',
    ' HTTP/1.1',
    ' 200',
    '\\x4',
    '1.5',
    '-',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 }))), (parts) => {
      const hit = read(parts.join(''));
      if (typeof hit === 'string') return hit.length > 0;
      return hit.method !== '' && Number.isFinite(hit.startedAt) && Number.isInteger(hit.status);
    }),
    { numRuns: 2000 },
  );
});
