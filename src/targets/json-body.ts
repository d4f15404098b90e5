import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Longer than the clients of a load test wait between two requests: who is closed meanwhile would count a failure. */
export const keepAliveSeconds = 75;

/**
 * The JSON object in the body of a request. A body that is none, or longer than so many bytes, is answered, and gives
 * undefined; one whose client went away gives undefined, too.
 */
export function readObject(
  request: IncomingMessage,
  response: ServerResponse,
  mostBytes: number,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      const wasTooLong = length > mostBytes;
      length += chunk.length;
      if (length <= mostBytes) chunks.push(chunk);
      if (length <= mostBytes || wasTooLong) return;
      // What is still on its way is read and dropped, so that the client comes to read the answer.
      response.shouldKeepAlive = false;
      answerJson(response, 413, { error: `the body must not be longer than ${mostBytes} bytes` });
    });
    request.on('end', () => {
      if (length > mostBytes) return resolve(undefined);
      const object = objectOf(Buffer.concat(chunks));
      if (object === undefined) answerJson(response, 400, { error: 'the body must be a JSON object' });
      resolve(object);
    });
    request.on('close', () => resolve(undefined));
  });
}

function objectOf(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  // Bytes that are no UTF-8 would be replaced, and something else understood than was sent.
  if (!isUtf8(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString());
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Answers with this value as JSON, unless the client is gone. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}
