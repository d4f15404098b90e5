import type { Exchange } from './exchange.ts';
import type { Operation, Place } from './operation.ts';

const none: readonly Exchange[] = [];

/** What is in flight on one connection. */
export class InFlight implements Place {
  /** Those that wait for an answer, in the order of their beginning. */
  exchanges: readonly Exchange[] = none;
  #operations: Set<Operation> | undefined = undefined;
  #onIdle: (() => void) | undefined = undefined;

  get isEmpty(): boolean {
    return this.exchanges.length === 0 && (this.#operations === undefined || this.#operations.size === 0);
  }

  add(operation: Operation): void {
    operation.place = this;
    this.#operations ??= new Set();
    this.#operations.add(operation);
  }

  addExchange(exchange: Exchange): void {
    exchange.place = this;
    this.exchanges = this.exchanges.length === 0 ? [exchange] : [...this.exchanges, exchange];
  }

  remove(operation: Operation): void {
    if (this.#operations?.delete(operation) !== true) {
      this.exchanges = this.exchanges.length <= 1 ? none : this.exchanges.filter((other) => other !== operation);
    }
    if (this.#onIdle !== undefined && this.isEmpty) this.#onIdle();
  }

  lateText(seconds: number): string {
    return `timeout after ${seconds} s`;
  }

  /** Resolves when there is nothing, or after so many milliseconds, or when the connection is lost. */
  untilEmpty(milliseconds: number): Promise<void> {
    if (this.isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#onIdle = undefined;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#onIdle = end;
    });
  }

  stopWaiting(): void {
    this.#onIdle?.();
  }

  /**
   * Ends all with `failure`, or as the user's end. Publishing comes first: an exchange whose message may not have been
   * sent is no second failure.
   */
  endAll(failure: string | undefined): void {
    for (const operation of [...(this.#operations ?? []), ...this.exchanges]) {
      if (failure === undefined) operation.stop();
      else operation.fail(failure);
    }
  }
}
