import type { MqttMessage } from './message.ts';
import type { Pending, Place } from './place.ts';

/** One that waits for a message, its answer. */
export interface PendingExchange extends Pending {
  /** Whether this is the answer; it is over then. */
  takes(message: MqttMessage): boolean;
}

const none: readonly PendingExchange[] = [];

/** What is in flight on one connection. */
export class InFlight implements Place {
  /** Those that wait for an answer, in the order of their beginning. */
  exchanges: readonly PendingExchange[] = none;
  #operations: Set<Pending> | undefined = undefined;
  #onIdle: (() => void) | undefined = undefined;

  get isEmpty(): boolean {
    return this.exchanges.length === 0 && (this.#operations === undefined || this.#operations.size === 0);
  }

  add(operation: Pending): void {
    operation.place = this;
    this.#operations ??= new Set();
    this.#operations.add(operation);
  }

  addExchange(exchange: PendingExchange): void {
    exchange.place = this;
    this.exchanges = this.exchanges.length === 0 ? [exchange] : [...this.exchanges, exchange];
  }

  remove(operation: Pending): void {
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
