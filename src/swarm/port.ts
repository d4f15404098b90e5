// What crosses between the main thread and a load thread: plain data, by structured clone.
import type { LogLevel, LogRecord } from '../log.ts';
import type { Precision } from '../stats/bucket.ts';
import type { StatsSnapshot } from '../stats/snapshot.ts';
import type { Share } from '../user/environment.ts';
import type { IterationLimit } from '../user/iterations.ts';
import type { ShapeTick } from '../user/load-test-shape.ts';
import type { ParsedOptions } from '../user/options.ts';
import type { Bundle } from './bundle.ts';
import type { Manifest } from './manifest.ts';
import type { Counts } from './split.ts';
import type { ToldRequest } from './told-request.ts';

/** Given to a thread when it is made. */
export interface ThreadData {
  readonly clientId: string;
  readonly thread: Share;
  readonly shard: Share;
  readonly logLevel: LogLevel;
  readonly kind: 'worker' | 'local';
  /** Significant digits of response times. */
  readonly precision: Precision;
}

/** What holds for the test that an order belongs to. */
export interface TestSettings {
  /** A host that wins over the classes' own; null leaves them. */
  readonly host: string | null;
  /** Seconds. */
  readonly stopTimeout: number;
  readonly parsedOptions: ParsedOptions;
  /** How many iterations all users together may begin; one limit for one test, for ever if not given. */
  readonly iterations?: IterationLimit | undefined;
  /** No pauses between tasks, from this test on. */
  readonly withoutWaits?: boolean | undefined;
  /** Each request is told as it ends, from this test on; not for load. */
  readonly tellsRequests?: boolean | undefined;
}

/** Events of the main thread that listeners of user code hear in each load thread. */
export type Notice =
  | { readonly name: 'spawningComplete'; readonly userCount: number }
  | { readonly name: 'workerConnect' | 'heartbeatSent' | 'heartbeatReceived'; readonly timestamp: number }
  | { readonly name: 'usageMonitor'; readonly cpuUsage: number; readonly memoryUsage: number }
  | { readonly name: 'cpuWarning'; readonly cpuUsage: number }
  | { readonly name: 'workerReport'; readonly data: Readonly<Record<string, unknown>> };

/** How hard load threads work; of several, the hardest. */
export interface Strain {
  /** The part of the time in which the event loop did not wait for anything: 0 to 1. */
  readonly busy: number;
  /** The longest time in which it was not free, ms. */
  readonly lag: number;
}

/** Main thread → load thread. */
export type Order =
  | { readonly type: 'load'; readonly bundle: Bundle }
  | { readonly type: 'init'; readonly parsedOptions: ParsedOptions; readonly workerIndex: number }
  | {
      readonly type: 'resize';
      readonly id: number;
      readonly isNewTest: boolean;
      readonly counts: Counts;
      readonly test: TestSettings;
    }
  | { readonly type: 'stop'; readonly stopTimeout: number }
  | { readonly type: 'report' }
  | { readonly type: 'message'; readonly messageType: string; readonly data: unknown }
  | {
      readonly type: 'updateUserClass';
      readonly name: string;
      readonly attributes: ReadonlyMap<string, unknown>;
      readonly tasks?: readonly string[];
    }
  | { readonly type: 'workerIndex'; readonly index: number }
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'totals'; readonly stats: StatsSnapshot }
  | { readonly type: 'resetStats' }
  /** The last iteration has begun in some thread. */
  | { readonly type: 'limitReached' }
  /** What does this shape with `tick()` want? `runTime` in seconds. */
  | {
      readonly type: 'tick';
      readonly id: number;
      readonly shape: string;
      readonly runTime: number;
      readonly userCount: number;
    }
  | { readonly type: 'quitting' }
  | { readonly type: 'end'; readonly exitCode: number };

/** Load thread → main thread. */
export type Report =
  | { readonly type: 'loaded'; readonly manifest: Manifest }
  | { readonly type: 'loadFailed'; readonly reason: string }
  | { readonly type: 'ready' }
  | { readonly type: 'counts'; readonly counts: Counts }
  | { readonly type: 'resized'; readonly id: number; readonly counts: Counts }
  /** Each second. */
  | { readonly type: 'stats'; readonly stats: StatsSnapshot; readonly strain: Strain }
  | { readonly type: 'report'; readonly stats: StatsSnapshot; readonly extra: Readonly<Record<string, unknown>> }
  /** Still at the stop: listeners or `onStop` take their time. */
  | { readonly type: 'stopping' }
  | { readonly type: 'stopped'; readonly stats: StatsSnapshot; readonly counts: Counts }
  | { readonly type: 'exception'; readonly message: string; readonly traceback: string }
  /** Null ends the run. */
  | { readonly type: 'ticked'; readonly id: number; readonly wanted: ShapeTick | null }
  | { readonly type: 'tickFailed'; readonly id: number; readonly reason: string }
  | { readonly type: 'message'; readonly messageType: string; readonly data: unknown }
  | { readonly type: 'log'; readonly record: LogRecord }
  | { readonly type: 'request'; readonly request: ToldRequest }
  /** The last iteration of the test has begun in this thread. */
  | { readonly type: 'limitReached' }
  | { readonly type: 'quit'; readonly reason?: string | undefined }
  /** User code has asked for `runner.stats`; from now on it gets them each second. */
  | { readonly type: 'watchTotals' }
  | { readonly type: 'quitting' }
  | { readonly type: 'ended'; readonly exitCode: number | undefined };
