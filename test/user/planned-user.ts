// Users whose iterations are planned, with time in the hands of the test.
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Arrivals, scheduled } from '../../src/user/arrivals.ts';
import type { Environment } from '../../src/user/environment.ts';
import { OpenLoop } from '../../src/user/open-loop.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import { planOf } from '../../src/user/tasks.ts';
import { User, type UserClass } from '../../src/user/user.ts';
import { environmentOf, type Gate, gate } from './scene.ts';

/** The monotonic clock and the timers that follow it. The first iteration is planned for the beginning. */
export class Time {
  readonly #t: TestContext;
  #now = 5000;

  constructor(t: TestContext) {
    this.#t = t;
    t.mock.timers.enable({ apis: ['setTimeout'] });
    t.mock.method(performance, 'now', () => this.#now);
    t.mock.method(Math, 'random', () => 0);
  }

  get now(): number {
    return this.#now - 5000;
  }

  /** The thread is busy for so many ms: no timer rings. */
  block(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** So many ms go by in one piece, then the timers ring, and what follows from that is done. */
  async pass(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    this.#t.mock.timers.tick(milliseconds);
    await nextTurn();
  }
}

/** Notes when its iterations begin; each goes on until its gate is opened. Ten a second. */
export class Planned extends User {
  static override arrivals: Arrivals | undefined = scheduled(10);
  static override tasks: TaskTable = { task: 1 };
  time: Time | undefined;
  readonly trace: (string | number)[] = [];
  readonly gates: Gate<unknown>[] = [];

  async task(): Promise<void> {
    this.trace.push(this.time?.now ?? -1);
    const opened = gate<unknown>();
    this.gates.push(opened);
    await this.work(opened, this.gates.length - 1);
  }
  work({ passed }: Gate<unknown>, _index: number): Promise<unknown> {
    return passed;
  }
  override onStop(): unknown {
    return this.trace.push('stop');
  }
}

/** A user of the class that has been started, and whose first iteration runs. */
export async function plan<C extends typeof Planned>(
  t: TestContext,
  userClass: C,
  environment: Environment = environmentOf(),
) {
  const time = new Time(t);
  const user = new userClass(environment) as InstanceType<C>;
  user.time = time;
  const loop = openLoop(userClass as UserClass, user);
  loop.start();
  await nextTurn();
  return { loop, user, time, environment };
}

/** The loop of a user that is not yet started. */
export function openLoop(userClass: UserClass, user: User): OpenLoop {
  return new OpenLoop(
    user,
    planOf(userClass, () => user),
    userClass.arrivals ?? scheduled(1),
  );
}
