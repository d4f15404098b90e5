import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { StopUser } from '../../src/errors.ts';
import { serve } from './target.ts';
import { counted, makeUser, namesOf } from './user-under-test.ts';

/** Fails the test on any unhandled rejection. */
function noUnhandled(t: TestContext): void {
  const fail = (reason: unknown): void => assert.fail(`unhandled: ${reason}`);
  process.on('unhandledRejection', fail);
  t.after(() => process.off('unhandledRejection', fail));
}

test('requests that follow each other use one connection', async (t) => {
  const target = await serve(t, (_request, response) => response.end('x'.repeat(10)));
  const { client } = makeUser({ host: target.url });
  for (let i = 0; i < 20; i++) await client.post('/', { json: i });
  assert.equal(target.connections(), 1);
});

test('requests made at once run at once, and ten of their connections are kept', async (t) => {
  const waiting: (() => void)[] = [];
  const target = await serve(t, (_request, response) => {
    waiting.push(() => response.end('ok'));
    if (waiting.length === 15) for (const answer of waiting.splice(0)) answer();
  });
  const user = makeUser({ host: target.url });
  const all = (): Promise<unknown> => Promise.all(Array.from({ length: 15 }, (_, i) => user.client.get(`/${i}`)));
  await all();
  assert.equal(target.connections(), 15);
  await all();
  assert.equal(target.connections(), 20);
  assert.equal(namesOf(user).length, 15);
});

test('a new user starts without connections', async (t) => {
  const target = await serve(t, (_request, response) => response.end());
  for (let i = 0; i < 3; i++) await makeUser({ host: target.url }).client.get('/');
  assert.equal(target.connections(), 3);
});

test('close ends the idle connections, and the session goes on', async (t) => {
  const target = await serve(t, (_request, response) => response.end());
  const { client } = makeUser({ host: target.url });
  await client.get('/');
  client.close();
  assert.equal((await client.get('/')).status, 200);
  assert.equal(target.connections(), 2);
});

test('an abort ends requests in flight with StopUser, counts nothing and closes the connections', async (t) => {
  noUnhandled(t);
  let closed: Promise<unknown> | undefined;
  const target = await serve(t, (request) => {
    closed = once(request.socket, 'close');
    user.life.abort();
  });
  const user = makeUser({ host: target.url });
  await assert.rejects(user.client.get('/never'), StopUser);
  await assert.rejects(user.client.get('/late'), StopUser);
  await closed;
  assert.deepEqual(namesOf(user), []);
});

test('an abort while the connection is being opened ends the request', async (t) => {
  const target = await serve(t, () => {});
  const user = makeUser({ host: target.url });
  const answer = user.client.get('/');
  user.life.abort();
  await assert.rejects(answer, StopUser);
});

test('an abort in the middle of a body, of a redirect chain, of a check', async (t) => {
  noUnhandled(t);
  const target = await serve(t, (request, response) => {
    if (request.url === '/chain') response.writeHead(302, { location: '/body' }).end();
    else if (request.url === '/body') {
      response.write('begun');
      setTimeout(() => current.life.abort(), 5);
    } else response.end();
  });
  let current = makeUser({ host: target.url });
  for (const path of ['/body', '/chain']) {
    current = makeUser({ host: target.url });
    await assert.rejects(current.client.get(path), StopUser);
    assert.deepEqual(namesOf(current), []);
  }
  current = makeUser({ host: target.url });
  const catchResponse = (): void => current.life.abort();
  await assert.rejects(current.client.get('/', { catchResponse }), StopUser);
  assert.deepEqual(namesOf(current), []);
});

test('onStop after an abort can make requests again, until the end', async (t) => {
  const target = await serve(t, (request, response) => {
    if (request.url === '/never') user.life.abort();
    else response.end('bye');
  });
  const user = makeUser({ host: target.url });
  await assert.rejects(user.client.get('/never'), StopUser);
  user.life.beginEnd();
  assert.equal((await user.client.post('/logout')).text(), 'bye');
  assert.deepEqual(namesOf(user), ['POST /logout']);
  user.life.end();
  await assert.rejects(user.client.get('/'), StopUser);
  assert.deepEqual(namesOf(user), []);
});

test('the end of onStop ends its requests, too', async (t) => {
  noUnhandled(t);
  const target = await serve(t, (request) => (request.url === '/task' ? user.life.abort() : user.life.end()));
  const user = makeUser({ host: target.url });
  await assert.rejects(user.client.get('/task'), StopUser);
  user.life.beginEnd();
  await assert.rejects(user.client.get('/stop'), StopUser);
  assert.deepEqual(namesOf(user), []);
});

test('a stop lets a request end that is in flight', async (t) => {
  const target = await serve(t, (_request, response) => {
    user.life.stop();
    response.end('ended well');
  });
  const user = makeUser({ host: target.url });
  assert.equal((await user.client.get('/')).text(), 'ended well');
  assert.deepEqual(namesOf(user), ['GET /']);
});

test('calls that nobody waits for are no unhandled rejections when the user ends', async (t) => {
  noUnhandled(t);
  const target = await serve(t, (request, response) => {
    if (request.url === '/stream') response.write('begun');
  });
  const user = makeUser({ host: target.url });
  void user.client.get('/a');
  void user.client.get('/b', { catchResponse: () => {} });
  void user.client.get('/stream', { stream: true });
  void user.client.fetch('/f').catch(() => {});
  await sleep(20);
  user.life.end();
  void user.client.get('/c');
  await sleep(20);
  assert.deepEqual(namesOf(user), []);
});

test('the signal of a user is listened to once, however many requests it makes', async (t) => {
  const target = await serve(t, (_request, response) => response.end());
  const user = makeUser({ host: target.url });
  let listeners = 0;
  const { signal } = user;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>): void => {
    listeners++;
    add(...given);
  };
  for (let i = 0; i < 5; i++) await user.client.get('/');
  assert.equal(listeners, 1);
});

test('a signal of a request gives it up, which is a failure', async (t) => {
  const controller = new AbortController();
  const target = await serve(t, () => controller.abort());
  const user = makeUser({ host: target.url });
  const answer = await user.client.get('/', { signal: controller.signal });
  assert.equal(answer.status, 0);
  assert.deepEqual(
    counted(user).errors.map(({ error }) => error),
    ["AbortError('The request was given up')"],
  );
  assert.equal((await user.client.get('/', { signal: AbortSignal.abort() })).error?.name, 'AbortError');
});
