// Bodies that FastHttpUser sends piece by piece, or only when they are wanted.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf, serveBytes } from './bytes-server.ts';
import { serve } from './target.ts';
import { failuresOf, makeUser, testFast } from './user-under-test.ts';

testFast();

for (const [what, body] of [
  ['a text', 'the body'],
  ['bytes', Buffer.from('the body')],
  ['a stream', Readable.from(['the body'])],
] as const) {
  test(`expect: 100-continue keeps ${what} until the server wants it`, async (t) => {
    let early = '';
    const server = await serveBytes(t, async (socket) => {
      await sleep(10);
      early = server.received();
      socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      await once(socket, 'data');
      socket.write(answerOf('thanks'));
    });
    const { client } = makeUser({ host: server.url, headers: { expect: '100-continue' } });
    assert.equal((await client.post('/', { body })).text(), 'thanks');
    assert.doesNotMatch(early, /the body/);
    assert.match(server.received(), /the body/);
  });
}

test('a body that the server refused after expect is not sent, and the connection not used again', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write('HTTP/1.1 417 No\r\ncontent-length: 0\r\n\r\n'));
  const { client } = makeUser({ host: server.url });
  for (let i = 0; i < 2; i++) {
    assert.equal((await client.post('/', { body: 'the body', headers: { expect: '100-continue' } })).status, 417);
  }
  assert.doesNotMatch(server.received(), /the body/);
  assert.equal(server.connections(), 2);
});

test('an answer before the end of an upload ends the upload and its source', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write('HTTP/1.1 413 No\r\ncontent-length: 0\r\n\r\n'));
  const { client } = makeUser({ host: server.url });
  const body = new Readable({ read() {} });
  body.push('begun');
  assert.equal((await client.post('/', { body })).status, 413);
  assert.equal(body.destroyed, true);
  assert.equal((await client.get('/')).status, 413);
  assert.equal(server.connections(), 2);
});

test('a large upload waits for the server', async (t) => {
  let length = 0;
  const target = await serve(t, async (request, response) => {
    await sleep(10);
    for await (const chunk of request) length += (chunk as Buffer).length;
    response.end('ok');
  });
  async function* parts(): AsyncGenerator<Buffer> {
    for (let i = 0; i < 100; i++) yield Buffer.alloc(50_000, 'x');
  }
  assert.equal((await makeUser({ host: target.url }).client.put('/', { body: parts() })).text(), 'ok');
  assert.equal(length, 5_000_000);
});

test('a stream with a content-length of its own must be as long', async (t) => {
  const target = await serve(t, async (request, response) => {
    for await (const _chunk of request);
    response.end(request.headers['transfer-encoding'] ?? request.headers['content-length']);
  });
  const user = makeUser({ host: target.url });
  const headers = { 'content-length': 5 };
  assert.equal((await user.client.put('/', { body: Readable.from(['hello']), headers })).text(), '5');
  for (const text of ['hell', 'hello!']) {
    assert.equal((await user.client.put('/', { body: Readable.from([text]), headers })).status, 0);
  }
  assert.equal((await user.client.put('/', { body: 'hell', headers })).status, 0);
  assert.deepEqual(failuresOf(user), [
    "RequestContentLengthMismatchError('Request body length does not match content-length header')",
  ]);
});
