import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately, StopTest, StopUser } from '../../src/errors.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import { User } from '../../src/user/user.ts';
import type { WaitTime } from '../../src/user/wait-time.ts';
import { Noted, traceOf } from './noted-user.ts';
import { start, userErrors } from './scene.ts';

test('onStart, then tasks, then onStop', async (t) => {
  const errors = userErrors(t);
  assert.deepEqual(await traceOf(Noted), ['start', 'task 1', 'task 2', 'stop']);
  assert.deepEqual(errors, []);
});

test('each is awaited before the next begins', async () => {
  class Slow extends Noted {
    async onStart() {
      await this.sleep(0.002);
      this.trace.push('started');
    }
    async act() {
      await this.sleep(0.002);
      this.trace.push('done');
    }
    async onStop() {
      await this.sleep(0.002);
      this.trace.push('stopped');
    }
  }
  assert.deepEqual(await traceOf(Slow), ['started', 'task 1', 'done', 'task 2', 'stopped']);
});

test('between two tasks the wait time of the class is asked, with the user', async () => {
  class Waiting extends Noted {
    static waitTime = (user: Waiting) => {
      user.trace.push('wait');
      return 0.001;
    };
  }
  assert.deepEqual(await traceOf(Waiting), ['start', 'task 1', 'wait', 'task 2', 'stop']);
});

test('StopUser in onStart: no task, but onStop, and nothing is reported', async (t) => {
  const errors = userErrors(t);
  class Leaving extends Noted {
    onStart() {
      throw new StopUser();
    }
  }
  assert.deepEqual(await traceOf(Leaving), ['stop']);
  assert.deepEqual(errors, []);
});

test('StopTest ends its user as StopUser does', async (t) => {
  const errors = userErrors(t);
  class Ending extends Noted {
    act() {
      throw new StopTest();
    }
  }
  assert.deepEqual(await traceOf(Ending), ['start', 'task 1', 'stop']);
  assert.deepEqual(errors, []);
});

test('RescheduleTask gives the task up and waits, RescheduleTaskImmediately does not wait', async (t) => {
  const errors = userErrors(t);
  class Rescheduling extends Noted {
    static waitTime = (user: Rescheduling) => {
      user.trace.push('wait');
      return 0;
    };
    last = 3;
    act() {
      throw this.runs === 1 ? new RescheduleTask() : new RescheduleTaskImmediately();
    }
  }
  assert.deepEqual(await traceOf(Rescheduling), ['start', 'task 1', 'wait', 'task 2', 'task 3', 'stop']);
  assert.deepEqual(errors, []);
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

test('a wait time may be asynchronous', async () => {
  class Waiting extends Noted {
    static waitTime = async (user: Waiting) => {
      user.trace.push('wait');
      return 0;
    };
  }
  assert.deepEqual(await traceOf(Waiting), ['start', 'task 1', 'wait', 'task 2', 'stop']);
});

test('a wait time that throws StopUser ends the user', async (t) => {
  const errors = userErrors(t);
  class Leaving extends Noted {
    static waitTime = (): number => {
      throw new StopUser();
    };
  }
  assert.deepEqual(await traceOf(Leaving), ['start', 'task 1', 'stop']);
  assert.deepEqual(errors, []);
});
