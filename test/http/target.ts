// A server in this process, for one test.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { TlsOptions } from 'node:tls';

export interface Target {
  readonly url: string;
  readonly port: number;
  /** How many connections were opened to it. */
  readonly connections: () => number;
}

/** A file of `keys/`: a test authority, and what it signed; they guard nothing. */
export function key(name: string): Buffer {
  return readFileSync(new URL(`keys/${name}.pem`, import.meta.url));
}

/** A server on a free port, gone after the test. */
export async function serve(test: TestContext, listener: RequestListener, tls?: TlsOptions): Promise<Target> {
  const server: Server =
    tls === undefined
      ? createServer(listener)
      : createSecureServer({ cert: key('server'), key: key('server-key'), ...tls }, listener);
  let connections = 0;
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http${tls === undefined ? '' : 's'}://127.0.0.1:${port}`, port, connections: () => connections };
}

/** The whole body of what was received. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Answers with all that was received, as JSON. */
export async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request;
  const body = (await bodyOf(request)).toString('latin1');
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ method, url, headers, body }));
}

/** What `echo` answers. */
export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
