// A REST API in process: what both platforms' fakes have in common.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Patience } from '../../src/devices/rest-api.ts';

/** One request, taken apart. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the test looks at
  readonly body: any;
}

/** An answer; `'silence'` ends the connection without one, `'half'` in the middle of it. */
export type Answer = readonly [status: number, body?: unknown, headers?: Record<string, string>] | 'silence' | 'half';

/** What comes before the usual answer, request by request: `after` carries the request out and says nothing. */
export type Trouble = Answer | 'unanswered' | undefined;

/** A server whose `answer` is called for each request; first comes what `troubles` holds. */
export class FakeRest {
  url = '';
  readonly asked: Asked[] = [];
  readonly troubles: Trouble[] = [];

  static async open<T extends FakeRest>(this: new () => T, t: TestContext): Promise<T> {
    const fake = new this();
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const url = new URL(request.url ?? '', 'http://fake');
      const { method = '', headers } = request;
      const body = text === '' ? undefined : JSON.parse(text);
      const asked: Asked = { method, path: url.pathname, query: url.searchParams, headers, body };
      fake.asked.push(asked);
      const trouble = fake.troubles.shift();
      const answer = trouble === 'unanswered' || trouble === undefined ? fake.answer(asked) : trouble;
      if (answer === 'silence' || trouble === 'unanswered') return request.socket.destroy();
      if (answer === 'half') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        return response.write('{"data":[', () => request.socket.destroy());
      }
      const [status, told, more = {}] = answer;
      response.writeHead(status, { 'content-type': 'application/json', ...more });
      response.end(told === undefined ? '' : JSON.stringify(told));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return fake;
  }

  answer(_asked: Asked): Answer {
    return [404];
  }
}

/** The usual patience, with pauses that no test waits for. */
export const hurried: Patience = {
  attempts: 4,
  firstPauseMilliseconds: 1,
  mostPauseMilliseconds: 20,
  timeoutMilliseconds: 5000,
};
