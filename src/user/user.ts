// What a user is: a class with a table of weighted tasks, and one async loop.

import { ControlFlow, StopUser, toError } from '../errors.ts';
import type { Arrivals } from './arrivals.ts';
import type { Environment } from './environment.ts';
import { events } from './events.ts';
import { Life } from './life.ts';
import type { TaskTable } from './task-table.ts';
import { constant, type WaitTime } from './wait-time.ts';

/** What `measure` hands to the measured work, to be filled in. */
export interface Measurement {
  /** Bytes; 0 if not set. */
  responseLength: number;
  /** The name under which it is counted; may be changed. */
  name: string;
  response?: unknown;
}

/** What goes into the `request` event beside the figures. */
export interface RequestDetail {
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  readonly response?: unknown;
  readonly url?: string | undefined;
}

/** A class of users. */
export interface UserClass {
  new (environment: Environment): User;
  readonly name: string;
  host: string | undefined;
  weight: number;
  fixedCount: number;
  abstract: boolean;
  readonly needsHost: boolean;
  waitTime: WaitTime;
  arrivals: Arrivals | undefined;
  tasks: TaskTable;
  /**
   * Throws `UsageError` if the class cannot be used; called when its file is loaded. Relative paths in the class are
   * looked for in `folders`, those of the user files.
   */
  checkClass?(userClass: UserClass, folders: readonly string[]): void;
  /** Throws `UsageError` if its clients cannot use this host; asked before a run without a master makes users. */
  checkHost?(host: string): void;
}

/**
 * A virtual user. Subclass it, write tasks as methods and name them in `static tasks`; export the class.
 * Locust's `User`.
 *
 * @example
 * export class Reader extends User {
 *   static waitTime = between(1, 5);
 *   static tasks = { read: 1 } satisfies Tasks<Reader>;
 *   async read() {
 *     await this.measure('file', 'read', () => readFile('/etc/hosts'));
 *   }
 * }
 */
export class User {
  /** Base URL or address of the system under test; the web UI's host wins. */
  static host: string | undefined = undefined;
  /** How often this class is chosen, relative to the others. */
  static weight: number = 1;
  /** Exactly so many users of this class, whatever its weight; 0 for none fixed. */
  static fixedCount: number = 0;
  /** A base for other classes, of which no users are made. Not inherited. */
  static abstract: boolean = true;
  /** Whether the web UI warns when there is no host. */
  static readonly needsHost: boolean = false;
  /** The pause between two tasks. */
  static waitTime: WaitTime = constant(0);
  /** When iterations begin, whether or not earlier ones have ended: `scheduled(5)`. Instead of `waitTime`. */
  static arrivals: Arrivals | undefined = undefined;
  /** Task name → weight, or `{ weight, tags }`. */
  static tasks: TaskTable = {};

  readonly environment: Environment;
  /** When this user was made, by the monotonic clock, ms. */
  readonly createdAt: number = performance.now();
  /** How far its life has gone; for the loop and the clients, not for tasks. */
  readonly life: Life = new Life();

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** The host of this test: the web UI's or the command line's, else the class's own. */
  get host(): string | undefined {
    return (this.constructor as unknown as UserClass).host;
  }

  /** Aborted when this user must end at once; hand it to whatever may hang. */
  get signal(): AbortSignal {
    return this.life.signal;
  }

  /** Called once before the first task. If it throws, the user is gone. */
  onStart(): unknown {
    return undefined;
  }

  /** Called once after the last task. */
  onStop(): unknown {
    return undefined;
  }

  /** Added to the context of each `request` event. */
  context(): Record<string, unknown> {
    return {};
  }

  /** Pauses as between two tasks; a stop ends the user here, even in mid-task. */
  async wait(): Promise<void> {
    await this.life.wait(await (this.constructor as unknown as UserClass).waitTime(this));
  }

  /** Pauses within a task, in seconds; cut when the user must end at once. */
  async sleep(seconds: number): Promise<void> {
    await this.life.sleep(seconds);
  }

  /**
   * Measures work of any kind as one request: its time, its length, and its failure if it throws (which is thrown on).
   *
   * @example await this.measure('kafka', 'produce', () => producer.send(message));
   */
  async measure<T>(requestType: string, name: string, work: (measurement: Measurement) => T | Promise<T>): Promise<T> {
    const measurement: Measurement = { responseLength: 0, name };
    const { signal } = this;
    const { lateness } = this.life;
    const start = performance.now();
    let result: T;
    try {
      result = await work(measurement);
    } catch (thrown) {
      const time = performance.now() - start;
      if (signal.aborted) throw new StopUser();
      if (!(thrown instanceof ControlFlow)) {
        this.#record(requestType, time, measurement, toError(thrown), lateness);
      }
      throw thrown;
    }
    const time = performance.now() - start;
    if (signal.aborted) throw new StopUser();
    this.#record(requestType, time, measurement, undefined, lateness);
    return result;
  }

  #record(requestType: string, time: number, measured: Measurement, failure: unknown, lateness: number | null): void {
    const { name, responseLength } = measured;
    this.record(requestType, name, time, responseLength, failure, measured, undefined, lateness);
  }

  /**
   * Counts one request of this user; what every client ends in. `responseTime` in ms or null, `responseLength` in
   * bytes, `failure` an Error or a text, `endedAt` by the monotonic clock in ms, now if not given. `lateness` in ms of
   * the planned iteration (see `scheduled`) that made the request, null for none; that which runs, if not given. A user
   * whose end was ordered counts nothing more.
   */
  record(
    requestType: string,
    name: string,
    responseTime: number | null,
    responseLength: number,
    failure?: unknown,
    detail?: RequestDetail,
    endedAt?: number,
    lateness: number | null = this.life.lateness,
  ): void {
    if (this.life.isSilent) return;
    this.environment.stats.record(requestType, name, responseTime, responseLength, failure, endedAt, lateness);
    if (events.request.isHeard) {
      events.request.notify({
        requestType,
        name,
        responseTime,
        responseLength,
        exception: failure || undefined,
        context: { ...this.context(), ...detail?.context },
        response: detail?.response,
        url: detail?.url,
      });
    }
  }
}
