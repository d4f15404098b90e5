import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { RequestOptions } from '../../src/http/options.ts';
import { type Echo, echo, serve } from './target.ts';
import { counted, makeUser, namesOf } from './user-under-test.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete', 'options'] as const;

test('each method goes out as it is called', async (t) => {
  const target = await serve(t, echo);
  const user = makeUser({ host: target.url });
  for (const method of methods) {
    assert.equal((await user.client[method]('/')).json<Echo>().method, method.toUpperCase());
  }
  assert.equal((await user.client.request('propfind', '/')).json<Echo>().method, 'PROPFIND');
  assert.deepEqual(
    namesOf(user),
    [...methods, 'propfind'].map((method) => `${method.toUpperCase()} /`),
  );
});

const queries: readonly [given: string, params: RequestOptions['params'], sent: string][] = [
  ['/p', { page: 2, q: 'a b&c' }, '/p?page=2&q=a+b%26c'],
  ['/p?x=1', { tag: ['a', 'b'], none: undefined, nil: null }, '/p?x=1&tag=a&tag=b'],
  ['/p', new URLSearchParams([['k', 'v']]), '/p?k=v'],
  ['/p', {}, '/p'],
  ['/bl å/✓#part', undefined, '/bl%20%C3%A5/%E2%9C%93'],
  ['/a%20b/{id}', undefined, '/a%20b/%7Bid%7D'],
  ['?only=query', undefined, '/?only=query'],
  ['no-slash', undefined, '/no-slash'],
  ['', undefined, '/'],
];
for (const [given, params, sent] of queries) {
  test(`'${given}' with params ${params} goes to ${sent}, and is named so`, async (t) => {
    const target = await serve(t, echo);
    const user = makeUser({ host: target.url });
    const answer = await user.client.get(given, { params });
    assert.equal(answer.json<Echo>().url, sent);
    assert.equal(answer.url, target.url + sent);
    assert.deepEqual(namesOf(user), [`GET ${sent}`]);
  });
}

test('an absolute URL is named by its path and query', async (t) => {
  const target = await serve(t, echo);
  const user = makeUser({ host: 'http://127.0.0.1:1' });
  for (const rest of ['', '/', '/a?b=c', '?b=c', '#x']) await user.client.get(target.url + rest);
  assert.deepEqual(namesOf(user), ['GET /', 'GET /a?b=c', 'GET /?b=c']);
});

const bodies: readonly [what: string, options: RequestOptions, body: string, type: string | undefined][] = [
  ['json', { json: { a: [1, 'ä'] } }, Buffer.from('{"a":[1,"ä"]}').toString('latin1'), 'application/json'],
  ['json null', { json: null }, 'null', 'application/json'],
  ['form', { form: { a: 'x y', b: [1, 2] } }, 'a=x+y&b=1&b=2', 'application/x-www-form-urlencoded'],
  ['a text', { body: 'plain' }, 'plain', undefined],
  ['a Buffer', { body: Buffer.from([1, 2, 255]) }, '\u0001\u0002\u00ff', undefined],
  ['a part of a buffer', { body: new Uint8Array([9, 65, 66, 9]).subarray(1, 3) }, 'AB', undefined],
  ['a type of its own', { json: 1, headers: { 'Content-Type': 'application/x' } }, '1', 'application/x'],
];
for (const [what, options, body, type] of bodies) {
  test(`a body: ${what}`, async (t) => {
    const target = await serve(t, echo);
    const sent = (await makeUser({ host: target.url }).client.post('/', options)).json<Echo>();
    assert.deepEqual([sent.body, sent.headers['content-type']], [body, type]);
    assert.equal(sent.headers['content-length'], String(body.length));
  });
}

test('a stream and an async iterable go out in chunks', async (t) => {
  const target = await serve(t, echo);
  const user = makeUser({ host: target.url });
  async function* parts(): AsyncGenerator<string> {
    yield 'one ';
    yield 'two';
  }
  for (const body of [Readable.from([Buffer.from('one '), Buffer.from('two')]), parts()]) {
    const sent = (await user.client.put('/', { body })).json<Echo>();
    assert.deepEqual([sent.body, sent.headers['transfer-encoding']], ['one two', 'chunked']);
  }
});

test('a stream that breaks is a failed request', async (t) => {
  const target = await serve(t, echo);
  const user = makeUser({ host: target.url });
  async function* broken(): AsyncGenerator<string> {
    yield 'one ';
    throw new Error('the source broke');
  }
  const answer = await user.client.put('/', { body: broken() });
  assert.equal(answer.status, 0);
  assert.deepEqual(
    counted(user).errors.map(({ error }) => error),
    ["Error('the source broke')"],
  );
});

test('files and form fields are one multipart body', async (t) => {
  const target = await serve(t, async (request, response) => {
    const type = request.headers['content-type'] ?? '';
    const form = await new Response(Readable.toWeb(request) as never, { headers: { 'content-type': type } }).formData();
    const entries = [...form].map(async ([name, value]) =>
      typeof value === 'string' ? [name, value] : [name, value.name, value.type, await value.text()],
    );
    response.end(JSON.stringify(await Promise.all(entries)));
  });
  const answer = await makeUser({ host: target.url }).client.post('/', {
    form: { title: 'my "file"' },
    files: {
      one: { filename: 'a"b.txt', data: 'hello', type: 'text/plain' },
      many: [
        { filename: '1.bin', data: Buffer.from('x') },
        { filename: '2.bin', data: new Uint8Array([121]) },
      ],
    },
  });
  assert.deepEqual(answer.json(), [
    ['title', 'my "file"'],
    ['one', 'a"b.txt', 'text/plain', 'hello'],
    ['many', '1.bin', 'application/octet-stream', 'x'],
    ['many', '2.bin', 'application/octet-stream', 'y'],
  ]);
});

test('a session header is sent until it is deleted', async (t) => {
  const target = await serve(t, echo);
  const { client } = makeUser({ host: target.url });
  client.headers.set('X-Token', 'one');
  assert.equal((await client.get('/')).json<Echo>().headers['x-token'], 'one');
  assert.equal(client.headers.get('x-token'), 'one');
  client.headers.delete('x-token');
  assert.equal((await client.get('/')).json<Echo>().headers['x-token'], undefined);
});

test('a header set by one user is not sent by another', async (t) => {
  const target = await serve(t, echo);
  const user = makeUser({ host: target.url });
  const other = new (user.constructor as new (environment: unknown) => typeof user)(user.environment);
  user.client.headers.set('x-mine', '1');
  assert.equal((await other.client.get('/')).json<Echo>().headers['x-mine'], undefined);
});

test('a header given as a list is sent several times', async (t) => {
  const target = await serve(t, (request, response) => {
    response.end(JSON.stringify(request.rawHeaders.filter((_text, at, all) => all[at - 1] === 'x-list')));
  });
  const { client } = makeUser({ host: target.url });
  assert.deepEqual((await client.get('/', { headers: { 'x-list': ['a', 'b'] } })).json(), ['a', 'b']);
});

const mistakes: readonly [options: object, message: RegExp][] = [
  [{ jsno: {} }, /^a request has no option 'jsno'; did you mean 'json'\?$/],
  [{ json: 1, body: 'x' }, /^a request has one body, not json and body$/],
  [{ json: () => 1 }, /^json is a function, which JSON cannot hold$/],
  [{ timeout: -1 }, /^timeout is -1; seconds above 0 are expected/],
  [{ redirect: 'maybe' }, /^redirect is 'maybe'/],
  [{ catchResponse: true }, /^catchResponse must be a function/],
  [{ body: 7 }, /^body must be a text/],
  [{ headers: { 'bad name': 'x' } }, /^the request cannot be sent: invalid header key$/],
  [{ headers: { a: 'x\ny' } }, /^the request cannot be sent: invalid a header$/],
  [{ headers: { a: {} } }, /^header a is \[object Object\]/],
  [{ params: 'a=b' }, /^params and form must be objects/],
  [{ files: { f: 'text' } }, /^files\.f must be \{ filename, data, type\? \}/],
  [{ auth: { username: 'x' } }, /^auth must be/],
  [{ tls: { ca: 'no pem', cert: 'no pem' } }, /^tls: .*PEM/],
];
for (const [options, message] of mistakes) {
  test(`options that are no request are refused and not counted: ${Object.keys(options)} ${message}`, async (t) => {
    const target = await serve(t, echo);
    const user = makeUser({ host: target.url });
    await assert.rejects(user.client.post('/', options), { name: 'UsageError', message });
    assert.deepEqual(namesOf(user), []);
    assert.equal((await user.client.get('/')).status, 200);
  });
}

test('a method that is no word is refused', async () => {
  await assert.rejects(makeUser({ host: 'http://127.0.0.1:1' }).client.request('GET /x', '/'), { name: 'UsageError' });
});
