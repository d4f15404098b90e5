import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { failureOf } from '../../src/http/failure.ts';
import { serve } from './target.ts';
import { counted, failuresOf, isFast, makeUser } from './user-under-test.ts';

/** A server of bare bytes: what it says to each connection when something arrives. */
async function serveBytes(t: TestContext, answer: string | undefined): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer ?? ''));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a refused connection is status 0 and a failure without its port', async () => {
  const user = makeUser({ host: `http://127.0.0.1:${await freePort()}` });
  const answers = [await user.client.get('/'), await user.client.get('/')];
  for (const answer of answers) {
    assert.deepEqual([answer.status, answer.ok, answer.text(), answer.contentLength], [0, false, '', 0]);
    assert.equal(answer.error?.name, 'ConnectionRefusedError');
    assert.ok(answer.elapsed > 0 && answer.firstByte === 0);
    assert.throws(() => answer.raiseForStatus(), answer.error);
    assert.throws(() => answer.json(), answer.error);
  }
  const { errors, entries } = counted(user);
  assert.deepEqual(
    errors.map(({ error, occurrences }) => [error, occurrences]),
    [["ConnectionRefusedError('Connection refused')", 2]],
  );
  assert.deepEqual([entries[0]?.numRequests, entries[0]?.numFailures], [2, 2]);
});

test('localhost, which is two addresses, is refused in the same words', async () => {
  const user = makeUser({ host: `http://localhost:${await freePort()}` });
  await user.client.get('/');
  assert.deepEqual(failuresOf(user), ["ConnectionRefusedError('Connection refused')"]);
});

test('a name that nobody knows', async () => {
  const user = makeUser({ host: 'http://nobody.invalid' });
  await user.client.get('/');
  assert.match(failuresOf(user)[0] ?? '', /^NameResolutionError\('(Name or service not known|Temporary failure.*)'\)$/);
});

const broken: readonly [what: string, answer: string, failure: string][] = [
  ['nothing', '', "RemoteDisconnected('Remote end closed connection without response')"],
  [
    'half an answer',
    'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf',
    "IncompleteRead('Remote end closed connection in the middle of the answer')",
  ],
  [
    'no HTTP',
    'what?\r\n\r\n',
    "HTTPParserError('Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)')",
  ],
];
for (const [what, bytes, failure] of broken) {
  test(`a server that says ${what}`, async (t) => {
    const user = makeUser({ host: await serveBytes(t, bytes) });
    assert.equal((await user.client.get('/')).status, 0);
    assert.deepEqual(failuresOf(user), [failure]);
  });
}

test('a time-out fails with the limit in its text, in the headers and in the body', async (t) => {
  const target = await serve(t, (request, response) => {
    if (request.url === '/body') response.write('begun');
  });
  const user = makeUser({ host: target.url });
  for (const path of ['/headers', '/body']) {
    const answer = await user.client.get(path, { timeout: 0.03 });
    assert.equal(answer.status, 0);
    assert.ok(answer.elapsed >= 28 && answer.elapsed < 3000, `${answer.elapsed} ms`);
  }
  assert.deepEqual(failuresOf(user), Array(2).fill("TimeoutError('No whole answer within 0.03 s')"));
});

test("a class's own time-out holds, and the next request has a connection of its own", async (t) => {
  const target = await serve(t, (request, response) => {
    if (request.url !== '/never') response.end('ok');
  });
  const user = makeUser({ host: target.url, timeout: 0.03 });
  assert.equal((await user.client.get('/never')).status, 0);
  // The answer itself is given more time than that: the machine may be busy.
  assert.equal((await user.client.get('/ok', { timeout: 10 })).text(), 'ok');
});

test('a time-out ends a connection that is being opened', async () => {
  // An address of TEST-NET-1, where nothing answers; without a route there the failure is another one.
  const user = makeUser({ host: 'http://192.0.2.1' });
  const answer = await user.client.get('/', { timeout: 0.03 });
  assert.equal(answer.status, 0);
  assert.match(failuresOf(user)[0] ?? '', /^(TimeoutError|OSError|ConnectionRefusedError|Connect)/);
});

test('a connection that the server closed while it was idle is opened again', async (t) => {
  const target = await serve(t, (request, response) => response.end('ok', () => request.socket.end()));
  const user = makeUser({ host: target.url });
  for (let i = 0; i < 3; i++) {
    assert.equal((await user.client.post('/')).text(), 'ok');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(target.connections(), 3);
  assert.deepEqual(failuresOf(user), []);
});

if (!isFast()) {
  test('a request that the server drops is not sent again', async (t) => {
    let requests = 0;
    const target = await serve(t, (request, response) => {
      if (++requests === 2) request.socket.destroy();
      else response.end('ok');
    });
    const user = makeUser({ host: target.url });
    assert.deepEqual([(await user.client.get('/')).status, (await user.client.get('/')).status, requests], [200, 0, 2]);
    assert.equal((await user.client.get('/')).status, 200);
  });
}

const texts: readonly [thrown: object, failure: string][] = [
  [{ code: 'EMFILE' }, 'OSError: Too many open files'],
  [{ code: 'EHOSTUNREACH', message: 'connect EHOSTUNREACH 10.0.0.1:80' }, 'OSError: host is unreachable'],
  [{ name: 'Odd', message: 'at 10.0.0.1:8080 and [::1]:80, localhost:1 0x7ff' }, 'Odd: at … and …, … …'],
  [{ code: 'EPROTO', message: 'write EPROTO 80:error:0A:SSL routines:f:bad alert:../x.c:1:' }, 'SSLError: bad alert'],
  [
    { code: 'ERR_SSL_WRONG_VERSION_NUMBER', reason: 'wrong version number', message: 'C0FF' },
    'SSLError: wrong version',
  ],
];
for (const [thrown, expected] of texts) {
  test(`the text of a failure groups: ${expected}`, () => {
    const { name, message } = failureOf(Object.assign(new Error(), thrown), false);
    assert.equal(`${name}: ${message}`.slice(0, expected.length), expected);
  });
}
