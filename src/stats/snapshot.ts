// What was measured, as plain data: it crosses threads, is merged, sent and shown.

/** One row: everything under one method and name. Times in ms, timestamps in epoch seconds. Locust's `StatsEntry`. */
export interface EntrySnapshot {
  readonly method: string;
  readonly name: string;
  readonly numRequests: number;
  /** Those without a response time. */
  readonly numNoneRequests: number;
  readonly numFailures: number;
  /** Exact sum, not of the buckets. */
  readonly totalResponseTime: number;
  /** Exact; 0 if there was none. */
  readonly maxResponseTime: number;
  readonly minResponseTime: number | null;
  /** Bytes of the bodies. */
  readonly totalContentLength: number;
  /** Bucket in ms → count. */
  readonly responseTimes: ReadonlyMap<number, number>;
  /** Epoch second of completion → count. */
  readonly requestsPerSecond: ReadonlyMap<number, number>;
  readonly failuresPerSecond: ReadonlyMap<number, number>;
  readonly startTime: number;
  readonly lastRequestTimestamp: number | null;
}

/** What the name of a second row ends with, that of the same requests with their times from when they were planned. */
export const responseEnd = ' (response)';

/** Failures of one method and name with one text. Locust's `StatsError`. */
export interface ErrorSnapshot {
  readonly method: string;
  readonly name: string;
  readonly error: string;
  readonly occurrences: number;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
}

/** All that one thread, or the whole worker, measured in one interval. */
export interface StatsSnapshot {
  readonly entries: readonly EntrySnapshot[];
  /** The exact sum of the entries, named `Aggregated`. */
  readonly total: EntrySnapshot;
  readonly errors: readonly ErrorSnapshot[];
}

/** An entry in which nothing happened yet. */
export function emptyEntry(method: string, name: string, startTime: number): EntrySnapshot {
  return {
    method,
    name,
    numRequests: 0,
    numNoneRequests: 0,
    numFailures: 0,
    totalResponseTime: 0,
    maxResponseTime: 0,
    minResponseTime: null,
    totalContentLength: 0,
    responseTimes: new Map(),
    requestsPerSecond: new Map(),
    failuresPerSecond: new Map(),
    startTime,
    lastRequestTimestamp: null,
  };
}

/** A snapshot of nothing, beginning at `startTime`, epoch seconds. */
export function emptySnapshot(startTime: number): StatsSnapshot {
  return { entries: [], total: emptyEntry('', 'Aggregated', startTime), errors: [] };
}
