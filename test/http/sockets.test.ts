// What is FastHttpUser's own: its connections, what it sends, what it keeps.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { FastHttpUser } from '../../src/http/fast-http-user.ts';
import { HttpSession } from '../../src/http/session.ts';
import { answerOf, serveBytes } from './bytes-server.ts';
import { key, serve } from './target.ts';
import { failuresOf, makeUser, testFast } from './user-under-test.ts';

testFast();

test('what it cannot do is refused with where to find it, before anything is sent', async () => {
  const proxy = 'http://127.0.0.1:1';
  assert.throws(() => makeUser({ http2: true }), { name: 'UsageError', message: /HTTP\/1\.1 only.*extend HttpUser/ });
  assert.throws(() => makeUser({ proxy }), { name: 'UsageError', message: /no proxies.*extend HttpUser/ });
  const user = makeUser({ host: 'http://127.0.0.1:1' });
  await assert.rejects(user.client.get('/', { proxy }), { name: 'UsageError', message: /extend HttpUser/ });
  assert.throws(() => new HttpSession(user, { http2: true }), { name: 'UsageError' });
});

test('a session of its own is as fast', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${answerOf('ok')}`));
  const session = new HttpSession(makeUser(), { host: server.url });
  assert.equal((await session.get('/')).text(), 'ok');
});

test('a request is one head in the order of its parts', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write(answerOf('')));
  const { client } = makeUser({ host: server.url, headers: { 'x-one': '1' } });
  await client.post('/a?b=c', { json: { d: 'e' } });
  const own = 'user-agent: katydid\r\naccept-encoding: gzip, deflate, br\r\naccept: */*\r\nx-one: 1\r\n';
  const host = `host: 127.0.0.1:${server.port}\r\nconnection: keep-alive\r\n`;
  const body = 'content-type: application/json\r\ncontent-length: 9\r\n\r\n{"d":"e"}';
  assert.equal(server.received(), `POST /a?b=c HTTP/1.1\r\n${host}${own}${body}`);
});

test('a POST without a body says so, a GET says nothing', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write(answerOf('')));
  const { client } = makeUser({ host: server.url });
  await client.get('/');
  assert.doesNotMatch(server.received(), /content-length/);
  await client.post('/');
  assert.match(server.received(), /\r\ncontent-length: 0\r\n\r\n$/);
});

test('headers in Latin-1 and a body in UTF-8 go out as they are, with cookies too', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write(answerOf('')));
  const { client } = makeUser({ host: server.url });
  const sent: string[] = [];
  for (const cookie of [undefined, 'yes']) {
    if (cookie !== undefined) client.cookies.set('c', cookie);
    for (const headers of [{}, { 'x-name': 'bl\u00e5' }]) {
      const before = server.received().length;
      await client.post('/', { body: '✓å', headers });
      sent.push(server.received().slice(before));
    }
  }
  const body = Buffer.from('✓å').toString('latin1');
  for (const text of sent) assert.ok(text.endsWith(`content-length: 5\r\n\r\n${body}`), text);
  assert.deepEqual(
    sent.map((text) => [text.includes('x-name: bl\xe5\r\n'), text.includes('cookie: c=yes\r\n')]),
    [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ],
  );
});

test("a host header of one's own replaces the usual one", async (t) => {
  const server = await serveBytes(t, (socket) => socket.write(answerOf('')));
  await makeUser({ host: server.url }).client.get('/', { headers: { Host: 'virtual.test' } });
  assert.deepEqual(server.received().match(/^host: .*$/gim), ['host: virtual.test']);
});

test('connection: close of a request ends its connection', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write(answerOf('ok')));
  const { client } = makeUser({ host: server.url, headers: { connection: 'close' } });
  for (let i = 0; i < 2; i++) assert.equal((await client.get('/')).text(), 'ok');
  assert.equal(server.connections(), 2);
  assert.match(server.received(), /connection: close\r\n/);
});

test('an IPv6 address', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write(answerOf('six')), { host: '::1' }).catch(() => undefined);
  if (server === undefined) return t.skip('no IPv6 here');
  assert.equal((await makeUser({ host: server.url }).client.get('/')).text(), 'six');
  assert.match(server.received(), /host: \[::1\]:\d+\r\n/);
});

test('TLS asks for http/1.1 and says the name, but no address', async (t) => {
  const seen: unknown[] = [];
  const tls = { cert: key('server'), key: key('server-key'), ALPNProtocols: ['h2', 'http/1.1'] };
  const server = await serveBytes(
    t,
    (socket) => {
      const { alpnProtocol, servername } = socket as unknown as { alpnProtocol: unknown; servername: unknown };
      seen.push([alpnProtocol, servername]);
      socket.write(answerOf('ok'));
    },
    { tls },
  );
  const ca = key('authority');
  for (const servername of [undefined, 'server.test']) {
    assert.equal((await makeUser({ host: server.url, tls: { ca, servername } }).client.get('/')).text(), 'ok');
  }
  assert.deepEqual(seen, [
    ['http/1.1', false],
    ['http/1.1', 'server.test'],
  ]);
});

test('a large body over TLS arrives whole', async (t) => {
  const target = await serve(t, (_request, response) => response.end(Buffer.alloc(1_000_000, 'x')), {});
  const answer = await makeUser({ host: target.url, tls: { ca: key('authority') } }).client.get('/');
  assert.equal(answer.bytes.equals(Buffer.alloc(1_000_000, 'x')), true);
});

test('a body that was handed out does not change with the next answers', async (t) => {
  let count = 0;
  const server = await serveBytes(t, (socket) => socket.write(answerOf(String(count++ % 10).repeat(count * 3000))));
  const { client } = makeUser({ host: server.url });
  const answers = [];
  for (let i = 0; i < 8; i++) answers.push(await client.get('/'));
  const bodies = answers.map((answer) => answer.bytes);
  for (let i = 0; i < 8; i++) await client.get('/');
  for (const [index, body] of bodies.entries()) {
    assert.equal(body.toString(), String(index).repeat((index + 1) * 3000));
    assert.equal(body.length, answers[index]?.contentLength);
  }
});

test('answers that differ by a letter in the head are not taken for each other', async (t) => {
  const heads = ['x: a\r\n', 'x: b\r\n', 'x: b\r\n', 'y: b\r\n', 'x: a\r\nx: a\r\n', 'x: b\r\n'];
  let count = 0;
  const server = await serveBytes(t, (socket) => socket.write(answerOf('body', heads[count++])));
  const { client } = makeUser({ host: server.url });
  const seen: unknown[] = [];
  for (const _head of heads) {
    const { headers } = await client.get('/');
    seen.push([headers.x, headers.y]);
  }
  assert.deepEqual(seen, [
    ['a', undefined],
    ['b', undefined],
    ['b', undefined],
    [undefined, 'b'],
    ['a, a', undefined],
    ['b', undefined],
  ]);
});

for (const pad of ['a', 'ab', 'abc', 'abcd']) {
  test(`a head that goes on where the known one ended is another one (${pad})`, async (t) => {
    let count = 0;
    const more = ['', '', '', 'more: 1\r\n', ''];
    const server = await serveBytes(t, (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 4\r\nx: ${pad}\r\n${more[count++]}\r\nbody`);
    });
    const { client } = makeUser({ host: server.url });
    const seen: unknown[] = [];
    for (const _one of more) {
      const answer = await client.get('/');
      seen.push([answer.headers.more ?? '', answer.text()]);
    }
    assert.deepEqual(
      seen,
      more.map((text) => [text === '' ? '' : '1', 'body']),
    );
  });
}

test('a head known by heart may come in pieces, and its body later', async (t) => {
  let count = 0;
  const server = await serveBytes(t, async (socket) => {
    const text = answerOf(`body ${count}`);
    const cut = [text.length, 10, text.length - 3, text.indexOf('body'), text.length - 6, 1][count++] ?? 0;
    socket.write(text.slice(0, cut));
    await sleep(2);
    socket.write(text.slice(cut));
  });
  const { client } = makeUser({ host: server.url });
  for (let i = 0; i < 6; i++) assert.equal((await client.get('/')).text(), `body ${i}`);
  assert.equal(server.connections(), 1);
});

test('a byte on an idle connection ends it', async (t) => {
  const server = await serveBytes(t, async (socket) => {
    socket.write(answerOf('first'));
    await turn();
    socket.write(answerOf('poison'));
  });
  const user = makeUser({ host: server.url });
  for (let i = 0; i < 3; i++) {
    assert.equal((await user.client.get('/')).text(), 'first');
    await sleep(10);
  }
  assert.deepEqual([server.connections(), failuresOf(user)], [3, []]);
});

test('the keep-alive time-out of a server is respected, half a second early', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write(answerOf('ok', 'keep-alive: timeout=5, max=9\r\n')));
  const { client } = makeUser({ host: server.url });
  let late = 0;
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + late);
  const connections: number[] = [];
  for (late of [0, 4300, 9000, 9001]) {
    await client.get('/');
    connections.push(server.connections());
  }
  assert.deepEqual(connections, [1, 1, 2, 2]);
});

test('a server that ends each connection at once by its keep-alive', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write(answerOf('ok', 'keep-alive: timeout=0\r\n')));
  const { client } = makeUser({ host: server.url });
  for (let i = 0; i < 3; i++) await client.get('/');
  assert.equal(server.connections(), 3);
});

test('a switch of protocols that nobody asked for is refused at once', async (t) => {
  const server = await serveBytes(t, (socket) => socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n'));
  const user = makeUser({ host: server.url });
  assert.equal((await user.client.get('/', { timeout: 2 })).error?.name, 'HTTPParserError');
});

test('a user who has ended leaves no connection', async (t) => {
  let closed: Promise<unknown> | undefined;
  const server = await serveBytes(t, (socket) => {
    closed = once(socket, 'close');
    socket.write(answerOf('ok'));
  });
  const user = makeUser({ host: server.url });
  await user.client.get('/');
  user.life.end();
  await closed;
});

test('FastHttpUser is a HttpUser that is no user by itself', () => {
  assert.equal(FastHttpUser.abstract, true);
});
