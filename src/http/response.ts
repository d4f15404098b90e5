import { STATUS_CODES } from 'node:http';
import { HTTPError } from '../errors.ts';
import { cookiesOf } from './cookies.ts';
import { charsetOf, textOf } from './decode.ts';
import type { Exchange } from './exchange.ts';
import { failureOf, RequestError } from './failure.ts';
import type { BodyReader } from './reader.ts';

const noBytes: Buffer = Buffer.alloc(0);
const noHeaders: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

/** The answer to one request, after redirects. If there was none, `status` is 0 and `error` says why. */
export class HttpResponse {
  /** Of the first request of a redirect chain, as it is counted. */
  readonly method: string;
  readonly name: string;
  /** Of the last one. */
  readonly url: string;
  /** Why there is no answer, or none that can be read. */
  readonly error: Error | undefined;
  readonly #exchange: Exchange;
  readonly #reader: BodyReader | undefined;
  #bytes: Buffer | undefined;
  #headers: Readonly<Record<string, string>> | undefined = undefined;

  constructor(exchange: Exchange, method: string, name: string, url: string, reader?: BodyReader) {
    this.method = method;
    this.name = name;
    this.url = url;
    this.#exchange = exchange;
    this.#reader = reader;
    let { error } = exchange;
    // An encoding is undone at once: its length is what counts, and one that is broken is a failure.
    if (error === undefined && reader === undefined && exchange.head?.values('content-encoding') !== undefined) {
      try {
        this.#bytes = exchange.decoded();
      } catch (thrown) {
        error = thrown;
      }
    }
    this.error = error === undefined ? undefined : failureOf(error, exchange.status > 0);
    if (error !== undefined) this.#bytes = noBytes;
  }

  /** 0 if there was no (whole) answer. */
  get status(): number {
    return this.#exchange.error === undefined || this.#reader !== undefined ? this.#exchange.status : 0;
  }

  /** The reason phrase that the server gave, or the usual one. */
  get statusText(): string {
    return this.#exchange.head?.statusText || STATUS_CODES[this.status] || '';
  }

  /** A status from 200 to 399, and a body that can be read. */
  get ok(): boolean {
    return this.error === undefined && this.status >= 200 && this.status < 400;
  }

  /** Lower-case names; several values of one name are joined by a comma. */
  get headers(): Readonly<Record<string, string>> {
    this.#headers ??= this.#exchange.head?.all() ?? noHeaders;
    return this.#headers;
  }

  /** Each `set-cookie` header of this answer. */
  get setCookies(): readonly string[] {
    return this.#exchange.head?.values('set-cookie') ?? [];
  }

  /** The cookies that this answer set, by name. The user's whole jar is `client.cookies`. */
  get cookies(): Readonly<Record<string, string>> {
    return cookiesOf(this.setCookies);
  }

  /** The body, without its content encoding; of no bytes if there is none. */
  get bytes(): Buffer {
    if (this.#reader !== undefined) throw new Error('the body is a stream: read response.lines() or response.body');
    this.#bytes ??= this.#exchange.decoded();
    return this.#bytes;
  }

  /** Bytes of the body, as they are counted: without the content encoding. Of a stream, those that were read. */
  get contentLength(): number {
    if (this.#reader !== undefined) return this.#reader.length;
    return this.#bytes === undefined ? this.#exchange.length : this.#bytes.length;
  }

  /** Milliseconds from the first request of a redirect chain to the end of the last answer; of a stream, so far. */
  get elapsed(): number {
    return (this.#exchange.endedAt || performance.now()) - this.#exchange.startedAt;
  }

  /** Milliseconds until the headers of the last answer; 0 if there was none. */
  get firstByte(): number {
    return this.status === 0 ? 0 : this.#exchange.firstByteAt - this.#exchange.startedAt;
  }

  /** The body as text, by the charset of its `content-type`, else UTF-8. */
  text(): string {
    const charset = charsetOf(this.#exchange.head?.values('content-type')?.join());
    const ascii = charset === 'utf-8' && this.#bytes === undefined ? this.#exchange.ascii : undefined;
    return ascii ?? textOf(this.bytes, charset);
  }

  /** The body as JSON. Throws an Error that says what came instead. */
  json<T = unknown>(): T {
    const text = this.text();
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      if (this.error !== undefined) throw this.error;
      const what = text === '' ? 'is empty' : `is no JSON but ${this.headers['content-type'] ?? 'of no type'}`;
      throw new RequestError(
        'JSONDecodeError',
        `the body of ${this.method} ${this.name} (${this.status}) ${what}`,
        cause,
      );
    }
  }

  /** Throws what this request fails with by its status: `HTTPError` from 400 on, `error` if there was no answer. */
  raiseForStatus(): void {
    const failure = this.failure;
    if (failure !== undefined) throw failure;
  }

  /** As `raiseForStatus`, returned. */
  get failure(): Error | undefined {
    return this.failureAs(this.name);
  }

  /** The text is that of requests, with the name for the URL so that it groups (Locust's rule). */
  failureAs(name: string): Error | undefined {
    if (this.error !== undefined) return this.error;
    if (this.status < 400) return undefined;
    const side = this.status < 500 ? 'Client' : 'Server';
    return new HTTPError(`${this.status} ${side} Error: ${this.statusText} for url: ${name}`);
  }

  /** With `stream: true`: the pieces of the body as they come. Leaving the loop closes the connection. */
  get body(): AsyncIterable<Buffer> {
    return this.#stream() ?? nothing();
  }

  /** With `stream: true`: the lines of the body as they come, without their ends. */
  lines(): AsyncIterable<string> {
    return this.#stream()?.lines() ?? nothing();
  }

  /** Undefined if there is no answer: nothing is read then, and nothing thrown. */
  #stream(): BodyReader | undefined {
    if (this.#reader === undefined && this.error === undefined)
      throw new Error('the body is no stream: give the request the option stream: true');
    return this.#reader;
  }
}

async function* nothing(): AsyncGenerator<never, void> {}
