import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { HttpSession } from '../../src/http/session.ts';
import { bodyOf, type Echo, echo, serve } from './target.ts';
import { counted, makeUser, namesOf } from './user-under-test.ts';

/** The target of the conformance suite: the same paths, the same lengths. */
const pages: Record<string, [status: number, body: string]> = {
  '/ok': [200, 'conform-ok-13'],
  '/fail': [500, 'conform-fail'],
  '/notfound': [404, 'conform-fail'],
  '/big': [200, 'x'.repeat(70_000)],
  '/empty': [200, ''],
  '/utf8': [200, 'blåbär ✓'],
};

test('the requests of HttpOnceUser are counted as Locust counts them', async (t) => {
  const target = await serve(t, async (request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    if (path === '/drop') return request.socket.resetAndDestroy();
    if (path === '/redirect') return response.writeHead(302, { location: '/ok' }).end();
    if (path === '/echo') return response.end(await bodyOf(request));
    const [status, body] = pages[path] ?? [404, 'no such path'];
    response.writeHead(status).end(body);
  });
  const user = makeUser({ host: target.url });
  const { client } = user;
  for (let i = 0; i < 3; i++) await client.get('/ok');
  for (let i = 0; i < 2; i++) await client.get(`/ok?id=${i}`, { name: '/ok?id=[id]' });
  await client.get('/ok?q=1');
  await client.post('/echo', { body: 'hello' });
  await client.put('/echo', { body: 'abc' });
  await client.delete('/ok');
  await client.head('/ok');
  for (let i = 0; i < 2; i++) await client.get('/fail');
  for (const path of ['/notfound', '/redirect', '/big', '/empty', '/utf8', '/drop']) await client.get(path);
  for (let i = 0; i < 2; i++) {
    await client.get('/ok', { name: 'caught', catchResponse: ({ failure }) => failure('custom failure') });
  }
  await client.get('/fail', { name: 'forgiven', catchResponse: ({ success }) => success() });
  await client.get(`${target.url}/ok`, { name: 'absolute' });
  const { entries, errors } = counted(user);
  const rows = entries.map((entry) => [
    `${entry.method} ${entry.name}`,
    entry.numRequests,
    entry.numFailures,
    entry.totalContentLength,
  ]);
  assert.deepEqual(
    rows.sort(([a], [b]) => String(a).localeCompare(String(b))),
    [
      ['DELETE /ok', 1, 0, 13],
      ['GET /big', 1, 0, 70_000],
      ['GET /drop', 1, 1, 0],
      ['GET /empty', 1, 0, 0],
      ['GET /fail', 2, 2, 24],
      ['GET /notfound', 1, 1, 12],
      ['GET /ok', 3, 0, 39],
      ['GET /ok?id=[id]', 2, 0, 26],
      ['GET /ok?q=1', 1, 0, 13],
      ['GET /redirect', 1, 0, 13],
      ['GET /utf8', 1, 0, 12],
      ['GET absolute', 1, 0, 13],
      ['GET caught', 2, 2, 26],
      ['GET forgiven', 1, 0, 12],
      ['HEAD /ok', 1, 0, 0],
      ['POST /echo', 1, 0, 5],
      ['PUT /echo', 1, 0, 3],
    ].sort(([a], [b]) => String(a).localeCompare(String(b))),
  );
  assert.deepEqual(
    errors.map(({ name, error, occurrences }) => [name, error, occurrences]),
    [
      ['/fail', "HTTPError('500 Server Error: Internal Server Error for url: /fail')", 2],
      ['/notfound', "HTTPError('404 Client Error: Not Found for url: /notfound')", 1],
      ['/drop', "ConnectionResetError('Connection reset by peer')", 1],
      ['caught', "CatchResponseError('custom failure')", 2],
    ],
  );
});

test('a base path of the host is part of the URL and of the name', async (t) => {
  const target = await serve(t, echo);
  for (const host of [`${target.url}/base`, `${target.url}/base/`]) {
    const user = makeUser({ host });
    const answer = await user.client.get('/ok?a=1');
    assert.equal(answer.json<Echo>().url, '/base/ok?a=1');
    assert.deepEqual(namesOf(user), ['GET /base/ok?a=1']);
  }
});

test('credentials in the host are sent, and are no part of the URL', async (t) => {
  const target = await serve(t, echo);
  const user = makeUser({ host: target.url.replace('//', '//ada:p%40ss@') });
  const answer = await user.client.get('/');
  const expected = `Basic ${Buffer.from('ada:p@ss').toString('base64')}`;
  assert.equal(answer.json<Echo>().headers.authorization, expected);
  assert.equal(answer.url, `${target.url}/`);
  const absolute = await user.client.get(`${target.url}/`);
  assert.equal(absolute.json<Echo>().headers.authorization, expected);
});

test('without a host a relative request is refused with what to do, an absolute one works', async (t) => {
  const target = await serve(t, echo);
  const user = makeUser();
  await assert.rejects(user.client.get('/'), (error: Error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /^You must specify the base host\. .*static host.*-H.*web UI/);
    return true;
  });
  assert.equal((await user.client.get(`${target.url}/x`)).status, 200);
  assert.deepEqual(namesOf(user), ['GET /x']);
});

test('a host without a scheme is refused with what is expected', async () => {
  await assert.rejects(makeUser({ host: 'localhost:8080' }).client.get('/'), {
    name: 'UsageError',
    message: "the host is 'localhost:8080'; a base URL such as http://localhost:8080 is expected",
  });
});

test('a host that changes between two tests is used by the next request', async (t) => {
  const first = await serve(t, (_request, response) => response.end('first'));
  const second = await serve(t, (_request, response) => response.end('second'));
  const user = makeUser({ host: first.url });
  assert.equal((await user.client.get('/')).text(), 'first');
  (user.constructor as { host?: string }).host = second.url;
  assert.equal((await user.client.get('/')).text(), 'second');
});

test('what the class says holds for each request, and a request may say otherwise', async (t) => {
  const target = await serve(t, echo);
  const user = makeUser({
    host: target.url,
    headers: { 'x-all': 'yes', 'user-agent': 'mine' },
    auth: { bearer: 'token' },
  });
  const plain = (await user.client.get('/')).json<Echo>().headers;
  assert.deepEqual([plain['x-all'], plain['user-agent'], plain.authorization], ['yes', 'mine', 'Bearer token']);
  const own = await user.client.get('/', {
    headers: { 'X-All': 'no', 'user-agent': undefined },
    auth: { username: 'a', password: 'b' },
  });
  const { headers } = own.json<Echo>();
  assert.deepEqual([headers['x-all'], headers['user-agent'], headers.authorization], ['no', undefined, 'Basic YTpi']);
});

test('a second session has its own host, cookies and headers, and counts for the same user', async (t) => {
  const first = await serve(t, (_request, response) => response.setHeader('set-cookie', 'a=1').end());
  const second = await serve(t, echo);
  const user = makeUser({ host: first.url });
  const api = new HttpSession(user, { host: second.url, headers: { 'x-api': '1' } });
  await user.client.get('/one');
  const { headers } = (await api.get('/two')).json<Echo>();
  assert.deepEqual([headers.cookie, headers['x-api']], [undefined, '1']);
  assert.deepEqual(namesOf(user), ['GET /one', 'GET /two']);
});

test('one user speaks with several hosts', async (t) => {
  const hosts = await Promise.all(['a', 'b'].map((name) => serve(t, (_request, response) => response.end(name))));
  const user = makeUser();
  for (const [index, host] of hosts.entries()) {
    assert.equal((await user.client.get(`${host.url}/`)).text(), ['a', 'b'][index]);
  }
});
