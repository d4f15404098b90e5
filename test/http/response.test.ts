import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { HTTPError } from '../../src/errors.ts';
import { serve } from './target.ts';
import { counted, failuresOf, makeUser } from './user-under-test.ts';

const text = 'blåbär ✓ '.repeat(50);
const encoded: readonly [encoding: string, body: Buffer][] = [
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['br', brotliCompressSync(text)],
  ['deflate', deflateSync(text)],
  ['Deflate', deflateRawSync(text)],
  ['gzip, br', brotliCompressSync(gzipSync(text))],
  ['unheard-of', Buffer.from(text)],
];
for (const [encoding, body] of encoded) {
  test(`a body in ${encoding} is decoded, and counted as decoded`, async (t) => {
    const target = await serve(t, (_request, response) => response.setHeader('content-encoding', encoding).end(body));
    const user = makeUser({ host: target.url });
    const answer = await user.client.get('/');
    assert.equal(answer.text(), text);
    assert.equal(answer.contentLength, Buffer.byteLength(text));
    assert.equal(counted(user).entries[0]?.totalContentLength, Buffer.byteLength(text));
  });
}

test('a body that is not what its encoding says is a failure', async (t) => {
  const target = await serve(t, (_request, response) => response.setHeader('content-encoding', 'gzip').end('no gzip'));
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/');
  assert.deepEqual([answer.ok, answer.contentLength], [false, 0]);
  assert.deepEqual(failuresOf(user), ["ContentDecodingError('the body is not what content-encoding gzip says')"]);
});

test('HEAD, 204 and 304 have no bytes, and their connection is used again', async (t) => {
  const target = await serve(t, (request, response) => {
    const status = Number(request.url?.slice(1));
    if (status === 200) response.setHeader('content-length', '13').setHeader('content-encoding', 'gzip');
    response.writeHead(status).end();
  });
  const { client } = makeUser({ host: target.url });
  for (const answer of [await client.head('/200'), await client.get('/204'), await client.get('/304')]) {
    assert.deepEqual([answer.contentLength, answer.text(), answer.ok], [0, '', true]);
  }
  assert.equal(target.connections(), 1);
});

test('a body of many pieces is put together', async (t) => {
  const target = await serve(t, (_request, response) => {
    for (let i = 0; i < 5; i++) response.write(String(i).repeat(100_000));
    response.end();
  });
  const answer = await makeUser({ host: target.url }).client.get('/');
  assert.equal(answer.bytes.length, 500_000);
  assert.equal(answer.text().slice(399_999, 400_001), '34');
});

test('headers have lower-case names and keep all values', async (t) => {
  const target = await serve(t, (_request, response) => {
    response.writeHead(200, [
      'X-One',
      'a',
      'x-one',
      'b',
      'Set-Cookie',
      'a=1, 2',
      'Set-Cookie',
      'b=2',
      '__proto__',
      'x',
    ]);
    response.end();
  });
  const answer = await makeUser({ host: target.url }).client.get('/');
  assert.equal(answer.headers['x-one'], 'a, b');
  assert.deepEqual(answer.setCookies, ['a=1, 2', 'b=2']);
  assert.deepEqual({ ...answer.cookies }, { a: '1, 2', b: '2' });
  assert.equal(Object.entries(answer.headers).find(([name]) => name === '__proto__')?.[1], 'x');
  assert.equal(answer.headers.constructor, undefined);
});

const charsets: readonly [type: string, body: Buffer, text: string][] = [
  ['text/plain; charset=ISO-8859-1', Buffer.from('bl\u00e5', 'latin1'), 'blå'],
  ['text/plain; charset="utf-16le"', Buffer.from('blå', 'utf16le'), 'blå'],
  ['text/plain', Buffer.from('\ufeffblå'), 'blå'],
  ['text/plain; charset=unheard-of', Buffer.from('blå'), 'blå'],
];
for (const [type, body, expected] of charsets) {
  test(`text of ${type}`, async (t) => {
    const target = await serve(t, (_request, response) => response.setHeader('content-type', type).end(body));
    assert.equal((await makeUser({ host: target.url }).client.get('/')).text(), expected);
  });
}

test('json of what is none throws an Error that groups and says what came', async (t) => {
  const target = await serve(t, (request, response) => {
    response.setHeader('content-type', 'text/html').end(request.url === '/empty' ? '' : `<p>${Math.random()}</p>`);
  });
  const { client } = makeUser({ host: target.url });
  const page = await client.get('/7', { name: '/[id]' });
  assert.throws(() => page.json(), {
    name: 'JSONDecodeError',
    message: 'the body of GET /[id] (200) is no JSON but text/html',
  });
  const empty = await client.get('/empty');
  assert.throws(() => empty.json(), { message: 'the body of GET /empty (200) is empty' });
});

test('raiseForStatus throws from 400 on, with the name for the URL', async (t) => {
  const target = await serve(t, (request, response) => {
    response.writeHead(Number(request.url?.slice(1)), request.url === '/418' ? 'Short and Stout' : undefined).end();
  });
  const { client } = makeUser({ host: target.url });
  (await client.get('/200')).raiseForStatus();
  (await client.get('/399')).raiseForStatus();
  const teapot = await client.get('/418', { name: 'pot' });
  assert.equal(teapot.ok, false);
  assert.throws(() => teapot.raiseForStatus(), new HTTPError('418 Client Error: Short and Stout for url: pot'));
  const broken = await client.get('/503');
  assert.throws(() => broken.raiseForStatus(), new HTTPError('503 Server Error: Service Unavailable for url: /503'));
});

test('the time ends with the last byte, firstByte with the headers', async (t) => {
  const target = await serve(t, (_request, response) => {
    response.write('begin');
    setTimeout(() => response.end('end'), 40);
  });
  const user = makeUser({ host: target.url });
  const gaps: number[] = [];
  // On a busy machine both may come to be read at once.
  for (let tries = 0; tries < 20 && !gaps.some((gap) => gap >= 30); tries++) {
    const { firstByte, elapsed } = await user.client.get('/');
    assert.ok(firstByte > 0 && firstByte < elapsed);
    gaps.push(elapsed - firstByte);
  }
  assert.ok((gaps.at(-1) ?? 0) >= 30, gaps.join(' '));
});

test('an early hint before the answer is passed over', async (t) => {
  const target = await serve(t, (_request, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    setTimeout(() => response.end('the answer'), 30);
  });
  const answer = await makeUser({ host: target.url }).client.get('/');
  assert.deepEqual([answer.status, answer.text()], [200, 'the answer']);
});
