import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Echo, echo, serve } from './target.ts';
import { makeUser } from './user-under-test.ts';

test('a cookie that is set on the way of a redirect is sent from then on', async (t) => {
  const target = await serve(t, (request, response) => {
    if (request.url === '/login') {
      response.writeHead(302, { location: '/home', 'set-cookie': ['sid=1; HttpOnly', 'theme=dark; Path=/'] }).end();
    } else void echo(request, response);
  });
  const user = makeUser({ host: target.url });
  const answer = await user.client.post('/login', { form: { user: 'ada' } });
  assert.equal(answer.json<Echo>().headers.cookie, 'sid=1; theme=dark');
  assert.equal((await user.client.get('/next')).json<Echo>().headers.cookie, 'sid=1; theme=dark');
  assert.equal(user.client.cookies.get('sid'), '1');
});

test('each user has a jar of its own', async (t) => {
  const target = await serve(t, (request, response) => {
    response.setHeader('set-cookie', 'sid=1');
    void echo(request, response);
  });
  const user = makeUser({ host: target.url });
  await user.client.get('/');
  const other = makeUser({ host: target.url });
  assert.equal((await other.client.get('/')).json<Echo>().headers.cookie, undefined);
});

test('cookies are set, read and forgotten by hand', async (t) => {
  const target = await serve(t, echo);
  const { client } = makeUser({ host: target.url });
  assert.equal(client.cookies.get('a'), undefined);
  client.cookies.set('a', '1');
  assert.equal((await client.get('/')).json<Echo>().headers.cookie, 'a=1');
  client.cookies.set('a', '2');
  assert.equal((await client.get('/')).json<Echo>().headers.cookie, 'a=2');
  client.cookies.clear();
  assert.equal((await client.get('/')).json<Echo>().headers.cookie, undefined);
});

test('a cookie with a path is sent only there', async (t) => {
  const target = await serve(t, echo);
  const { client } = makeUser({ host: target.url });
  client.cookies.set('all', '1');
  client.cookies.set('deep', '2', { path: '/deep' });
  assert.equal((await client.get('/')).json<Echo>().headers.cookie, 'all=1');
  assert.equal((await client.get('/deep/er?x=1')).json<Echo>().headers.cookie, 'deep=2; all=1');
  assert.equal(client.cookies.get('deep'), '2');
});

test('a cookie goes to its host only', async (t) => {
  const target = await serve(t, (request, response) => {
    response.setHeader('set-cookie', 'sid=1');
    void echo(request, response);
  });
  const { client } = makeUser({ host: target.url });
  await client.get('/');
  assert.equal(client.cookies.get('sid', `${target.url}/x`), '1');
  assert.equal(client.cookies.get('sid', 'http://example.com/'), undefined);
});

test('an expired cookie is gone, a broken one is left out', async (t) => {
  const set = ['a=1', 'a=; Max-Age=0', 'foreign=1; Domain=example.com', '=', 'b=2'];
  const target = await serve(t, (request, response) => {
    if (request.url === '/set') response.setHeader('set-cookie', set);
    void echo(request, response);
  });
  const { client } = makeUser({ host: target.url });
  const answer = await client.get('/set');
  assert.equal((await client.get('/')).json<Echo>().headers.cookie, 'b=2');
  assert.deepEqual(answer.setCookies, set);
  assert.equal(answer.cookies.b, '2');
});

test('a cookie header of one request wins over the jar', async (t) => {
  const target = await serve(t, echo);
  const { client } = makeUser({ host: target.url });
  client.cookies.set('a', '1');
  const answer = await client.get('/', { headers: { Cookie: 'own=1' } });
  assert.equal(answer.json<Echo>().headers.cookie, 'own=1');
});
