// A server that says what a test wants, byte by byte, and what each client makes of it.
import { createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { FastHttpUser } from '../../src/http/fast-http-user.ts';
import { HttpUser } from '../../src/http/http-user.ts';
import { makeEnvironment } from './user-under-test.ts';

/** What is said to one request. */
export interface Script {
  readonly pieces: readonly Buffer[];
  readonly method: string;
  /** The connection is closed behind the answer; else it is kept. */
  readonly closes: boolean;
}

/** What a client made of it. */
export interface Outcome {
  /** `Name: text` of an error, or undefined. */
  readonly error: string | undefined;
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  /** What the next request of the same user got, and whether on a new connection. */
  readonly next: string;
  readonly isNewConnection: boolean;
}

export interface Answering {
  ask(script: Script, kind: 'fast' | 'undici'): Promise<Outcome>;
  close(): void;
}

/** Starts the server. */
export async function answering(): Promise<Answering> {
  const scripts = new Map<string, Script>();
  const askedOn = new Map<string, Socket>();
  const sockets = new Set<Socket>();
  let id = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let asked = '';
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (data) => {
      asked += data.toString('latin1');
      if (!asked.includes('\r\n\r\n')) return;
      const path = asked.split(' ')[1] ?? '';
      asked = '';
      askedOn.set(path, socket);
      const script = scripts.get(path);
      scripts.delete(path);
      if (script === undefined) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnext');
      else void say(socket, script);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `http://127.0.0.1:${(server.address() as { port: number }).port}`;

  async function ask(script: Script, kind: 'fast' | 'undici'): Promise<Outcome> {
    const environment = makeEnvironment();
    const user = kind === 'fast' ? new FastUnderTest(environment) : new UndiciUnderTest(environment);
    const path = `/${id++}`;
    scripts.set(path, script);
    const answer = await user.client.request(script.method, host + path, { timeout: 5, redirect: 'manual' });
    // What comes late has time to come.
    await turn();
    await turn();
    const next = await user.client.post(`${host}${path}/next`, { timeout: 5 });
    const outcome: Outcome = {
      error: answer.error === undefined ? undefined : `${answer.error.name}: ${answer.error.message}`,
      status: answer.status,
      headers: answer.status === 0 ? '' : JSON.stringify(Object.entries(answer.headers)),
      body: answer.status === 0 ? '' : answer.bytes.toString('latin1'),
      next: next.text() || `${next.error?.name}: ${next.error?.message}`,
      isNewConnection: askedOn.get(path) !== askedOn.get(`${path}/next`),
    };
    user.life.end();
    askedOn.delete(path);
    askedOn.delete(`${path}/next`);
    return outcome;
  }

  return {
    ask,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

class FastUnderTest extends FastHttpUser {}
class UndiciUnderTest extends HttpUser {}

async function say(socket: Socket, { pieces, closes }: Script): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece);
    // So that each piece is a read of its own.
    if (pieces.length > 1) await turn();
  }
  if (closes) socket.end();
}
