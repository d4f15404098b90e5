import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { type Echo, echo, serve, type Target } from './target.ts';
import { counted, failuresOf, makeUser, namesOf } from './user-under-test.ts';

/** `/301` and so on lead to `/end`, which echoes. */
function serveRedirects(t: TestContext, to = '/end'): Promise<Target> {
  return serve(t, (request, response) => {
    const status = Number(request.url?.slice(1));
    if (status > 0) response.writeHead(status, { location: to }).end('moved');
    else void echo(request, response);
  });
}

const kinds: readonly [status: number, method: string, next: string, body: string][] = [
  [301, 'GET', 'GET', ''],
  [301, 'POST', 'GET', ''],
  [301, 'PUT', 'PUT', ''],
  [302, 'POST', 'GET', ''],
  [302, 'PUT', 'GET', ''],
  [303, 'POST', 'GET', ''],
  [303, 'DELETE', 'GET', ''],
  [307, 'POST', 'POST', 'data'],
  [308, 'PUT', 'PUT', 'data'],
];
for (const [status, method, next, body] of kinds) {
  test(`${status} of a ${method} is followed by a ${next}${body && ' with the body'}`, async (t) => {
    const target = await serveRedirects(t);
    const user = makeUser({ host: target.url });
    const answer = await user.client.request(method, `/${status}`, method === 'GET' ? {} : { form: { data: 1 } });
    const last = answer.json<Echo>();
    assert.deepEqual([last.method, last.url, last.body], [next, '/end', body && 'data=1']);
    assert.equal('content-type' in last.headers, body !== '');
    assert.equal(answer.url, `${target.url}/end`);
    const [entry, ...others] = counted(user).entries;
    assert.deepEqual([entry?.method, entry?.name, others.length], [method, `/${status}`, 0]);
    assert.equal(entry?.totalContentLength, answer.bytes.length);
  });
}

test("a redirect is not followed with redirect: 'manual', nor by HEAD", async (t) => {
  const target = await serveRedirects(t);
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/302', { redirect: 'manual' });
  assert.deepEqual([answer.status, answer.text(), answer.headers.location], [302, 'moved', '/end']);
  assert.equal((await user.client.head('/302')).status, 302);
  assert.equal((await user.client.head('/302', { redirect: 'follow' })).status, 200);
  assert.deepEqual(failuresOf(user), []);
});

test('30 redirects are followed, the next one is a failure', async (t) => {
  const target = await serve(t, (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end('there');
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  });
  const user = makeUser({ host: target.url });
  assert.equal((await user.client.get('/30')).text(), 'there');
  const answer = await user.client.get('/31');
  assert.equal(answer.status, 0);
  assert.deepEqual(failuresOf(user), ["TooManyRedirects('Exceeded 30 redirects.')"]);
});

test('the credentials and the host header stay with their host', async (t) => {
  const other = await serve(t, echo);
  const target = await serveRedirects(t, `${other.url}/end`);
  const user = makeUser({ host: target.url });
  const headers = { host: 'virtual.test', 'x-stays': '1' };
  const answer = await user.client.get('/302', { auth: { bearer: 'secret' }, headers });
  const sent = answer.json<Echo>().headers;
  assert.deepEqual([sent.authorization, sent['x-stays'], sent.host], [undefined, '1', other.url.slice(7)]);
  const same = await serveRedirects(t);
  const kept = await makeUser({ host: same.url }).client.get('/302', { auth: { bearer: 'secret' } });
  assert.equal(kept.json<Echo>().headers.authorization, 'Bearer secret');
});

const locations: readonly [location: string, outcome: string][] = [
  ['end?x=1', '/end?x=1'],
  ['?y', '/302?y'],
  ['/bl%C3%A5', '/bl%C3%A5'],
  ['http://[', "InvalidURL('The location of a redirect is no URL')"],
  ['ftp://host/x', "InvalidSchema('A redirect leads to ftp:')"],
];
for (const [location, outcome] of locations) {
  test(`a location ${location} leads to ${outcome}`, async (t) => {
    const target = await serve(t, (request, response) => {
      if (request.url === '/302') response.writeHead(302, { location }).end();
      else void echo(request, response);
    });
    const user = makeUser({ host: target.url });
    const answer = await user.client.get('/302');
    assert.equal(answer.status === 200 ? answer.json<Echo>().url : failuresOf(user)[0], outcome);
  });
}

test('a location in raw UTF-8 is followed', async (t) => {
  const target = await serve(t, (request, response) => {
    if (request.url === '/') response.socket?.end(Buffer.from('HTTP/1.1 302 Found\r\nlocation: /blå\r\n\r\n'));
    else response.end(request.url);
  });
  assert.equal((await makeUser({ host: target.url }).client.get('/')).text(), '/bl%C3%A5');
});

test('a 302 without a location is an answer', async (t) => {
  const target = await serve(t, (_request, response) => response.writeHead(302).end('where?'));
  const user = makeUser({ host: target.url });
  assert.equal((await user.client.get('/')).text(), 'where?');
  assert.deepEqual(namesOf(user), ['GET /']);
});

test('a stream cannot be sent again, which is a failure', async (t) => {
  const target = await serveRedirects(t);
  const user = makeUser({ host: target.url });
  await user.client.post('/307', { body: Readable.from([Buffer.from('x')]) });
  assert.deepEqual(failuresOf(user), ["UnrewindableBodyError('Unable to rewind request body for redirect')"]);
});

test('the time of a chain is that of all its requests', async (t) => {
  const target = await serve(t, (request, response) => {
    const answer = (): unknown =>
      request.url === '/a' ? response.writeHead(302, { location: '/b' }).end() : response.end();
    setTimeout(answer, 30);
  });
  const answer = await makeUser({ host: target.url }).client.get('/a');
  assert.ok(answer.elapsed >= 58, `${answer.elapsed} ms`);
  assert.ok(answer.firstByte >= 58 && answer.firstByte <= answer.elapsed);
});
