import { pipeline, Readable } from 'node:stream';
import { decodersOf } from './decode.ts';
import { type Caller, Exchange, type Sendable } from './exchange.ts';
import { failureOf } from './failure.ts';
import type { Head } from './head.ts';
import { isRedirect } from './redirect.ts';

/** Bytes that wait for the reader before the server is slowed down. */
const highWaterMark = 65_536;

/** An exchange whose caller reads the body while it comes. */
export class StreamExchange extends Exchange {
  override readonly isStream = true;
  readonly #follows: boolean;
  #queue: Buffer[] = [];
  #queued = 0;
  #isOver = false;
  /** The caller has gone on when the headers came. */
  #isTold = false;
  #resume: () => void = () => {};
  #wake: () => void = () => {};

  /** `follows`: the answers that lead elsewhere are not what the caller waits for. */
  constructor(follows: boolean) {
    super();
    this.#follows = follows;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  override send(request: Sendable, caller: Caller): void {
    this.#queue = [];
    this.#queued = 0;
    this.#isOver = false;
    this.#isTold = false;
    super.send(request, caller);
  }

  override onHead(head: Head, resume: () => void): void {
    super.onHead(head, resume);
    this.#resume = resume;
    this.refresh();
    if (this.#follows && isRedirect(head.status)) return;
    this.#isTold = true;
    this.tellLater();
  }

  override onData(chunk: Buffer): boolean {
    this.#queue.push(chunk);
    this.#queued += chunk.length;
    this.refresh();
    this.#wake();
    return this.#queued < highWaterMark || (this.#follows && isRedirect(this.status));
  }

  override onComplete(): void {
    this.#isOver = true;
    super.onComplete();
    this.#wake();
  }

  override onError(error: Error): void {
    this.#isOver = true;
    super.onError(error);
    this.#wake();
  }

  override end(error?: unknown): void {
    this.#isOver = true;
    super.end(error);
    this.#wake();
  }

  protected override tell(): void {
    if (!this.#isTold) super.tell();
  }

  protected override tellLater(): void {
    if (!this.#isTold || !this.#isOver) super.tellLater();
  }

  /** The rest is not wanted: the connection is closed. */
  cancel(): void {
    if (this.#isOver) return;
    this.fail(new Error('cancelled'));
  }

  /** The pieces of the body without their content encoding. Throws if it breaks off. */
  chunks(): AsyncIterable<Buffer> {
    const encoding = this.head?.values('content-encoding');
    const decoders = encoding === undefined ? [] : decodersOf(encoding.join(','));
    if (decoders.length === 0) return this.#pieces();
    return pipeline([Readable.from(this.#pieces()), ...decoders], () => {}) as unknown as AsyncIterable<Buffer>;
  }

  async *#pieces(): AsyncGenerator<Buffer, void> {
    for (;;) {
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#queued -= chunk.length;
        if (this.#queued < highWaterMark) this.#resume();
        yield chunk;
      } else if (this.#isOver) {
        if (this.error !== undefined) throw failureOf(this.error, true);
        return;
      } else {
        await new Promise<void>((wake) => {
          this.#wake = wake;
        });
      }
    }
  }
}
