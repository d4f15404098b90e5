import { TextDecoder } from 'node:util';
import type { StreamExchange } from './stream.ts';

/** The body of a stream, read once. `onEnd` is called when it was read, was left, or broke. */
export class BodyReader implements AsyncIterable<Buffer> {
  readonly #exchange: StreamExchange;
  readonly #chunks: AsyncIterator<Buffer>;
  #onEnd: (failure: unknown) => void;
  #length = 0;

  constructor(exchange: StreamExchange, onEnd: (failure: unknown) => void) {
    this.#exchange = exchange;
    this.#chunks = exchange.chunks()[Symbol.asyncIterator]();
    this.#onEnd = onEnd;
  }

  /** Bytes that were read. */
  get length(): number {
    return this.#length;
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return {
      next: () => this.#next(),
      return: async () => {
        await this.leave();
        return { done: true, value: undefined };
      },
    };
  }

  /** No more of it is wanted. */
  async leave(): Promise<void> {
    this.#exchange.cancel();
    await this.#chunks.return?.();
    this.#end(undefined);
  }

  /** Text by lines, whatever pieces it comes in. The last line needs no end. */
  async *lines(): AsyncGenerator<string, void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of this) {
      const lines = decoder.decode(chunk, { stream: true }).split('\n');
      lines[0] = rest + lines[0];
      rest = lines.pop() ?? '';
      for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  }

  async #next(): Promise<IteratorResult<Buffer>> {
    try {
      const result = await this.#chunks.next();
      if (result.done === true) this.#end(undefined);
      else this.#length += result.value.length;
      return result;
    } catch (thrown) {
      this.#exchange.cancel();
      this.#end(thrown);
      throw thrown;
    }
  }

  /** Once. */
  #end(failure: unknown): void {
    const onEnd = this.#onEnd;
    this.#onEnd = () => {};
    onEnd(failure);
  }
}
