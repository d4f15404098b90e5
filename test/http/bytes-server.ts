// A server of bare bytes, for one test.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface BytesServer {
  readonly url: string;
  readonly port: number;
  readonly connections: () => number;
  /** What was received, of all connections. */
  readonly received: () => string;
}

/** Calls `answer` for each head of a request that arrives, with the number of the connection, from 1. */
export async function serveBytes(
  test: TestContext,
  answer: (socket: Socket, connection: number, head: string) => unknown,
  { host = '127.0.0.1', tls }: { readonly host?: string; readonly tls?: TlsOptions } = {},
): Promise<BytesServer> {
  const sockets = new Set<Socket>();
  let received = '';
  let connections = 0;
  const accept = (socket: Socket): void => {
    const connection = ++connections;
    let asked = '';
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      received += data.toString('latin1');
      asked += data.toString('latin1');
      for (let end = asked.indexOf('\r\n\r\n'); end >= 0; end = asked.indexOf('\r\n\r\n')) {
        const head = asked.slice(0, end);
        asked = asked.slice(end + 4);
        if (head.includes(' HTTP/1.1')) void answer(socket, connection, head);
      }
    });
  };
  const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http${tls === undefined ? '' : 's'}://${name}:${port}`,
    port,
    connections: () => connections,
    received: () => received,
  };
}

/** An answer with this body. */
export function answerOf(body: string, headers: string = ''): string {
  return `HTTP/1.1 200 OK\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
