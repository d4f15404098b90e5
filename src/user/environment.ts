import type { StatsSnapshot } from '../stats/snapshot.ts';
import type { Stats } from '../stats/stats.ts';
import { type Events, events } from './events.ts';
import type { ParsedOptions } from './options.ts';

/** A part of a whole: `index` of `count`, from 0. */
export interface Share {
  readonly index: number;
  readonly count: number;
  /**
   * How a worker knows which part it is, if nobody has told it: `ordinal`, from the name of its pod; `assumed`, it does
   * not, and takes itself for the whole.
   */
  readonly origin?: 'ordinal' | 'assumed';
}

/**
 * A message of one's own, as a listener of `runner.registerMessage` gets it. A dict of the master is an object (a Map if
 * its keys are no texts), a datetime what Locust writes it as: `{ __datetime__: true, as_str: '20260131T23:59:58.123456' }`.
 */
export interface CustomMessage {
  readonly environment: Environment;
  readonly data: unknown;
}

/** What user code may ask of the runner. Locust's `environment.runner`, the part that a worker has. */
export interface Runner {
  readonly kind: 'worker' | 'local';
  /** `<hostname>_<32 hex digits>`, as the master lists it. */
  readonly clientId: string;
  /** As the master counts its workers, from 0; -1 before it has said so. It grows when workers come back. */
  readonly workerIndex: number;
  /** Totals over all threads of the last second. */
  readonly stats: StatsSnapshot;
  /** Calls `listener` for each message of this type that the master sends. One listener a type; the last one wins. */
  registerMessage(type: string, listener: (message: CustomMessage) => unknown): void;
  /** Sends a message of one's own to the master: plain data, `Date` and bytes. */
  sendMessage(type: string, data?: unknown): void;
  /** Ends the worker, or the run without a master, in good order; `reason` is logged. */
  quit(reason?: string): void;
}

/** Where a user runs: options, host, statistics, its thread of how many. One a load thread. Locust's `Environment`. */
export class Environment {
  /** All events, the same object as the exported `events`. */
  readonly events: Events = events;
  readonly stats: Stats;
  readonly runner: Runner;
  /** Which load thread this is, of those in this worker. */
  readonly thread: Share;
  /** Which part of the whole this thread is: over all workers, when it was told how many there are. */
  readonly shard: Share;
  /** The host of the running test, from the web UI or the command line; wins over a class's own. */
  host: string | undefined;
  parsedOptions: ParsedOptions;
  /** Seconds a running task may go on after a stop. */
  stopTimeout = 0;
  /** Whether a user goes on after its task threw. */
  catchExceptions = true;
  /** The exit code of the worker, if user code sets one. */
  processExitCode: number | undefined;

  constructor(given: Pick<Environment, 'stats' | 'runner' | 'thread' | 'shard' | 'parsedOptions'>) {
    this.stats = given.stats;
    this.runner = given.runner;
    this.thread = given.thread;
    this.shard = given.shard;
    this.parsedOptions = given.parsedOptions;
  }

  /** Forgets what was measured and not yet reported in this thread. */
  resetStats(): void {
    this.stats.clear();
  }
}
