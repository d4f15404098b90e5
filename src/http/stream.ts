import { pipeline, Readable } from 'node:stream';
import { decodersOf } from './decode.ts';
import { Exchange } from './exchange.ts';
import { failureOf } from './failure.ts';
import { rawValues } from './headers.ts';
import { isRedirect } from './redirect.ts';

/** Bytes that wait for the reader before the server is slowed down. */
const highWaterMark = 65_536;

/** An exchange whose caller reads the body while it comes. */
export class StreamExchange extends Exchange {
  readonly #follows: boolean;
  #queue: Buffer[] = [];
  #queued = 0;
  #isOver = false;
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

  override send(...given: Parameters<Exchange['send']>): Promise<void> {
    this.#queue = [];
    this.#queued = 0;
    this.#isOver = false;
    return super.send(...given);
  }

  override onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, statusText: string): boolean {
    super.onHeaders(status, rawHeaders, resume, statusText);
    this.#resume = resume;
    this.refresh();
    if (status >= 200 && !(this.#follows && isRedirect(status))) this.settle();
    return true;
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

  /** The rest is not wanted: the connection is closed. */
  cancel(): void {
    if (this.#isOver) return;
    this.fail(new Error('cancelled'));
  }

  /** The pieces of the body without their content encoding. Throws if it breaks off. */
  chunks(): AsyncIterable<Buffer> {
    const encoding = rawValues(this.rawHeaders, 'content-encoding');
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
