import type { Metadata } from '@grpc/grpc-js';
import { failureText, GrpcError, type StatusName, statusName } from './failure.ts';
import { valuesOf } from './metadata.ts';

/** How a call came out. */
export interface Outcome<R> {
  readonly path: string;
  readonly name: string;
  readonly code: number;
  readonly details: string;
  readonly messages: readonly R[];
  readonly count: number;
  readonly length: number;
  readonly elapsed: number;
  readonly firstMessage: number;
  readonly metadata: Metadata | undefined;
  readonly trailers: Metadata | undefined;
  /** The caller has left the stream: no failure. */
  readonly isLeft: boolean;
}

/** The answer to one call. If it failed, `status` says how and `response` is undefined. */
export class GrpcResponse<R = unknown> {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly name: string;
  /** gRPC's number: 0 is OK. */
  readonly code: number;
  /** What the server, or the client for it, says of the status, as it came. */
  readonly message: string;
  /** All messages of a stream that was awaited; none of one that was iterated. */
  readonly messages: readonly R[];
  /** How many messages came, kept or not. */
  readonly messageCount: number;
  /** Bytes of all messages, as they are counted: without compression and framing. */
  readonly responseLength: number;
  /** Milliseconds from the start of the call to its status. */
  readonly elapsed: number;
  /** Milliseconds until the first message; 0 if none came. */
  readonly firstMessage: number;
  readonly #metadata: Metadata | undefined;
  readonly #trailers: Metadata | undefined;
  readonly #isLeft: boolean;

  constructor(outcome: Outcome<R>) {
    this.path = outcome.path;
    this.name = outcome.name;
    this.code = outcome.code;
    this.message = outcome.details;
    this.messages = outcome.messages;
    this.messageCount = outcome.count;
    this.responseLength = outcome.length;
    this.elapsed = outcome.elapsed;
    this.firstMessage = outcome.firstMessage;
    this.#metadata = outcome.metadata;
    this.#trailers = outcome.trailers;
    this.#isLeft = outcome.isLeft;
  }

  /** `OK`, `UNAVAILABLE` … */
  get status(): StatusName {
    return statusName(this.code);
  }

  get ok(): boolean {
    return this.code === 0;
  }

  /** The answer's message; the last one of a stream that was awaited. */
  get response(): R | undefined {
    return this.ok ? this.messages.at(-1) : undefined;
  }

  /** What the server sent before its first message. */
  get metadata(): Readonly<Record<string, string | Buffer>> {
    return valuesOf(this.#metadata);
  }

  /** What the server sent with the status. */
  get trailers(): Readonly<Record<string, string | Buffer>> {
    return valuesOf(this.#trailers);
  }

  /** What the call fails with by its status: `UNAVAILABLE: …`. A stream that the task left has not failed. */
  get failure(): string | undefined {
    return this.code === 0 || this.#isLeft ? undefined : failureText(this.code, this.message);
  }

  /** As `failure`, to be thrown. */
  get error(): GrpcError | undefined {
    const { failure } = this;
    return failure === undefined ? undefined : new GrpcError(this.code, failure);
  }

  /** Throws what the call fails with by its status. */
  raiseForStatus(): void {
    const { error } = this;
    if (error !== undefined) throw error;
  }
}
