import { performance } from 'node:perf_hooks';
import type { Connections } from './connections.ts';
import { decodeBody } from './decode.ts';
import { RequestError } from './failure.ts';
import type { Head } from './head.ts';
import type { AnswerListener, Connection, RequestMessage } from './transport.ts';
import { RawHead } from './undici/raw-head.ts';

const noBytes: Buffer = Buffer.alloc(0);

/** Who is told that an exchange is over (or, of a stream, that its headers are there). */
export interface Caller {
  answered(): void;
}

/** A request, and where there are connections for it. */
export interface Sendable extends RequestMessage {
  readonly route: { readonly connections: Connections };
}

/** One request on the wire and what came back: what both transports report to. */
export class Exchange implements AnswerListener {
  head: Head | undefined = undefined;
  /** Clock readings, ms: before the first dispatch, at the last headers, at the end. */
  startedAt = 0;
  firstByteAt = 0;
  endedAt = 0;
  /** What ended it too early. */
  error: unknown = undefined;
  readonly isStream: boolean = false;
  /** The whole body, if it came in one piece: as it was copied, one letter a byte. */
  #text: string | undefined = undefined;
  #body: Buffer | undefined = undefined;
  #rest: Buffer[] | undefined = undefined;
  #caller: Caller | undefined = undefined;
  #request: Sendable | undefined = undefined;
  #connections: Connections | undefined = undefined;
  #connection: Connection | undefined = undefined;
  #timer: NodeJS.Timeout | undefined = undefined;
  #unheed: (() => void) | undefined = undefined;

  get status(): number {
    return this.head === undefined ? 0 : this.head.status;
  }

  /** Tells `caller` when the answer is there, or `error` is set. The clock starts with the first call. */
  send(request: Sendable, caller: Caller): void {
    this.head = undefined;
    this.endedAt = 0;
    this.#text = undefined;
    this.#body = undefined;
    this.#rest = undefined;
    this.#caller = caller;
    if (this.error !== undefined) return caller.answered();
    const { connections } = request.route;
    const connection = connections.take();
    this.#request = request;
    this.#connections = connections;
    this.#connection = connection;
    if (this.startedAt === 0) this.startedAt = performance.now();
    connection.dispatch(request, this);
  }

  repeat(): void {
    const connections = this.#connections;
    const connection = this.#connection;
    const request = this.#request;
    if (connection === undefined || connections === undefined || request === undefined) return;
    connections.repeats++;
    connections.drop(connection);
    this.#connection = connections.open();
    this.#connection.dispatch(request, this);
  }

  /** Gives up after so many seconds in all. */
  limit(seconds: number): void {
    this.#timer = setTimeout(() => {
      this.fail(new RequestError('TimeoutError', `No whole answer within ${seconds} s`));
    }, seconds * 1000);
  }

  /** Gives up when `signal` says so. */
  heed(signal: AbortSignal): void {
    const giveUp = (): void => this.fail(new RequestError('AbortError', 'The request was given up', signal.reason));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    this.#unheed = () => signal.removeEventListener('abort', giveUp);
  }

  /** Ends what is in flight with `error`. */
  fail(error: Error): void {
    const connection = this.#connection;
    if (connection === undefined) this.error ??= error;
    else this.#connections?.drop(connection, error);
  }

  /** There is nothing more to wait for. */
  over(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#unheed?.();
  }

  /** Bytes of the body as it came. */
  get length(): number {
    if (this.#text !== undefined) return this.#text.length;
    let length = this.#body === undefined ? 0 : this.#body.length;
    for (const chunk of this.#rest ?? []) length += chunk.length;
    return length;
  }

  /** The body as it was sent by the server, without its content encoding. Throws if that is broken. */
  decoded(): Buffer {
    const body = this.#bytes();
    if (body.length === 0) return body;
    const encoding = this.head?.values('content-encoding');
    return encoding === undefined ? body : decodeBody(body, encoding.join(','));
  }

  /** The body, if it is plain ASCII in one piece and has no content encoding: no need to decode it. */
  get ascii(): string | undefined {
    const text = this.#text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is meant
    return text !== undefined && /^[\x00-\x7f]*$/.test(text) ? text : undefined;
  }

  #bytes(): Buffer {
    if (this.#text !== undefined) return Buffer.from(this.#text, 'latin1');
    if (this.#rest === undefined) return this.#body ?? noBytes;
    return Buffer.concat([this.#body ?? noBytes, ...this.#rest]);
  }

  onConnect(_abort: () => void): void {}

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, statusText: string): boolean {
    if (status >= 200) this.onHead(new RawHead(status, statusText, rawHeaders), resume);
    return true;
  }

  onHead(head: Head, _resume: () => void): void {
    this.head = head;
    this.firstByteAt = performance.now();
  }

  onData(chunk: Buffer): boolean {
    if (this.#body === undefined) this.#body = chunk;
    else if (this.#rest === undefined) this.#rest = [chunk];
    else this.#rest.push(chunk);
    return true;
  }

  onComplete(): void {
    this.#release();
    this.tellLater();
  }

  onError(error: Error): void {
    this.#break(error);
    this.tellLater();
  }

  complete(head: Head, text: string): void {
    this.head = head;
    this.#text = text;
    this.#release();
    this.firstByteAt = this.endedAt;
    this.#caller?.answered();
  }

  end(error?: unknown): void {
    if (error === undefined) this.#release();
    else this.#break(error);
    this.tell();
  }

  protected tell(): void {
    this.#caller?.answered();
  }

  /** Nothing of the user's runs within undici's callbacks: its parser is one for all and must not be entered again. */
  protected tellLater(): void {
    void Promise.resolve(this.#caller).then(tell);
  }

  /** For a stream: it is not silent. */
  protected refresh(): void {
    this.#timer?.refresh();
  }

  #release(): void {
    this.endedAt = performance.now();
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) this.#connections?.give(connection);
  }

  #break(error: unknown): void {
    this.endedAt = performance.now();
    const connection = this.#connection;
    this.#connection = undefined;
    this.error ??= error;
    if (connection !== undefined) this.#connections?.drop(connection);
  }
}

function tell(caller: Caller | undefined): void {
  caller?.answered();
}
