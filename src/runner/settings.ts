import type { ParsedOptions } from '../user/options.ts';

/** What the worker needs to know. */
export interface WorkerSettings {
  readonly clientId: string;
  /** `host:port`, for people. */
  readonly master: string;
  readonly options: ParsedOptions;
  readonly threads: number;
  /** Seconds to wait for the first ack; without it, for ever. */
  readonly maxConnectTime?: number | undefined;
  /** Seconds added to the pause between `client_stopped` and `client_ready`. */
  readonly additionalWait: number;
  /** Forget the statistics when the master says that all users run. */
  readonly resetStats: boolean;
  /** The log lines for the Logs tab, if there are new ones. */
  readonly takeLogs: () => readonly string[] | undefined;
}
