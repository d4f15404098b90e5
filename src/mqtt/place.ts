/** An operation that has begun, and has not ended. */
export interface Pending {
  /** Where it is in flight. */
  place: Place | undefined;
  /** The user has ended: nothing is counted. */
  stop(): void;
  fail(failure: string): void;
}

/** Where operations are kept while they wait: for a connection, or on one. */
export interface Place {
  remove(operation: Pending): void;
  /** What an operation fails with that has waited there for so many seconds. */
  lateText(seconds: number): string;
}
