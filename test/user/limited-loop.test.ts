import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../../src/user/environment.ts';
import { beginIteration, begunOf, isReached, limitIterations } from '../../src/user/iterations.ts';
import { LimitedLoop } from '../../src/user/limited-loop.ts';
import { SequentialTaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import { planOf } from '../../src/user/tasks.ts';
import { User, type UserClass } from '../../src/user/user.ts';
import { constant } from '../../src/user/wait-time.ts';
import { environmentOf, gate, userErrors } from './scene.ts';

/** Users of this class that share a limit, started; a limit that is reached stops the idle ones, as the swarm does. */
function startAll(userClass: UserClass, count: number, total: number, of: 'task' | 'turn') {
  const environment = environmentOf();
  const limit = limitIterations(total, of);
  const plan = planOf(userClass, () => new userClass(environment));
  const reached: string[] = [];
  const loops = Array.from({ length: count }, () => {
    const onLast = (): void => {
      reached.push('reached');
      for (const each of loops) each.stopIfIdle();
    };
    return new LimitedLoop(new userClass(environment), plan, limit, onLast);
  });
  for (const loop of loops) loop.start();
  return { limit, loops, reached, ended: Promise.all(loops.map((loop) => loop.ended)) };
}

test('of a limit of three, three begin, the last of them knows it, and no other begins', () => {
  const limit = limitIterations(3, 'task');
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => beginIteration(limit)),
    ['yes', 'yes', 'last', 'no', 'no'],
  );
  assert.deepEqual([begunOf(limit), isReached(limit)], [3, true]);
});

test('a clone of a limit that went to a thread counts on the same counter', () => {
  const limit = limitIterations(2, 'task');
  beginIteration(structuredClone(limit));
  assert.equal(begunOf(limit), 1);
});

test('the user runs so many tasks, then onStop', async () => {
  const trace: string[] = [];
  class Counting extends User {
    static tasks: TaskTable = { act: 1 };
    onStart() {
      trace.push('start');
    }
    act() {
      trace.push('act');
    }
    onStop() {
      trace.push('stop');
    }
  }
  const { ended, reached } = startAll(Counting, 1, 3, 'task');
  await ended;
  assert.deepEqual(trace, ['start', 'act', 'act', 'act', 'stop']);
  assert.deepEqual(reached, ['reached']);
});

test('after the last iteration there is no wait', async () => {
  class Waiting extends User {
    static waitTime = constant(1000);
    static tasks: TaskTable = { act: 1 };
    act() {}
  }
  await startAll(Waiting, 1, 1, 'turn').ended;
});

test('several users share one limit', async () => {
  let acts = 0;
  class Crowd extends User {
    static tasks: TaskTable = { act: 1 };
    async act() {
      acts++;
      await this.sleep(0.001);
    }
  }
  await startAll(Crowd, 7, 50, 'task').ended;
  assert.equal(acts, 50);
});

test('a user that waits when the last iteration begins ends at once, the one that is within goes on', async () => {
  const [enter, leave] = [gate(), gate()];
  const trace: string[] = [];
  class Mixed extends User {
    static waitTime = constant(1000);
    static tasks: TaskTable = { act: 1 };
    readonly isFirst = trace.length === 0;
    readonly word = this.isFirst ? 'first' : 'second';
    constructor(environment: Environment) {
      super(environment);
      trace.push(`${this.word} is made`);
    }
    async onStart() {
      if (!this.isFirst) await enter.passed;
    }
    async act() {
      if (!this.isFirst) await leave.passed;
      trace.push(`${this.word} acts`);
    }
    onStop() {
      trace.push(`${this.word} stops`);
    }
  }
  const { loops, ended } = startAll(Mixed, 2, 2, 'turn');
  setImmediate(enter.open);
  await loops[0]?.ended;
  assert.deepEqual(trace.splice(2), ['first acts', 'first stops']);
  leave.open();
  await ended;
  assert.deepEqual(trace.splice(2), ['second acts', 'second stops']);
});

class Steps extends SequentialTaskSet {
  static override tasks: TaskTable = ['one', 'two', 'leave'];
  one() {
    (this.user as Nested).trace.push('one');
  }
  two() {
    (this.user as Nested).trace.push('two');
  }
  leave() {
    this.interrupt();
  }
  override onStop() {
    (this.user as Nested).trace.push('left');
  }
}

class Nested extends User {
  static override tasks: TaskTable = { steps: 1 };
  steps = Steps;
  readonly trace: string[] = [];
}

const stepsOf = ([loop]: readonly LimitedLoop[]): readonly string[] => (loop?.user as Nested | undefined)?.trace ?? [];

test('as turns, a task set counts once with all that runs in it', async () => {
  const { loops, ended } = startAll(Nested, 1, 2, 'turn');
  await ended;
  assert.deepEqual(stepsOf(loops), ['one', 'two', 'left', 'one', 'two', 'left']);
});

test('as tasks, each task within counts and the set does not: it is left in its midst', async () => {
  const { loops, ended } = startAll(Nested, 1, 4, 'task');
  await ended;
  assert.deepEqual(stepsOf(loops), ['one', 'two', 'left', 'one', 'left']);
});

test('a task that throws was an iteration, and is reported', async (t) => {
  const errors = userErrors(t);
  class Failing extends User {
    static tasks: TaskTable = { act: 1 };
    act() {
      throw new Error('no');
    }
  }
  await startAll(Failing, 1, 3, 'turn').ended;
  assert.deepEqual(errors, ['no', 'no', 'no']);
});
