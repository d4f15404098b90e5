import { EventHook } from '../events.ts';
import type { Environment } from './environment.ts';
import type { User } from './user.ts';

/** One request that has ended, of whatever protocol. */
export interface RequestEvent {
  /** `GET`, `grpc`, `MQTT publish` …; the method column of the report. */
  readonly requestType: string;
  readonly name: string;
  /** Milliseconds; null if the event has no duration. */
  readonly responseTime: number | null;
  /** Bytes. */
  readonly responseLength: number;
  /** Set if it failed: an Error, or the text for the Failures tab. */
  readonly exception?: unknown;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly response?: unknown;
  readonly url?: string | undefined;
}

/**
 * The `request` event. `fire` counts the request in the statistics of this thread first, then calls the listeners: one
 * that throws never loses the sample.
 *
 * @example events.request.fire({ requestType: 'sftp', name: 'put', responseTime: 12.5, responseLength: 4096 });
 */
export class RequestHook extends EventHook<RequestEvent> {
  #count: (event: RequestEvent) => void = () => {};

  /** Says where `fire` counts; the load thread does so before user code runs. */
  countWith(count: (event: RequestEvent) => void): void {
    this.#count = count;
  }

  override fire(event: RequestEvent): void {
    this.#count(event);
    super.fire(event);
  }

  /** Calls the listeners for a request that is counted already. */
  notify(event: RequestEvent): void {
    super.fire(event);
  }
}

/** What can be listened to, with Locust's names and arguments. Listeners run in each load thread. */
export interface Events {
  /** After each request was counted. `fire` counts a request of one's own. */
  readonly request: RequestHook;
  /** A task, or `onStart`, threw. */
  readonly userError: EventHook<{ readonly user: User; readonly exception: Error }>;
  /** The user file is loaded, the options are known; no user runs yet. Awaited. */
  readonly init: EventHook<{ readonly environment: Environment }>;
  /** A new test begins; awaited before the first user starts. */
  readonly testStart: EventHook<{ readonly environment: Environment }>;
  /** A stop was ordered; users still run. Awaited. */
  readonly testStopping: EventHook<{ readonly environment: Environment }>;
  /** All users of this thread have stopped. Awaited. */
  readonly testStop: EventHook<{ readonly environment: Environment }>;
  /** The master says that all users run. `userCount` is its total over all workers. */
  readonly spawningComplete: EventHook<{ readonly userCount: number }>;
  /** Before each report to the master; what is put into `data` goes with it (numbers of threads add up, lists join). */
  readonly reportToMaster: EventHook<{ readonly clientId: string; readonly data: Record<string, unknown> }>;
  /** A report arrived; on a master only, so in local mode. */
  readonly workerReport: EventHook<{ readonly clientId: string; readonly data: Readonly<Record<string, unknown>> }>;
  /** The master acknowledged this worker. */
  readonly workerConnect: EventHook<{ readonly clientId: string }>;
  /** `timestamp` in epoch seconds. */
  readonly heartbeatSent: EventHook<{ readonly clientId: string; readonly timestamp: number }>;
  readonly heartbeatReceived: EventHook<{ readonly clientId: string; readonly timestamp: number }>;
  /** Every ten seconds; `cpuUsage` in percent of one core a thread, `memoryUsage` in bytes. */
  readonly usageMonitor: EventHook<{
    readonly environment: Environment;
    readonly cpuUsage: number;
    readonly memoryUsage: number;
  }>;
  /** The CPU was used for more than 90 %: what is measured may be the generator's own slowness. */
  readonly cpuWarning: EventHook<{ readonly environment: Environment; readonly cpuUsage: number }>;
  /** The worker is about to end; users may still run. Awaited. */
  readonly quitting: EventHook<{ readonly environment: Environment }>;
  /** The last thing that runs. */
  readonly quit: EventHook<{ readonly exitCode: number }>;
  /** The statistics of this thread were reset by order. */
  readonly resetStats: EventHook<Record<never, never>>;
}

/** All events of this load thread; `environment.events` is the same object. */
export const events: Events = {
  request: new RequestHook('request'),
  userError: new EventHook('userError'),
  init: new EventHook('init'),
  testStart: new EventHook('testStart'),
  testStopping: new EventHook('testStopping'),
  testStop: new EventHook('testStop'),
  spawningComplete: new EventHook('spawningComplete'),
  reportToMaster: new EventHook('reportToMaster'),
  workerReport: new EventHook('workerReport'),
  workerConnect: new EventHook('workerConnect'),
  heartbeatSent: new EventHook('heartbeatSent'),
  heartbeatReceived: new EventHook('heartbeatReceived'),
  usageMonitor: new EventHook('usageMonitor'),
  cpuWarning: new EventHook('cpuWarning'),
  quitting: new EventHook('quitting'),
  quit: new EventHook('quit'),
  resetStats: new EventHook('resetStats'),
};
