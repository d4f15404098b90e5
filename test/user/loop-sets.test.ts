import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { SequentialTaskSet, type TaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import type { UserClass } from '../../src/user/user.ts';
import { gate, logged, start, userErrors } from './scene.ts';
import { NotedSet, Turns, Visitor, visit } from './visitor.ts';

test('a set runs onStart, tasks until one interrupts, onStop; then the parent goes on at once', async (t) => {
  const errors = userErrors(t);
  assert.equal(await visit(NotedSet), 'set start, task, set stop, leave, user stop');
  assert.deepEqual(errors, []);
});

test('interrupt(false) lets the parent wait first', async () => {
  class Waiting extends NotedSet {
    task() {
      this.interrupt(false);
    }
  }
  assert.equal(await visit(Waiting), 'set start, set stop, wait, leave, user stop');
});

test('between the tasks of a set the user waits as it always does', async () => {
  class Two extends NotedSet {
    static tasks: TaskTable = { again: 1 };
    count = 0;
    again() {
      if (++this.count === 2) this.interrupt();
    }
  }
  assert.equal(await visit(Two), 'set start, wait, set stop, leave, user stop');
});

test('a wait time of the set wins, and is called with the set', async () => {
  class Own extends NotedSet {
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
  class Table extends NotedSet {
    static tasks: TaskTable = { interrupt: 1 };
  }
  assert.equal(await visit(Table), 'set start, set stop, leave, user stop');
});

test('StopUser in a set ends the set, then the user', async () => {
  class Ending extends NotedSet {
    task() {
      throw new StopUser();
    }
  }
  assert.equal(await visit(Ending), 'set start, set stop, user stop');
});

test('an exception in a task of a set is reported, and the set goes on', async (t) => {
  const errors = userErrors(t);
  class Throwing extends NotedSet {
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
  class Failing extends NotedSet {
    onStart() {
      throw new Error('no start');
    }
  }
  assert.equal(await visit(Failing), 'wait, leave, user stop');
  assert.deepEqual(errors, ['no start']);
});

test('a set interrupted in onStart is left without onStop, as in Locust', async (t) => {
  const errors = userErrors(t);
  class Leaving extends NotedSet {
    onStart() {
      this.interrupt();
    }
  }
  assert.equal(await visit(Leaving), 'leave, user stop');
  assert.deepEqual(errors, []);
});

test('StopUser in onStart of a set ends the user without onStop of the set, as in Locust', async () => {
  class Ending extends NotedSet {
    onStart() {
      throw new StopUser();
    }
  }
  assert.equal(await visit(Ending), 'user stop');
});

test('an onStop of a set that throws is logged, and the parent goes on', async (t) => {
  const errors = userErrors(t);
  const lines = logged();
  class Failing extends NotedSet {
    onStop() {
      throw new Error('no stop');
    }
  }
  assert.equal(await visit(Failing), 'set start, task, leave, user stop');
  assert.deepEqual([lines, errors], [['onStop of Guest threw: Error: no stop'], []]);
});

test('StopUser in onStop of a set ends the user, as in Locust', async (t) => {
  const errors = userErrors(t);
  class Ending extends NotedSet {
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
    inner = NotedSet;
    after() {
      this.user.trace.push('after');
    }
    onStop() {
      this.user.trace.push('outer stop');
    }
  }
  assert.equal(await visit(Outer), 'set start, task, set stop, after, wait, outer stop, leave, user stop');
});

test('a stop runs onStop of each set from within, then that of the user', async () => {
  const begun = gate();
  class Inner extends NotedSet {
    onStop() {
      return this.note('inner stop');
    }
    async task() {
      begun.open();
      await this.sleep(60);
    }
  }
  class Outer extends NotedSet {
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
  class Inner extends NotedSet {
    task() {
      const { parent } = this;
      assert.ok(parent instanceof Outer);
      this.note(`${parent.parent instanceof Turns} ${parent.user === this.user}`);
      throw new StopUser();
    }
  }
  class Outer extends NotedSet {
    static tasks: TaskTable = { inner: 1 };
    inner = Inner;
  }
  assert.match(await visit(Outer), /true true/);
});

test('each visit is a new set', async () => {
  const sets = new Set<TaskSet>();
  class Once extends NotedSet {
    task() {
      sets.add(this);
      if (sets.size === 2) throw new StopUser();
      this.interrupt();
    }
  }
  class Again extends NotedSet {
    static tasks: TaskTable = { once: 1 };
    once = Once;
  }
  await visit(Again);
  assert.equal(sets.size, 2);
});
