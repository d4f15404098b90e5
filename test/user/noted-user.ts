import { StopUser } from '../../src/errors.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import { User } from '../../src/user/user.ts';
import { environmentOf, start } from './scene.ts';

/** Notes what happens to it; the `last` run of its task ends the user. */
export class Noted extends User {
  static tasks: TaskTable = { task: 1 };
  readonly trace: string[] = [];
  last = 2;
  runs = 0;

  onStart(): unknown {
    return this.trace.push('start');
  }
  onStop(): unknown {
    return this.trace.push('stop');
  }
  task(): unknown {
    this.runs++;
    this.trace.push(`task ${this.runs}`);
    if (this.runs >= this.last) throw new StopUser();
    return this.act();
  }
  /** What a run does that is not the last one. */
  act(): unknown {
    return undefined;
  }
}

/** The trace of a user of the class that has come to its end. */
export async function traceOf(userClass: typeof Noted, environment = environmentOf()): Promise<string[]> {
  const loop = start(userClass, environment);
  await loop.ended;
  return (loop.user as Noted).trace;
}
