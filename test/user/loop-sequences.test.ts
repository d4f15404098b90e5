import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { SequentialTaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import { userErrors } from './scene.ts';
import { type Visitor, visit } from './visitor.ts';

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
