// How listeners are kept and called: Locust's EventHook, typed.
import { ControlFlow, toError } from './errors.ts';
import { log } from './log.ts';

/** A listener; what it returns is awaited by hooks that wait, else ignored. */
export type Listener<E> = (event: E) => unknown;

/**
 * One event that user code can listen to. A listener that throws is logged and does not keep the others from
 * running; control flow (`StopUser`, `InterruptTaskSet` …) passes, as in Locust's `EventHook.fire`.
 *
 * @example events.request.addListener(({ name, responseTime }) => { … });
 */
export class EventHook<E> {
  readonly #name: string;
  #listeners: readonly Listener<E>[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Whether anybody listens. Asked before an event object is built on the hot path. */
  get isHeard(): boolean {
    return this.#listeners.length > 0;
  }

  /** Adds a listener; returns it, so that it can be removed again. */
  addListener(listener: Listener<E>): Listener<E> {
    this.#listeners = [...this.#listeners, listener];
    return listener;
  }

  removeListener(listener: Listener<E>): void {
    this.#listeners = this.#listeners.filter((known) => known !== listener);
  }

  /** Calls every listener in the order of their adding; does not wait for what they return. */
  fire(event: E): void {
    let flow: ControlFlow | undefined;
    for (const listener of this.#listeners) {
      try {
        const result = listener(event);
        if (result instanceof Promise) result.catch((thrown: unknown) => this.#report(thrown));
      } catch (thrown) {
        if (thrown instanceof ControlFlow) flow ??= thrown;
        else this.#report(thrown);
      }
    }
    if (flow) throw flow;
  }

  /** As `fire`, one listener after the other, each awaited. */
  async fireAndWait(event: E): Promise<void> {
    for (const listener of this.#listeners) {
      try {
        await listener(event);
      } catch (thrown) {
        this.#report(thrown);
      }
    }
  }

  #report(thrown: unknown): void {
    const error = toError(thrown);
    log.error(`a listener of ${this.#name} threw: ${error.stack ?? error.message}`);
  }
}
