import { InterruptTaskSet } from '../errors.ts';
import type { Environment } from './environment.ts';
import type { TaskTable } from './task-table.ts';
import type { Measurement, User } from './user.ts';
import type { WaitTime } from './wait-time.ts';

/** A class of task sets. */
export interface TaskSetClass {
  // biome-ignore lint/suspicious/noExplicitAny: a task set of any user may stand in a table
  new (parent: any): TaskSet<any>;
  readonly name: string;
  tasks: TaskTable;
  tags: readonly string[];
  waitTime: WaitTime | undefined;
}

type ClientOf<U> = U extends { readonly client: infer C } ? C : never;

/**
 * Tasks that belong together: a user (or another set) runs one of them after the other until `interrupt()`.
 * It stands in a task table under the name of a field that holds the class. Locust's `TaskSet`.
 *
 * @example
 * class Forum extends TaskSet<Reader> {
 *   static tasks = { read: 3, interrupt: 1 } satisfies Tasks<Forum>;
 *   async read() {
 *     await this.client.get('/thread');
 *   }
 * }
 * export class Reader extends HttpUser {
 *   static tasks = { forum: 1 } satisfies Tasks<Reader>;
 *   forum = Forum;
 * }
 */
export class TaskSet<U extends User = User> {
  static tasks: TaskTable = {};
  /** Tags that all its tasks have. */
  static tags: readonly string[] = [];
  /** The pause between its tasks; the user's own if not set. */
  static waitTime: WaitTime | undefined = undefined;

  /** The user that runs it. */
  readonly user: U;
  /** The set that it stands in, or the user. */
  readonly parent: U | TaskSet<U>;
  /** When this set was begun, by the monotonic clock, ms. */
  readonly createdAt: number = performance.now();
  /** Names of tasks that come before the table is asked; for `scheduleTask`. */
  scheduled: readonly string[] | undefined;

  constructor(parent: U | TaskSet<U>) {
    this.parent = parent;
    this.user = parent instanceof TaskSet ? parent.user : parent;
  }

  /** The user's client. */
  get client(): ClientOf<U> {
    return (this.user as unknown as { client: ClientOf<U> }).client;
  }

  get environment(): Environment {
    return this.user.environment;
  }

  /** Aborted when the user must end at once. */
  get signal(): AbortSignal {
    return this.user.signal;
  }

  /** Called when the user enters this set. */
  onStart(): unknown {
    return undefined;
  }

  /** Called when it leaves the set, also when the user is stopped. */
  onStop(): unknown {
    return undefined;
  }

  /** Leaves this set. The parent picks its next task at once, or waits first if `reschedule` is false. */
  interrupt(reschedule = true): never {
    throw new InterruptTaskSet(reschedule);
  }

  /** Runs a task of the table next (`first`) or after those already scheduled. */
  scheduleTask(name: string, options: { readonly first?: boolean } = {}): void {
    this.scheduled = options.first ? [name, ...(this.scheduled ?? [])] : [...(this.scheduled ?? []), name];
  }

  /** Pauses as between two tasks; a stop ends the user here. */
  async wait(): Promise<void> {
    const { waitTime } = this.constructor as unknown as TaskSetClass;
    if (waitTime === undefined) await this.user.wait();
    else await this.user.life.wait(await waitTime(this));
  }

  /** Pauses within a task, in seconds. */
  async sleep(seconds: number): Promise<void> {
    await this.user.sleep(seconds);
  }

  /** As `User.measure`. */
  async measure<T>(requestType: string, name: string, work: (m: Measurement) => T | Promise<T>): Promise<T> {
    return this.user.measure(requestType, name, work);
  }
}

/**
 * A task set whose tasks run in the order of its table, again and again; a weight repeats a step. Locust's
 * `SequentialTaskSet`.
 *
 * @example
 * class Checkout extends SequentialTaskSet<ShopUser> {
 *   static tasks = ['cart', 'pay', 'interrupt'] satisfies Sequence<Checkout>;
 * }
 */
export class SequentialTaskSet<U extends User = User> extends TaskSet<U> {}
