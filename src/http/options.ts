import type { Readable } from 'node:stream';
import { UsageError } from '../errors.ts';
import type { TlsOptions } from '../user/tls.ts';
import { nearest } from '../words.ts';
import type { Auth, HeaderValues } from './headers.ts';
import type { CatchResponse } from './verdict.ts';

type Scalar = string | number | boolean | bigint | null | undefined;

/** Names and values of a query or a form; a list repeats its name, null and undefined are left out. */
export type Fields = Readonly<Record<string, Scalar | readonly Scalar[]>> | URLSearchParams;

/** One file of a multipart body. */
export interface Part {
  readonly filename: string;
  readonly data: string | Uint8Array;
  /** Media type; `application/octet-stream` if not given. */
  readonly type?: string | undefined;
}

/** A body that is sent as it is; a stream goes out in chunks and cannot be sent again for a redirect. */
export type RequestBody = string | Uint8Array | Readable | AsyncIterable<string | Uint8Array>;

/** What holds for all requests of a session. */
export interface SessionOptions {
  /** Base URL; the user's host if not given. */
  readonly host?: string | undefined;
  readonly headers?: HeaderValues | undefined;
  readonly auth?: Auth | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
  readonly redirect?: 'follow' | 'manual' | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: string | undefined;
  readonly http2?: boolean | undefined;
}

/** The options of one request. At most one of `json`, `body`, and `form` or `files` (which go together). */
export interface RequestOptions {
  /** Under which it is counted; the path with its query if not given. */
  readonly name?: string | undefined;
  /** Added to the query of the URL. */
  readonly params?: Fields | undefined;
  readonly json?: unknown;
  readonly form?: Fields | undefined;
  readonly body?: RequestBody | null | undefined;
  readonly files?: Readonly<Record<string, Part | readonly Part[]>> | undefined;
  readonly headers?: HeaderValues | undefined;
  readonly auth?: Auth | undefined;
  /** Seconds until the whole answer must be there, redirects included; of a stream, the longest silence. */
  readonly timeout?: number | undefined;
  readonly redirect?: 'follow' | 'manual' | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: string | undefined;
  /** For the listeners of the `request` event. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** Decides whether the request failed, instead of its status. */
  readonly catchResponse?: CatchResponse | undefined;
  /** Returns when the headers are there; the body is read by `response.lines()` or `response.body`. */
  readonly stream?: boolean | undefined;
  /** Gives the request up when it is aborted; it is counted as failed. */
  readonly signal?: AbortSignal | undefined;
}

// biome-ignore format: a list of words
const known: ReadonlySet<string> = new Set<keyof RequestOptions>([
  'name', 'params', 'json', 'form', 'body', 'files', 'headers', 'auth', 'timeout', 'redirect', 'tls', 'proxy',
  'context', 'catchResponse', 'stream', 'signal',
]);

/** What the compiler says in TypeScript, said in JavaScript. */
export function checkOptions(options: RequestOptions): void {
  for (const name in options) {
    if (!known.has(name)) throw unknownOption(name);
  }
  checkTimeout(options.timeout);
  const { redirect, catchResponse } = options;
  if (redirect !== undefined && redirect !== 'follow' && redirect !== 'manual') {
    throw new UsageError(`redirect is '${String(redirect)}'; 'follow' or 'manual' is expected`);
  }
  if (catchResponse !== undefined && typeof catchResponse !== 'function') {
    throw new UsageError('catchResponse must be a function, such as ({ response, failure }) => …');
  }
}

/** `timeout` in seconds. */
export function checkTimeout(timeout: number | undefined): void {
  if (timeout !== undefined && !(timeout > 0 && timeout <= 2_000_000)) {
    throw new UsageError(`timeout is ${String(timeout)}; seconds above 0 are expected, or leave it out for no limit`);
  }
}

function unknownOption(name: string): UsageError {
  const hint = nearest(name, [...known]);
  return new UsageError(
    `a request has no option '${name}'${hint === undefined ? `; it has ${[...known].join(', ')}` : `; did you mean '${hint}'?`}`,
  );
}
