import type { RequestOptions } from './options.ts';
import type { HttpResponse } from './response.ts';

/** What `init` may have beside fetch's own. */
export interface RecordingInit extends RequestInit, Pick<RequestOptions, 'name' | 'context' | 'catchResponse'> {}

/** `fetch`, counted. */
export type RecordingFetch = (input: string | URL | Request, init?: RecordingInit) => Promise<Response>;

/** Who makes the requests. */
export interface Requester {
  /** The base URL of relative requests. */
  readonly host: string | undefined;
  request(method: string, url: string, options?: RequestOptions): Promise<HttpResponse>;
}

/** Media types whose answers are handed on while they come. Others are read first, so that they are always counted. */
const streamed = /^(text\/event-stream|application\/(x-ndjson|jsonl|json-seq|stream\+json))\b/i;

/** Statuses for which a Response must have no body. */
const bodiless: readonly number[] = [101, 204, 205, 304];

/** A `fetch` whose requests `requester` makes. As fetch does, it throws only if there is no answer. */
export function recordingFetch(requester: Requester): RecordingFetch {
  return async (input, init = {}) => {
    const { name, context, catchResponse, ...plain } = init;
    const url = typeof input === 'string' ? whole(requester, input) : input;
    const request = new Request(url, plain.body instanceof ReadableStream ? { ...plain, duplex: 'half' } : plain);
    const body = new Uint8Array(await request.arrayBuffer());
    const answer = await requester.request(request.method, request.url, {
      name,
      context,
      catchResponse,
      headers: Object.fromEntries(request.headers),
      body: body.length > 0 ? body : undefined,
      redirect: request.redirect === 'follow' ? 'follow' : 'manual',
      signal: request.signal,
      stream: catchResponse === undefined,
    });
    request.signal.throwIfAborted();
    if (answer.error !== undefined) throw new TypeError('fetch failed', { cause: answer.error });
    return responseOf(answer, catchResponse === undefined);
  };
}

/** A path is taken as below the host of the session. */
function whole({ host }: Requester, url: string): string {
  return url.startsWith('/') ? (host ?? '').replace(/\/+$/, '') + url : url;
}

async function responseOf(answer: HttpResponse, isStream: boolean): Promise<Response> {
  const headers = new Headers();
  for (const [key, value] of Object.entries(answer.headers)) {
    // The body is decoded already.
    if (!['set-cookie', 'content-encoding', 'content-length'].includes(key)) headers.append(key, value);
  }
  for (const cookie of answer.setCookies) headers.append('set-cookie', cookie);
  const { status, statusText, url } = answer;
  const response = new Response(await bodyOf(answer, isStream), { status, statusText, headers });
  Object.defineProperty(response, 'url', { value: url });
  return response;
}

async function bodyOf(
  answer: HttpResponse,
  isStream: boolean,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null> {
  if (!isStream) return bodiless.includes(answer.status) ? null : new Uint8Array(answer.bytes);
  if (streamed.test(answer.headers['content-type'] ?? '')) return readable(answer.body);
  const chunks: Buffer[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return bodiless.includes(answer.status) ? null : new Uint8Array(Buffer.concat(chunks));
}

function readable(body: AsyncIterable<Buffer>): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}
