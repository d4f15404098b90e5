import type { GrpcResponse } from './response.ts';
import type { StreamCall } from './stream-call.ts';

/**
 * A call that answers with a stream: it has begun already. Iterate it for each message as it comes, await it for the
 * whole answer; a call that fails ends the loop, and `await` afterwards says how. Leaving the loop cancels the call, which
 * is no failure.
 *
 * @example
 * const words = this.client.predictWords({ text });
 * for await (const { word, category } of words) …;
 * const { status, messageCount } = await words;
 */
export class GrpcStream<R = unknown, Q = never> implements AsyncIterable<R>, PromiseLike<GrpcResponse<R>> {
  readonly #call: StreamCall;

  constructor(call: StreamCall) {
    this.#call = call;
  }

  [Symbol.asyncIterator](): AsyncIterator<R, undefined> {
    const call = this.#call;
    call.iterate();
    return {
      next: () => call.next() as Promise<IteratorResult<R, undefined>>,
      return: async () => {
        await call.leave();
        return { done: true, value: undefined };
      },
    };
  }

  /** The whole answer, with the messages that were not iterated. */
  // biome-ignore lint/suspicious/noThenProperty: it can be awaited, as all other calls
  then<T = GrpcResponse<R>, F = never>(
    onFulfilled?: ((response: GrpcResponse<R>) => T | PromiseLike<T>) | null,
    onRejected?: ((reason: unknown) => F | PromiseLike<F>) | null,
  ): Promise<T | F> {
    return (this.#call.collect() as Promise<GrpcResponse<R>>).then(onFulfilled, onRejected);
  }

  /**
   * Sends a message on a call that was made without requests (bidirectional ones). Resolves when there is room for the
   * next, to false if the call is over.
   */
  write(message: Q): Promise<boolean> {
    return this.#call.write(message);
  }

  /** There are no more messages to send. */
  end(): void {
    this.#call.halfClose();
  }

  /** Cancels the call, as leaving the loop does. Resolves when it is counted. */
  cancel(): Promise<void> {
    return this.#call.leave();
  }
}
