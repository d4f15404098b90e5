// aedes in this process behind TLS and websockets.
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer as createTls } from 'node:tls';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { key } from '../http/target.ts';

export type Scheme = 'mqtts' | 'ws' | 'wss';

/** A broker and its port; gone after the test. `wantsCertificate`: of its clients. */
export async function serveSecurely(t: TestContext, scheme: Scheme, wantsCertificate = false): Promise<string> {
  const aedes = await Aedes.createBroker();
  const tls = {
    cert: key('server'),
    key: key('server-key'),
    ...(wantsCertificate ? { ca: key('authority'), requestCert: true } : {}),
  };
  const server: Server =
    scheme === 'mqtts' ? createTls(tls, aedes.handle) : scheme === 'wss' ? createHttps(tls) : createHttp();
  const upgrades = scheme === 'mqtts' ? undefined : new WebSocketServer({ server: server as never, path: '/mqtt' });
  upgrades?.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket);
    stream.on('error', () => {});
    aedes.handle(stream, request);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    aedes.close();
    upgrades?.close();
    server.close();
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
