import { isUtf8 } from 'node:buffer';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { log } from '../../log.ts';
import { Model, problemOf } from './model.ts';

/** Bytes. */
const maxBodyLength = 65_536;

/** Longer than the clients of a load test wait between two requests: who is closed meanwhile would count a failure. */
const keepAliveSeconds = 75;

/** Path → the methods that it has. */
const paths = new Map([
  ['/predict', ['POST']],
  ['/healthz', ['GET', 'HEAD']],
]);

/**
 * The text classifier over REST: `POST /predict {"text": "…"}` → `{"category": 3}`, errors as `{"error": reason}`. At its end
 * it tells how many calls there were.
 */
export function classifierRest(model: Model = new Model()): Server {
  let calls = 0;
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const methods = paths.get(path);
    if (methods === undefined) {
      request.resume();
      refuse(response, 404, 'not found');
    } else if (!methods.includes(request.method ?? '')) {
      request.resume();
      response.setHeader('allow', methods.join(', '));
      refuse(response, 405, 'method not allowed');
    } else if (path === '/predict') {
      calls++;
      predict(model, request, response);
    } else {
      request.resume();
      answer(response, 200, '{"status":"ok"}');
    }
  });
  server.keepAliveTimeout = keepAliveSeconds * 1000;
  server.on('close', () => {
    if (calls > 0) log.info(`target classifier had ${calls} calls (rest)`);
  });
  return server;
}

function predict(model: Model, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    const isRefused = length > maxBodyLength;
    length += chunk.length;
    if (isRefused) return;
    if (length <= maxBodyLength) return chunks.push(chunk);
    // What is still on its way is read and dropped, so that the client comes to read the answer.
    response.shouldKeepAlive = false;
    refuse(response, 413, `the body must not be longer than ${maxBodyLength} bytes`);
  });
  request.on('end', () => {
    if (length > maxBodyLength) return;
    const [only] = chunks;
    const fields = objectOf(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    const problem = fields === undefined ? 'the body must be a JSON object' : problemOf(fields.text);
    if (problem !== undefined) refuse(response, 400, problem);
    else answer(response, 200, `{"category":${model.predict(fields?.text as string)}}`);
  });
}

/** The JSON object in a body, if it is one. */
function objectOf(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  // Bytes that are no UTF-8 would be replaced, and another text classified than was sent.
  if (!isUtf8(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString());
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  answer(response, status, JSON.stringify({ error: reason }));
}

/** `body` is ASCII. */
function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}
