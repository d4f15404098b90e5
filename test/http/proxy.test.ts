import assert from 'node:assert/strict';
import { request as ask, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Echo, echo, key, serve } from './target.ts';
import { failuresOf, makeUser, namesOf } from './user-under-test.ts';

interface Proxy {
  readonly url: string;
  /** What it was asked: method, target, credentials. */
  readonly asked: (string | undefined)[][];
}

/** A proxy that forwards, and opens tunnels unless told to refuse. */
async function serveProxy(t: TestContext, refusal?: string): Promise<Proxy> {
  const asked: (string | undefined)[][] = [];
  const server = createServer((request, response) => {
    asked.push([request.method, request.url, request.headers['proxy-authorization']]);
    const { method = '', headers } = request;
    request.pipe(
      ask(request.url ?? '', { method, headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      }),
    );
  });
  server.on('connect', (request, socket) => {
    asked.push([request.method, request.url, request.headers['proxy-authorization']]);
    if (refusal !== undefined) return socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on('error', () => onward.destroy());
    t.after(() => onward.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('plain HTTP is forwarded by the proxy, which gets whole URLs', async (t) => {
  const target = await serve(t, echo);
  const proxy = await serveProxy(t);
  const user = makeUser({ host: target.url, proxy: proxy.url.replace('//', '//ada:pw@') });
  const answer = await user.client.post('/path?q=1', { json: { a: 1 } });
  const sent = answer.json<Echo>();
  assert.deepEqual([sent.url, sent.body, sent.headers.host], ['/path?q=1', '{"a":1}', target.url.slice(7)]);
  assert.deepEqual(proxy.asked, [['POST', `${target.url}/path?q=1`, 'Basic YWRhOnB3']]);
  assert.deepEqual(namesOf(user), ['POST /path?q=1']);
});

test('https goes through a tunnel, which is kept', async (t) => {
  const target = await serve(t, echo, {});
  const proxy = await serveProxy(t);
  const user = makeUser({
    host: target.url,
    tls: { ca: key('authority') },
    proxy: proxy.url.replace('//', '//ada:pw@'),
  });
  for (let i = 0; i < 2; i++) assert.equal((await user.client.get('/x')).json<Echo>().url, '/x');
  assert.deepEqual(proxy.asked, [['CONNECT', target.url.slice(8), 'Basic YWRhOnB3']]);
  user.life.end();
});

test('one request may go through a proxy, with its redirects', async (t) => {
  const target = await serve(t, (request, response) => {
    if (request.url === '/a') response.writeHead(302, { location: '/b' });
    response.end('there');
  });
  const proxy = await serveProxy(t);
  const user = makeUser({ host: target.url });
  assert.equal((await user.client.get('/a', { proxy: proxy.url })).text(), 'there');
  assert.equal((await user.client.get('/b')).text(), 'there');
  assert.deepEqual(
    proxy.asked.map(([, url]) => url),
    [`${target.url}/a`, `${target.url}/b`],
  );
});

test('a proxy that refuses the tunnel, or is not there, is a failure', async (t) => {
  const proxy = await serveProxy(t, '407 Proxy Authentication Required');
  const user = makeUser({ host: 'https://127.0.0.1:1', proxy: proxy.url });
  assert.equal((await user.client.get('/')).status, 0);
  assert.deepEqual(failuresOf(user), ["ProxyError('Tunnel connection failed: 407')"]);
  await makeUser({ host: 'https://name.invalid', proxy: proxy.url }).client.get('/');
  await makeUser({ host: 'https://[::1]:81', proxy: proxy.url }).client.get('/');
  assert.deepEqual(
    proxy.asked.map(([, asked]) => asked),
    ['127.0.0.1:1', 'name.invalid:443', '[::1]:81'],
  );
  const other = makeUser({ host: 'https://127.0.0.1:1', proxy: 'http://127.0.0.1:1' });
  await other.client.get('/');
  assert.deepEqual(failuresOf(other), ["ProxyError('Cannot connect to proxy')"]);
});

test('a proxy of the environment is not used, as in Locust', async (t) => {
  process.env.http_proxy = 'http://127.0.0.1:1';
  t.after(() => delete process.env.http_proxy);
  const target = await serve(t, echo);
  assert.equal((await makeUser({ host: target.url }).client.get('/')).status, 200);
});

test('a proxy that is no URL of one is refused', async () => {
  const user = makeUser({ host: 'http://127.0.0.1:1' });
  await assert.rejects(user.client.get('/', { proxy: 'socks5://x' }), {
    name: 'UsageError',
    message: "proxy is 'socks5://x'; a URL such as http://proxy.example.com:3128 is expected",
  });
});
