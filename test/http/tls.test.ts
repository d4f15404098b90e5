import assert from 'node:assert/strict';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { echo, key, serve } from './target.ts';
import { failuresOf, isFast, makeUser } from './user-under-test.ts';

const ca = key('authority');

test('a certificate of nobody known is a failure', async (t) => {
  const target = await serve(t, echo, {});
  const user = makeUser({ host: target.url });
  assert.equal((await user.client.get('/')).status, 0);
  assert.deepEqual(failuresOf(user), ["SSLError('unable to verify the first certificate')"]);
});

test('it is taken with its authority, or unseen', async (t) => {
  const target = await serve(t, echo, {});
  for (const tls of [{ ca }, { ca: [ca.toString()] }, { insecure: true }]) {
    assert.equal((await makeUser({ host: target.url, tls }).client.get('/')).status, 200);
  }
});

test('a request may have tls of its own, and has connections of its own with it', async (t) => {
  const target = await serve(t, echo, {});
  const user = makeUser({ host: target.url });
  for (let i = 0; i < 3; i++) assert.equal((await user.client.get('/', { tls: { ca } })).status, 200);
  assert.equal(target.connections(), 1);
  assert.equal((await user.client.get('/')).status, 0);
});

test('the name in the certificate must be that of the host', async (t) => {
  const target = await serve(t, echo, {});
  const wrong = makeUser({ host: target.url, tls: { ca, servername: 'other.test' } });
  assert.equal((await wrong.client.get('/')).status, 0);
  assert.match(failuresOf(wrong)[0] ?? '', /^SSLError\(.*altnames/);
  const right = makeUser({ host: target.url, tls: { ca, servername: 'server.test' } });
  assert.equal((await right.client.get('/')).status, 200);
});

test('a client certificate is shown to the server', async (t) => {
  const target = await serve(
    t,
    (request, response) => response.end((request.socket as TLSSocket).getPeerCertificate().subject?.CN),
    { ca, requestCert: true, rejectUnauthorized: true },
  );
  const known = makeUser({ host: target.url, tls: { ca, cert: key('client'), key: key('client-key') } });
  assert.equal((await known.client.get('/')).text(), 'client.test');
  const unknown = makeUser({ host: target.url, tls: { ca } });
  assert.equal((await unknown.client.get('/')).status, 0);
  assert.match(failuresOf(unknown)[0] ?? '', /^(SSLError|ConnectionResetError|RemoteDisconnected)\(/);
});

test('each connection is a handshake of its own', async (t) => {
  const resumed: boolean[] = [];
  const target = await serve(
    t,
    (request, response) => {
      resumed.push((request.socket as TLSSocket).isSessionReused());
      response.setHeader('connection', 'close').end();
    },
    {},
  );
  const { client } = makeUser({ host: target.url, tls: { ca } });
  for (let i = 0; i < 3; i++) await client.get('/');
  assert.deepEqual(resumed, [false, false, false]);
});

test('plain HTTP to a TLS port and TLS to a plain one fail in stable words', async (t) => {
  const plain = await serve(t, echo);
  const user = makeUser({ host: plain.url.replace('http', 'https') });
  for (let i = 0; i < 2; i++) await user.client.get('/');
  assert.deepEqual(failuresOf(user), ["SSLError('wrong version number')"]);
});

if (!isFast()) {
  test('http2 where the server agrees to it', async (t) => {
    const server = createSecureServer({ cert: key('server'), key: key('server-key'), allowHTTP1: true });
    const sessions = new Set<{ destroy(): void }>();
    server.on('session', (session) => sessions.add(session));
    server.on('request', (request, response) => {
      response.writeHead(request.url === '/fail' ? 500 : 200, { 'set-cookie': ['a=1', 'b=2'] });
      response.end(request.httpVersion);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => {
      for (const session of sessions) session.destroy();
      server.close();
    });
    const host = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const user = makeUser({ host, tls: { ca }, http2: true });
    const answers = [await user.client.get('/'), await user.client.post('/', { json: 1 })];
    assert.deepEqual(
      answers.map((answer) => answer.text()),
      ['2.0', '2.0'],
    );
    assert.deepEqual({ ...answers[1]?.cookies }, { a: '1', b: '2' });
    await user.client.get('/fail');
    assert.deepEqual(failuresOf(user), ["HTTPError('500 Server Error: Internal Server Error for url: /fail')"]);
    assert.equal(sessions.size, 1);
    assert.equal((await makeUser({ host, tls: { ca } }).client.get('/')).text(), '1.1');
    user.life.end();
  });
}
