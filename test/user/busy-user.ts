import type { TaskTable } from '../../src/user/task-table.ts';
import { User, type UserClass } from '../../src/user/user.ts';
import { environmentOf, gate, start } from './scene.ts';

/** Its one task is begun, and goes on until `done` is opened. */
export class Busy extends User {
  static tasks: TaskTable = { task: 1 };
  readonly trace: string[] = [];
  readonly begun = gate();
  readonly done = gate();
  readonly stopping = gate();

  async task() {
    this.trace.push('task');
    this.begun.open();
    await this.work();
    this.trace.push('done');
  }
  work(): Promise<unknown> {
    return this.done.passed;
  }
  async onStop(): Promise<void> {
    this.trace.push('stop');
    this.stopping.open();
  }
}

/** A user of the class whose task is under way. */
export async function begin<C extends typeof Busy>(userClass: C, environment = environmentOf()) {
  const loop = start(userClass as UserClass, environment);
  const user = loop.user as InstanceType<C>;
  await user.begun.passed;
  return { loop, user, environment };
}
