import type { Dispatcher } from 'undici';
import { StopUser } from '../errors.ts';
import type { Connection, Connections } from './connections.ts';
import { decodeBody } from './decode.ts';
import { RequestError } from './failure.ts';
import { rawValues } from './headers.ts';

const noBytes: Buffer = Buffer.alloc(0);

/**
 * One request on the wire and what came back; undici's handler. It has the older of undici's two sets of handler
 * methods because undici 7 runs those without a wrapper. Nothing of the user's runs within them: undici's parser is
 * one for all connections and must not be entered again.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  status = 0;
  statusText = '';
  rawHeaders: readonly Buffer[] = [];
  /** Clock readings, ms: before the first dispatch, at the last headers, at the end. */
  startedAt = 0;
  firstByteAt = 0;
  endedAt = 0;
  /** What ended it too early. */
  error: unknown = undefined;
  #answer: Promise<unknown> | undefined = undefined;
  #isStopped = false;
  #body: Buffer | undefined = undefined;
  #rest: Buffer[] | undefined = undefined;
  #settle: () => void = ignore;
  #connections: Connections | undefined = undefined;
  #connection: Connection | undefined = undefined;
  #timer: NodeJS.Timeout | undefined = undefined;
  #unheed: (() => void) | undefined = undefined;

  /** Ends when the answer is there, or with `error` set; never rejects. The clock starts with the first call. */
  send(connections: Connections, request: Dispatcher.DispatchOptions): Promise<void> {
    this.status = 0;
    this.endedAt = 0;
    this.#body = undefined;
    this.#rest = undefined;
    return new Promise((settle) => {
      if (this.error !== undefined) return settle();
      this.#settle = settle;
      this.#connections = connections;
      const connection = connections.take();
      this.#connection = connection;
      if (this.startedAt === 0) this.startedAt = performance.now();
      connection.client.dispatch(request, this);
    });
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

  /** `answer` is the promise that the task holds. */
  answerWith(answer: Promise<unknown>): void {
    this.#answer = answer;
    if (this.#isStopped) answer.catch(ignore);
  }

  /** What to throw when the user has ended. Its task may not be waiting: that is no unhandled rejection then. */
  stopped(): StopUser {
    this.#isStopped = true;
    this.#answer?.catch(ignore);
    this.over();
    return new StopUser();
  }

  /** There is nothing more to wait for. */
  over(): void {
    clearTimeout(this.#timer);
    this.#unheed?.();
  }

  /** The body as it was sent by the server, without its content encoding. Throws if that is broken. */
  decoded(): Buffer {
    const body =
      this.#rest === undefined ? (this.#body ?? noBytes) : Buffer.concat([this.#body ?? noBytes, ...this.#rest]);
    if (body.length === 0) return body;
    const encoding = rawValues(this.rawHeaders, 'content-encoding');
    return encoding === undefined ? body : decodeBody(body, encoding.join(','));
  }

  onConnect(_abort: () => void): void {}

  onHeaders(status: number, rawHeaders: Buffer[], _resume: () => void, statusText: string): boolean {
    if (status < 200) return true;
    this.status = status;
    this.rawHeaders = rawHeaders;
    this.statusText = statusText;
    this.firstByteAt = performance.now();
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#body === undefined) this.#body = chunk;
    else if (this.#rest === undefined) this.#rest = [chunk];
    else this.#rest.push(chunk);
    return true;
  }

  onComplete(): void {
    this.endedAt = performance.now();
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) this.#connections?.give(connection);
    this.#settle();
  }

  onError(error: Error): void {
    this.endedAt = performance.now();
    const connection = this.#connection;
    this.#connection = undefined;
    this.error ??= error;
    if (connection !== undefined) this.#connections?.drop(connection);
    this.#settle();
  }

  /** For a stream: the caller may go on, the exchange does as well. */
  protected settle(): void {
    this.#settle();
  }

  /** For a stream: it is not silent. */
  protected refresh(): void {
    this.#timer?.refresh();
  }
}

function ignore(): void {}
