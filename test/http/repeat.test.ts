// FastHttpUser sends a request a second time, if it can be repeated and the connection was closed unseen.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { answerOf, serveBytes } from './bytes-server.ts';
import { counted, failuresOf, makeUser, testFast } from './user-under-test.ts';

testFast();

const repeatable: readonly [method: string, isRepeated: boolean][] = [
  ['GET', true],
  ['HEAD', true],
  ['PUT', true],
  ['DELETE', true],
  ['OPTIONS', true],
  ['POST', false],
  ['PATCH', false],
];
for (const [method, isRepeated] of repeatable) {
  test(`${method} on a connection that was closed unseen is ${isRepeated ? '' : 'not '}sent again, once`, async (t) => {
    let requests = 0;
    const server = await serveBytes(t, (socket) => {
      if (++requests === 2) socket.destroy();
      else socket.write(method === 'HEAD' ? answerOf('') : answerOf('ok'));
    });
    const user = makeUser({ host: server.url });
    await user.client.request(method, '/');
    const { status } = await user.client.request(method, '/', method === 'PUT' ? { body: 'again' } : {});
    assert.deepEqual([status, user.client.repeats, requests], isRepeated ? [200, 1, 3] : [0, 0, 2]);
    assert.equal(counted(user).entries[0]?.numRequests, 2);
  });
}

const unrepeatable: readonly [what: string, before: boolean, answer: string, options: object][] = [
  ['on a new connection', false, '', {}],
  ['after a byte of the answer', true, 'H', {}],
  ['after its head', true, 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n', {}],
  ['with a stream for a body', true, '', { body: Readable.from(['x']) }],
];
for (const [what, before, answer, options] of unrepeatable) {
  test(`a request is not sent again ${what}`, async (t) => {
    let requests = 0;
    const server = await serveBytes(t, (socket) => {
      if (++requests === (before ? 2 : 1)) socket.end(answer);
      else socket.write(answerOf('ok'));
    });
    const user = makeUser({ host: server.url });
    if (before) await user.client.get('/');
    assert.equal((await user.client.put('/', options)).status, 0);
    assert.equal(user.client.repeats, 0);
    assert.match(failuresOf(user)[0] ?? '', /^(RemoteDisconnected|IncompleteRead)\(/);
  });
}

test('a request whose second sending fails, too, has failed', async (t) => {
  let requests = 0;
  const server = await serveBytes(t, (socket) => (++requests === 1 ? socket.write(answerOf('ok')) : socket.destroy()));
  const user = makeUser({ host: server.url });
  await user.client.get('/');
  assert.equal((await user.client.get('/')).status, 0);
  assert.deepEqual([user.client.repeats, requests], [1, 3]);
});
