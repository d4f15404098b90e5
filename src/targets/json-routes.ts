import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { log } from '../log.ts';
import { answerJson, keepAliveSeconds } from './json-body.ts';

/** What answers a request. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Method and path → what answers it: `POST /predict`. `HEAD` is answered as `GET` is. */
export type Routes = Readonly<Record<string, Route>>;

/** A server of JSON; what is asked for in vain is answered with `{"error": reason}`. */
export function jsonServer(routes: Routes): Server {
  const paths = new Set(Object.keys(routes).map((key) => key.split(' ')[1]));
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = routes[`${method} ${path}`];
    if (route === undefined || method === 'GET') request.resume();
    if (route === undefined) {
      const isThere = paths.has(path);
      answerJson(response, isThere ? 405 : 404, { error: isThere ? 'method not allowed' : 'not found' });
      return;
    }
    Promise.resolve(route(request, response)).catch((thrown: Error) => {
      log.error(`${method} ${path}: ${thrown.stack}`);
      answerJson(response, 500, { error: 'internal error' });
    });
  });
  server.keepAliveTimeout = keepAliveSeconds * 1000;
  return server;
}
