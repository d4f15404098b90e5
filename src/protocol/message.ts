// The master's language: what it orders and what it is told, as values, bytes and one socket. Knows nobody else.

/** What the master orders. Unknown types are `custom`: a listener may be registered for them. */
export type MasterMessage =
  | Ack
  | Spawn
  | { readonly type: 'spawningComplete'; readonly userCount: number }
  | { readonly type: 'stop' }
  | { readonly type: 'quit' }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'reconnect' }
  | UpdateUserClass
  | CustomMessage;

/** The answer to each `clientReady`. */
export interface Ack {
  readonly type: 'ack';
  /** Counted from 0 by the master, never reused; -1 from masters before 2.11, which send none. */
  readonly index: number;
}

/** How many users of each class this worker shall run: targets, not differences. */
export interface Spawn {
  readonly type: 'spawn';
  /** Epoch seconds of the master's clock. An order that is not newer than the last one is to be discarded. */
  readonly timestamp: number;
  /** Classes that are not named are to be left alone. */
  readonly userClassesCount: ReadonlyMap<string, number>;
  /** For all classes; null: each keeps its own. */
  readonly host: string | null;
  /** Seconds that a running task has to end in. */
  readonly stopTimeout: number;
  /** The master's options as on the wire, its built-in ones among them. */
  readonly parsedOptions: ReadonlyMap<string, unknown>;
}

/** An edit of a class in the master's web UI. */
export interface UpdateUserClass {
  readonly type: 'updateUserClass';
  readonly userClassName: string;
  /** To be set on the class; keys as on the wire. */
  readonly attributes: ReadonlyMap<string, unknown>;
  /** The names of the tasks to keep, of the class' original ones. */
  readonly tasks?: readonly string[];
}

/** `runner.send_message(type, data)`, both ways. */
export interface CustomMessage {
  readonly type: 'custom';
  readonly messageType: string;
  readonly data: unknown;
}

/** What the master is told. */
export type WorkerMessage =
  | { readonly type: 'clientReady' }
  | Heartbeat
  | StatsMessage
  | { readonly type: 'spawning' }
  | {
      readonly type: 'spawningComplete';
      readonly userClassesCount: ReadonlyMap<string, number>;
      readonly userCount: number;
    }
  | { readonly type: 'clientStopped' }
  | { readonly type: 'quit' }
  /** The master groups exceptions by the text of the traceback. */
  | { readonly type: 'exception'; readonly message: string; readonly traceback: string }
  /** Asks masters from 2.23 on for their locustfile; the answer is a `custom` message of that type. */
  | { readonly type: 'locustfile' }
  /** All lines that are kept, not only the new ones. */
  | { readonly type: 'logs'; readonly lines: readonly string[] }
  | CustomMessage;

export interface Heartbeat {
  readonly type: 'heartbeat';
  /** With any other word the master counts the worker as gone. */
  readonly state: 'ready' | 'spawning' | 'running';
  /** Percent of one core; may exceed 100. */
  readonly cpuUsage: number;
  /** Bytes. */
  readonly memoryUsage: number;
}

/** All that happened since the last one. */
export interface StatsMessage {
  readonly type: 'stats';
  readonly stats: StatsReport;
  /** All classes of the worker, those at zero too. */
  readonly userClassesCount: ReadonlyMap<string, number>;
  readonly userCount: number;
  /** What `reportToMaster` listeners added. A key of Locust's own in it is ignored. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface StatsReport {
  /** Only those in which something happened. */
  readonly entries: readonly EntryReport[];
  /** The exact sum of the entries. */
  readonly total: EntryReport;
  readonly errors: readonly ErrorReport[];
}

/** One row of the statistics. Times in ms, timestamps in epoch seconds. */
export interface EntryReport {
  readonly name: string;
  readonly method: string;
  readonly numRequests: number;
  readonly numNoneRequests: number;
  readonly numFailures: number;
  readonly totalResponseTime: number;
  readonly maxResponseTime: number;
  readonly minResponseTime: number | null;
  /** Bytes. */
  readonly totalContentLength: number;
  /** Bucket in ms → count. */
  readonly responseTimes: ReadonlyMap<number, number>;
  /** Epoch second → count. */
  readonly requestsPerSecond: ReadonlyMap<number, number>;
  readonly failuresPerSecond: ReadonlyMap<number, number>;
  readonly startTime: number;
  readonly lastRequestTimestamp: number | null;
}

/** Failures of one method and name with one text. Timestamps in epoch seconds. */
export interface ErrorReport {
  readonly name: string;
  readonly method: string;
  readonly error: string;
  readonly occurrences: number;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
}

/** Bytes that are no order of a master. To be logged and dropped: Python's worker obeys nothing any more after one. */
export class BrokenFrameError extends Error {
  override readonly name = 'BrokenFrameError';
}
