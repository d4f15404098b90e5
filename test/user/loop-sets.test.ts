import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InterruptTaskSet, StopUser } from '../../src/errors.ts';
import { SequentialTaskSet, TaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/tasks.ts';
import { User, type UserClass } from '../../src/user/user.ts';
import type { WaitTime } from '../../src/user/wait-time.ts';
import { gate, logged, start, userErrors } from './scene.ts';

/** Visits the set in `inner`, then leaves: its own tasks run in turn. */
abstract class Visitor extends User {
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
class Turns extends SequentialTaskSet<Visitor> {
  static tasks: TaskTable = ['inner', 'leave'];
  inner = (this.parent as Visitor).inner;
  leave() {
    this.user.trace.push('leave');
    throw new StopUser();
  }
}
/** Notes what happens to it; its task leaves. */
class Noted extends TaskSet<Visitor> {
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
async function visit(taskSet: new (parent: Turns) => TaskSet<Visitor>): Promise<string> {
  class Guest extends Visitor {
    readonly inner = taskSet;
  }
  const loop = start(Guest as UserClass);
  await loop.ended;
  return (loop.user as Guest).trace.join(', ');
}

test('a set runs onStart, tasks until one interrupts, onStop; then the parent goes on at once', async (t) => {
  const errors = userErrors(t);
  assert.equal(await visit(Noted), 'set start, task, set stop, leave, user stop');
  assert.deepEqual(errors, []);
});

test('interrupt(false) lets the parent wait first', async () => {
  class Waiting extends Noted {
    task() {
      this.interrupt(false);
    }
  }
  assert.equal(await visit(Waiting), 'set start, set stop, wait, leave, user stop');
});

test('between the tasks of a set the user waits as it always does', async () => {
  class Two extends Noted {
    static tasks: TaskTable = { again: 1 };
    count = 0;
    again() {
      if (++this.count === 2) this.interrupt();
    }
  }
  assert.equal(await visit(Two), 'set start, wait, set stop, leave, user stop');
});

test('a wait time of the set wins, and is called with the set', async () => {
  class Own extends Noted {
    static waitTime = (set: Own) => {
      set.note(`wait of set ${set.count}`);
      return 0;
    };
    count = 0;
    task() {
      if (++this.count === 2) this.interrupt();
    }
  }
  assert.equal(await visit(Own), 'set start, wait of set 1, set stop, leave, user stop');
});

test('interrupt may be a task of the table', async () => {
  class Table extends Noted {
    static tasks: TaskTable = { interrupt: 1 };
  }
  assert.equal(await visit(Table), 'set start, set stop, leave, user stop');
});

test('StopUser in a set ends the set, then the user', async () => {
  class Ending extends Noted {
    task() {
      throw new StopUser();
    }
  }
  assert.equal(await visit(Ending), 'set start, set stop, user stop');
});

test('an exception in a task of a set is reported, and the set goes on', async (t) => {
  const errors = userErrors(t);
  class Throwing extends Noted {
    count = 0;
    task() {
      if (++this.count === 2) this.interrupt();
      throw new Error('boom');
    }
  }
  assert.equal(await visit(Throwing), 'set start, wait, set stop, leave, user stop');
  assert.deepEqual(errors, ['boom']);
});

test('an exception in onStart of a set is reported once; no task, no onStop, the parent goes on', async (t) => {
  const errors = userErrors(t);
  class Failing extends Noted {
    onStart() {
      throw new Error('no start');
    }
  }
  assert.equal(await visit(Failing), 'wait, leave, user stop');
  assert.deepEqual(errors, ['no start']);
});

test('a set interrupted in onStart is left without onStop, as in Locust', async (t) => {
  const errors = userErrors(t);
  class Leaving extends Noted {
    onStart() {
      this.interrupt();
    }
  }
  assert.equal(await visit(Leaving), 'leave, user stop');
  assert.deepEqual(errors, []);
});

test('StopUser in onStart of a set ends the user without onStop of the set, as in Locust', async () => {
  class Ending extends Noted {
    onStart() {
      throw new StopUser();
    }
  }
  assert.equal(await visit(Ending), 'user stop');
});

test('an onStop of a set that throws is logged, and the parent goes on', async (t) => {
  const errors = userErrors(t);
  const lines = logged();
  class Failing extends Noted {
    onStop() {
      throw new Error('no stop');
    }
  }
  assert.equal(await visit(Failing), 'set start, task, leave, user stop');
  assert.deepEqual([lines, errors], [['onStop of Guest threw: Error: no stop'], []]);
});

test('StopUser in onStop of a set ends the user, as in Locust', async (t) => {
  const errors = userErrors(t);
  class Ending extends Noted {
    onStop() {
      throw new StopUser();
    }
  }
  assert.equal(await visit(Ending), 'set start, task, user stop');
  assert.deepEqual(errors, []);
});

test('an interrupt leaves one set, not those around it', async () => {
  class Outer extends SequentialTaskSet<Visitor> {
    static tasks: TaskTable = ['inner', 'after', 'interrupt'];
    inner = Noted;
    after() {
      this.user.trace.push('after');
    }
    onStop() {
      this.user.trace.push('outer stop');
    }
  }
  assert.equal(await visit(Outer), 'set start, task, set stop, after, wait, outer stop, leave, user stop');
});

test('InterruptTaskSet in a task of the user itself gives up the task, and nothing is reported', async (t) => {
  const errors = userErrors(t);
  class Lost extends User {
    static waitTime: WaitTime = () => Number.NaN; // would be reported
    static tasks: TaskTable = { task: 1 };
    count = 0;
    task() {
      throw ++this.count === 3 ? new StopUser() : new InterruptTaskSet();
    }
  }
  await start(Lost).ended;
  assert.deepEqual(errors, []);
});

test('InterruptTaskSet(false) in a task of the user itself lets it wait', async () => {
  const trace: string[] = [];
  class Lost extends User {
    static waitTime: WaitTime = () => {
      trace.push('wait');
      return 0;
    };
    static tasks: TaskTable = { task: 1 };
    task() {
      throw trace.push('task') > 1 ? new StopUser() : new InterruptTaskSet(false);
    }
  }
  await start(Lost).ended;
  assert.deepEqual(trace, ['task', 'wait', 'task']);
});

test('a stop runs onStop of each set from within, then that of the user', async () => {
  const begun = gate();
  class Inner extends Noted {
    onStop() {
      return this.note('inner stop');
    }
    async task() {
      begun.open();
      await this.sleep(60);
    }
  }
  class Outer extends Noted {
    static tasks: TaskTable = { inner: 1 };
    inner = Inner;
  }
  class Guest extends Visitor {
    readonly inner = Outer;
  }
  const loop = start(Guest as UserClass);
  await begun.passed;
  loop.stop();
  loop.abort();
  await loop.ended;
  const { trace } = loop.user as Guest;
  assert.equal(trace.join(', '), 'set start, set start, inner stop, set stop, user stop');
});

test('a set knows its parent and its user', async () => {
  class Inner extends Noted {
    task() {
      const { parent } = this;
      assert.ok(parent instanceof Outer);
      this.note(`${parent.parent instanceof Turns} ${parent.user === this.user}`);
      throw new StopUser();
    }
  }
  class Outer extends Noted {
    static tasks: TaskTable = { inner: 1 };
    inner = Inner;
  }
  assert.match(await visit(Outer), /true true/);
});

test('each visit is a new set', async () => {
  const sets = new Set<TaskSet>();
  class Once extends Noted {
    task() {
      sets.add(this);
      if (sets.size === 2) throw new StopUser();
      this.interrupt();
    }
  }
  class Again extends Noted {
    static tasks: TaskTable = { once: 1 };
    once = Once;
  }
  await visit(Again);
  assert.equal(sets.size, 2);
});

/** A sequence of `a b c` that ends the user at the seventh step. */
class Abc extends SequentialTaskSet<Visitor> {
  static tasks: TaskTable = ['a', 'b', 'c'];
  count = 0;
  a(): unknown {
    return this.step('a');
  }
  b(): unknown {
    return this.step('b');
  }
  c(): unknown {
    return this.step('c');
  }
  step(name: string): unknown {
    this.user.trace.push(name);
    if (++this.count === 7) throw new StopUser();
    return undefined;
  }
}
const stepsOf = async (set: typeof Abc): Promise<string> => (await visit(set)).replace(/, |wait|user stop/g, '');

test('a sequence runs its steps in order, again and again', async () => {
  assert.equal(await stepsOf(Abc), 'abcabca');
});

test('a step that throws is not repeated', async (t) => {
  const errors = userErrors(t);
  class Throwing extends Abc {
    b() {
      super.b();
      throw new Error('boom');
    }
  }
  assert.equal(await stepsOf(Throwing), 'abcabca');
  assert.equal(errors.length, 2);
});

test('a scheduled task comes before the table is asked, and skips no step', async () => {
  class Scheduling extends Abc {
    a() {
      if (this.count === 0) {
        this.scheduleTask('c');
        this.scheduleTask('b');
        this.scheduleTask('a', { first: true });
      }
      return super.a();
    }
  }
  assert.equal(await stepsOf(Scheduling), 'aacbbca');
});

test('a scheduled task that is not in the table is reported, and the set goes on', async (t) => {
  const errors = userErrors(t);
  class Scheduling extends Abc {
    a() {
      if (this.count === 0) this.scheduleTask('d');
      return super.a();
    }
  }
  assert.equal(await stepsOf(Scheduling), 'abcabca');
  assert.deepEqual(errors, [`scheduleTask('d'): Scheduling has no such task`]);
});
