import type { LogLevel } from '../log.ts';
import type { Precision } from '../stats/bucket.ts';
import type { StatsSnapshot } from '../stats/snapshot.ts';
import type { Share } from '../user/environment.ts';
import type { Strain } from './port.ts';
import type { Counts } from './split.ts';
import type { ToldRequest } from './told-request.ts';

/** What the pool is made of. */
export interface PoolSettings {
  readonly files: readonly string[];
  readonly threads: number;
  readonly clientId: string;
  readonly kind: 'worker' | 'local';
  readonly logLevel: LogLevel;
  /** This worker's part of all workers. */
  readonly shard: Share;
  /** Only these user classes; all of the files if empty. */
  readonly userClasses: readonly string[];
  /** Significant digits of response times; two, as Locust, if not given. */
  readonly precision?: Precision;
}

/** What the pool tells of its threads. */
export interface PoolListener {
  onException(message: string, traceback: string): void;
  onMessage(messageType: string, data: unknown): void;
  /** User code called `runner.quit()`, or ended the run in another way; then with the reason, for people. */
  onQuit(reason?: string): void;
  /** No thread can run the users; `reason` is for people. */
  onHopeless(reason: string): void;
  /** Users were started or have ended: how many run now, over all threads. */
  onCounts?(counts: Counts): void;
  /** What a thread measured since it last told, with how hard it had to work if that is known. */
  onMeasured?(thread: number, stats: StatsSnapshot, strain?: Strain): void;
  /** A request of a test whose requests are told. */
  onRequest?(request: ToldRequest): void;
}
