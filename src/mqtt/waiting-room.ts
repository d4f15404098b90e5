import type { Connection } from './connection.ts';
import type { Operation } from './operation.ts';
import type { Place } from './place.ts';

/** Operations that wait for a connection, in the order of their beginning. */
export class WaitingRoom implements Place {
  #operations: Set<Operation> | undefined = undefined;
  /** Why there is no connection, as far as is known. */
  trouble = '';

  get isEmpty(): boolean {
    return this.#operations === undefined || this.#operations.size === 0;
  }

  add(operation: Operation, seconds: number): void {
    operation.startedAt = performance.now();
    operation.place = this;
    this.#operations ??= new Set();
    this.#operations.add(operation);
    operation.arm(seconds);
  }

  remove(operation: Operation): void {
    this.#operations?.delete(operation);
  }

  lateText(seconds: number): string {
    return `not connected: ${this.trouble === '' ? `timeout after ${seconds} s` : this.trouble}`;
  }

  /** All begin now. */
  begin(connection: Connection, timeout: number): void {
    this.trouble = '';
    for (const operation of this.#all()) {
      operation.disarm();
      operation.begin(connection, timeout);
    }
  }

  /** There will be no connection. */
  fail(why: string = this.trouble): void {
    for (const operation of this.#all()) operation.fail(`not connected: ${why}`);
  }

  /** The user has ended, or cannot log in at all. */
  abandon(thrown: unknown): void {
    for (const operation of this.#all()) operation.abandon(thrown);
  }

  #all(): readonly Operation[] {
    return this.#operations === undefined ? [] : [...this.#operations];
  }
}
