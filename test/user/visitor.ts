import { StopUser } from '../../src/errors.ts';
import { SequentialTaskSet, TaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import { User, type UserClass } from '../../src/user/user.ts';
import type { WaitTime } from '../../src/user/wait-time.ts';
import { start } from './scene.ts';

/** Visits the set in `inner`, then leaves: its own tasks run in turn. */
export abstract class Visitor extends User {
  static waitTime: WaitTime = (user) => {
    (user as Visitor).trace.push('wait');
    return 0;
  };
  static tasks: TaskTable = { turns: 1 };
  readonly trace: string[] = [];
  abstract readonly inner: new (
    parent: Turns,
  ) => TaskSet<Visitor>;
  turns = Turns;
  onStop(): unknown {
    return this.trace.push('user stop');
  }
}

export class Turns extends SequentialTaskSet<Visitor> {
  static tasks: TaskTable = ['inner', 'leave'];
  inner = (this.parent as Visitor).inner;
  leave() {
    this.user.trace.push('leave');
    throw new StopUser();
  }
}

/** Notes what happens to it; its task leaves. */
export class NotedSet extends TaskSet<Visitor> {
  static tasks: TaskTable = { task: 1 };
  onStart(): unknown {
    return this.note('set start');
  }
  onStop(): unknown {
    return this.note('set stop');
  }
  task(): unknown {
    this.note('task');
    return this.interrupt();
  }
  note(what: string): unknown {
    return this.user.trace.push(what);
  }
}

/** What a user notes that visits the set, until it has ended. */
export async function visit(taskSet: new (parent: Turns) => TaskSet<Visitor>): Promise<string> {
  class Guest extends Visitor {
    readonly inner = taskSet;
  }
  const loop = start(Guest as UserClass);
  await loop.ended;
  return (loop.user as Guest).trace.join(', ');
}
