import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Echo, echo, serve } from './target.ts';
import { counted, failuresOf, makeUser, namesOf } from './user-under-test.ts';

test('fetch sends what fetch sends, and is counted', async (t) => {
  const target = await serve(t, echo);
  const user = makeUser({ host: target.url, headers: { 'x-session': '1' } });
  const { fetch } = user.client;
  const init = { method: 'POST', body: JSON.stringify({ a: 1 }), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`${target.url}/chat?x=1`, init);
  assert.ok(answer instanceof Response);
  const sent = (await answer.json()) as Echo;
  assert.deepEqual([sent.method, sent.body, sent.headers['x-session']], ['POST', '{"a":1}', '1']);
  assert.deepEqual([answer.ok, answer.url], [true, `${target.url}/chat?x=1`]);
  assert.deepEqual(namesOf(user), ['POST /chat?x=1']);
});

test('a path, a URL, a Request, a form', async (t) => {
  const target = await serve(t, echo);
  const { client } = makeUser({ host: `${target.url}/base` });
  const form = new FormData();
  form.set('a', '1');
  const urls = [
    ((await (await client.fetch('/path')).json()) as Echo).url,
    ((await (await client.fetch(new URL(`${target.url}/url`))).json()) as Echo).url,
    ((await (await client.fetch(new Request(`${target.url}/request`, { method: 'PUT' }))).json()) as Echo).method,
    ((await (await client.fetch('/form', { method: 'POST', body: form })).json()) as Echo).headers['content-type'],
  ];
  assert.deepEqual(urls.slice(0, 3), ['/base/path', '/url', 'PUT']);
  assert.match(urls[3] ?? '', /^multipart\/form-data; boundary=/);
});

test('the answer is decoded, keeps its cookies, and need not be read to be counted', async (t) => {
  const target = await serve(t, (_request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']).setHeader('content-encoding', 'gzip').end(gzipSync('text'));
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.fetch('/');
  assert.equal(counted(user).entries[0]?.totalContentLength, 4);
  assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
  assert.deepEqual([await answer.text(), answer.headers.get('content-encoding')], ['text', null]);
});

test('204 has no body', async (t) => {
  const target = await serve(t, (_request, response) => response.writeHead(204).end());
  const answer = await makeUser({ host: target.url }).client.fetch('/');
  assert.deepEqual([answer.status, answer.body], [204, null]);
});

test('server-sent events are handed on as they come, and counted when read', async (t) => {
  let goOn: () => void = () => {};
  const target = await serve(t, (_request, response) => {
    response.setHeader('content-type', 'text/event-stream').write('data: 1\n\n');
    goOn = () => response.end('data: 2\n\n');
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.fetch('/', { name: 'events' });
  const reader = answer.body?.getReader();
  assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'data: 1\n\n');
  assert.deepEqual(namesOf(user), []);
  goOn();
  assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'data: 2\n\n');
  assert.equal((await reader?.read())?.done, true);
  assert.deepEqual(namesOf(user), ['GET events']);
});

test('a bad status is an answer and a failure; no answer is a TypeError and a failure', async (t) => {
  const target = await serve(t, (_request, response) => response.writeHead(500).end('no'));
  const user = makeUser({ host: target.url });
  assert.equal((await user.client.fetch('/')).status, 500);
  await assert.rejects(user.client.fetch('http://127.0.0.1:1/'), { name: 'TypeError', message: 'fetch failed' });
  assert.deepEqual(
    failuresOf(user).map((text) => text.replace(/\(.*/, '')),
    ['HTTPError', 'ConnectionRefusedError'],
  );
});

test('a signal given to fetch rejects with its reason', async (t) => {
  const controller = new AbortController();
  const target = await serve(t, () => controller.abort(new Error('enough')));
  const user = makeUser({ host: target.url });
  await assert.rejects(user.client.fetch('/', { signal: controller.signal }), /enough/);
  assert.deepEqual(failuresOf(user), ["AbortError('The request was given up')"]);
});

test('redirects are followed unless they are manual', async (t) => {
  const target = await serve(t, (request, response) => {
    if (request.url === '/a') response.writeHead(302, { location: '/b' });
    response.end();
  });
  const { client } = makeUser({ host: target.url });
  assert.equal((await client.fetch('/a')).url, `${target.url}/b`);
  assert.equal((await client.fetch('/a', { redirect: 'manual' })).status, 302);
});

test('catchResponse judges a fetch', async (t) => {
  const target = await serve(t, (_request, response) => response.end('wrong'));
  const user = makeUser({ host: target.url });
  const answer = await user.client.fetch('/', {
    catchResponse: ({ response, failure }) => response.text() === 'right' || failure('not right'),
  });
  assert.equal(await answer.text(), 'wrong');
  assert.deepEqual(failuresOf(user), ["CatchResponseError('not right')"]);
});
