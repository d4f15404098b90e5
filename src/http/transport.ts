import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { TlsOptions } from '../user/tls.ts';
import type { Head } from './head.ts';
import type { Template } from './template.ts';

/** What decides how connections are opened. */
export interface Way {
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: string | undefined;
  readonly http2?: boolean | undefined;
}

/** A request as a connection sends it; undici reads it as its own options. */
export interface RequestMessage extends Dispatcher.DispatchOptions {
  readonly template: Template;
  readonly body: string | Buffer | Readable | null;
  /** '' for none. */
  readonly cookie: string;
}

/**
 * Who is told what comes back. It is undici's handler, with the older of undici's two sets of methods because undici 7
 * runs those without a wrapper.
 */
export interface AnswerListener extends Dispatcher.DispatchHandler {
  /** Whether the body must be handed on while it comes. */
  readonly isStream: boolean;
  onHead(head: Head, resume: () => void): void;
  /** False: no more for now, until `resume` is called. */
  onData(chunk: Buffer): boolean;
  /** The whole answer at once, `text` with one letter a byte. Tells the caller at once. */
  complete(head: Head, text: string): void;
  /** As `onComplete` and `onError`, for a transport that may be used again from within the call. */
  end(error?: unknown): void;
  /** Sends it again on a new connection, because the one it was sent on had been closed unseen. */
  repeat(): void;
}

/** One connection of one user to one origin; one request at a time is on it. */
export interface Connection {
  isBusy: boolean;
  /** No further request may be made on it. */
  readonly isSpent: boolean;
  /** Sends the request and tells the exchange what comes back. */
  dispatch(request: RequestMessage, exchange: AnswerListener): void;
  /** Closes it. What is in flight ends with `error`. */
  destroy(error: Error | null): void;
}

/** How connections to one origin are opened. */
export interface Opener {
  /** `lost` is to be called when a connection ended while nothing was in flight on it. */
  open(lost: (connection: Connection) => void): Connection;
  /** The headers for a proxy that is asked in plain HTTP; it wants whole URLs. */
  readonly forward?: readonly string[] | undefined;
}

/** How requests get on the wire. */
export interface Transport {
  /** Throws `UsageError` if the way is none for this transport. */
  check(way: Way): void;
  /** `origin` such as `https://example.com:8443`. */
  opener(origin: URL, way: Way): Opener;
}
