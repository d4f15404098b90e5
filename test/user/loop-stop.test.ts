import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/tasks.ts';
import { User, type UserClass } from '../../src/user/user.ts';
import { constant, type WaitTime } from '../../src/user/wait-time.ts';
import { counted, environmentOf, gate, logged, start, userErrors } from './scene.ts';

/** Its one task is begun, and goes on until `done` is opened. */
class Busy extends User {
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
async function begin<C extends typeof Busy>(userClass: C, environment = environmentOf()) {
  const loop = start(userClass as UserClass, environment);
  const user = loop.user as InstanceType<C>;
  await user.begun.passed;
  return { loop, user, environment };
}

test('a stop cuts the wait between tasks', async () => {
  class Waiting extends Busy {
    static waitTime: WaitTime = constant(3600);
    work() {
      return Promise.resolve();
    }
  }
  const { loop, user } = await begin(Waiting);
  await nextTurn();
  loop.stop();
  await loop.ended;
  assert.deepEqual(user.trace, ['task', 'done', 'stop']);
});

test('a stop cuts a wait within a task', async () => {
  class Waiting extends Busy {
    static waitTime: WaitTime = constant(3600);
    work() {
      return this.wait();
    }
  }
  const { loop, user } = await begin(Waiting);
  await nextTurn();
  loop.stop();
  await loop.ended;
  assert.deepEqual(user.trace, ['task', 'stop']);
});

test('a stop lets the running task end, then no further task begins', async () => {
  const { loop, user } = await begin(Busy);
  loop.stop();
  await nextTurn();
  assert.deepEqual(user.trace, ['task']);
  user.done.open();
  await loop.ended;
  assert.deepEqual(user.trace, ['task', 'done', 'stop']);
});

test('what a task does after a stop is counted, and its error reported', async (t) => {
  const errors = userErrors(t);
  const { loop, user, environment } = await begin(Busy);
  loop.stop();
  user.record('GET', '/', 1, 0);
  user.done.fail(new Error('boom'));
  await loop.ended;
  assert.deepEqual([counted(environment), errors, user.trace], [['GET /'], ['boom'], ['task', 'stop']]);
});

test('a stop does not cut a sleep', async () => {
  class Sleeping extends Busy {
    work() {
      return this.sleep(0.005);
    }
  }
  const { loop, user } = await begin(Sleeping);
  loop.stop();
  await loop.ended;
  assert.deepEqual(user.trace, ['task', 'done', 'stop']);
});

test('an abort cuts a sleep', async (t) => {
  const errors = userErrors(t);
  class Sleeping extends Busy {
    work() {
      return this.sleep(3600);
    }
  }
  const { loop, user } = await begin(Sleeping);
  loop.abort();
  await loop.ended;
  assert.deepEqual([user.trace, errors], [['task', 'stop'], []]);
});

test('an abort aborts the signal, and what the task throws then is neither counted nor reported', async (t) => {
  const errors = userErrors(t);
  class Fetching extends Busy {
    work() {
      return this.measure('GET', '/', async () => {
        await once(this.signal, 'abort');
        throw new Error('connection reset');
      });
    }
  }
  const { loop, user, environment } = await begin(Fetching);
  loop.abort();
  await loop.ended;
  assert.deepEqual([user.trace, errors, counted(environment)], [['task', 'stop'], [], []]);
});

test('nothing is counted between the abort and onStop', async () => {
  class Recording extends Busy {
    async work() {
      await once(this.signal, 'abort');
      this.record('GET', '/late', 1, 0);
    }
  }
  const { loop, environment } = await begin(Recording);
  loop.abort();
  await loop.ended;
  assert.deepEqual(counted(environment), []);
});

test('onStop after an abort has a fresh signal, may sleep and is counted', async () => {
  class Leaving extends Busy {
    isAborted = true;
    async onStop() {
      this.isAborted = this.signal.aborted;
      await this.sleep(0.001);
      await this.measure('POST', '/logout', () => {});
    }
  }
  const { loop, user, environment } = await begin(Leaving);
  const { signal } = user;
  user.done.passed.catch(() => {});
  signal.addEventListener('abort', () => user.done.fail(signal.reason));
  loop.abort();
  await loop.ended;
  assert.deepEqual([signal.aborted, user.isAborted, counted(environment)], [true, false, ['POST /logout']]);
});

test('so has onStop of a task set', async () => {
  class Leaving extends TaskSet<Visitor> {
    static tasks: TaskTable = { task: 1 };
    async task() {
      this.user.begun.open();
      await this.sleep(3600);
    }
    async onStop() {
      this.user.trace.push(`aborted: ${this.signal.aborted}`);
      await this.measure('POST', '/leave', () => this.sleep(0.001));
    }
  }
  class Visitor extends Busy {
    static tasks: TaskTable = { set: 1 };
    set = Leaving;
  }
  const { loop, user, environment } = await begin(Visitor);
  loop.abort();
  await loop.ended;
  assert.deepEqual([user.trace, counted(environment)], [['aborted: false', 'stop'], ['POST /leave']]);
});

test('a stop during onStart lets it end; no task begins, onStop runs', async () => {
  class Starting extends Busy {
    async onStart() {
      this.begun.open();
      await this.done.passed;
      this.trace.push('started');
    }
  }
  const { loop, user } = await begin(Starting);
  loop.stop();
  user.done.open();
  await loop.ended;
  assert.deepEqual(user.trace, ['started', 'stop']);
});

test('an onStart that fails after a stop is reported, and the user is gone without onStop', async (t) => {
  const errors = userErrors(t);
  class Starting extends Busy {
    async onStart() {
      this.begun.open();
      await this.done.passed;
    }
  }
  const { loop, user } = await begin(Starting);
  loop.stop();
  user.done.fail(new Error('no start'));
  await loop.ended;
  assert.deepEqual([user.trace, errors], [[], ['no start']]);
});

test('an abort during onStart: what it throws is not reported, onStop runs', async (t) => {
  const errors = userErrors(t);
  class Starting extends Busy {
    async onStart() {
      this.begun.open();
      await once(this.signal, 'abort');
      throw new Error('aborted');
    }
  }
  const { loop, user } = await begin(Starting);
  loop.abort();
  await loop.ended;
  assert.deepEqual([user.trace, errors], [['stop'], []]);
});

test('an abort during onStart of a task set: what it throws is not reported', async (t) => {
  const errors = userErrors(t);
  class Starting extends TaskSet<Visitor> {
    static tasks: TaskTable = { interrupt: 1 };
    async onStart() {
      this.user.begun.open();
      await once(this.signal, 'abort');
      throw new Error('aborted');
    }
  }
  class Visitor extends Busy {
    static tasks: TaskTable = { set: 1 };
    set = Starting;
  }
  const { loop, user } = await begin(Visitor);
  loop.abort();
  await loop.ended;
  assert.deepEqual([user.trace, errors], [['stop'], []]);
});

test('a task that does not settle after the abort is abandoned: onStop runs without it', async () => {
  const { loop, user } = await begin(Busy);
  loop.abort();
  await nextTurn();
  assert.deepEqual(user.trace, ['task']);
  loop.abandon();
  await loop.ended;
  assert.deepEqual(user.trace, ['task', 'stop']);
});

test('what an abandoned task does later is neither counted nor reported, and onStop runs once', async (t) => {
  const errors = userErrors(t);
  class Late extends Busy {
    work() {
      return this.measure('GET', '/', () => this.done.passed);
    }
    async onStop() {
      await super.onStop();
      this.done.fail(new Error('late'));
      await nextTurn();
    }
  }
  const { loop, user, environment } = await begin(Late);
  loop.abort();
  loop.abandon();
  await loop.ended;
  assert.deepEqual([user.trace, errors, counted(environment)], [['task', 'stop'], [], []]);
});

test('an abandoned task that throws while onStop runs is not reported', async (t) => {
  const errors = userErrors(t);
  class Late extends Busy {
    async onStop() {
      await super.onStop();
      this.done.fail(new Error('late'));
      await nextTurn();
    }
  }
  const { loop, user } = await begin(Late);
  loop.abort();
  loop.abandon();
  await loop.ended;
  assert.deepEqual([user.trace, errors], [['task', 'stop'], []]);
});

test('an onStop that throws ends the user all the same', async (t) => {
  const errors = userErrors(t);
  const lines = logged();
  class Failing extends Busy {
    async onStop() {
      throw new Error('no stop');
    }
  }
  const { loop, user } = await begin(Failing);
  loop.stop();
  user.done.open();
  await loop.ended;
  assert.deepEqual([lines, errors], [['onStop of Failing threw: Error: no stop'], []]);
});

test('an onStop that hangs is given up: its sleeps and its signal end, nothing more is counted', async () => {
  class Hanging extends Busy {
    async onStop() {
      const { signal } = this;
      signal.addEventListener('abort', () => this.trace.push('aborted'));
      this.stopping.open();
      await this.sleep(3600).finally(() => this.record('GET', '/late', 1, 0));
    }
  }
  const { loop, user, environment } = await begin(Hanging);
  loop.stop();
  user.done.open();
  await user.stopping.passed;
  loop.giveUp();
  await loop.ended;
  await nextTurn();
  assert.deepEqual([user.trace, counted(environment)], [['task', 'done', 'aborted'], []]);
});

test('an abort does not reach into an onStop that runs', async () => {
  class Leaving extends Busy {
    async onStop() {
      this.stopping.open();
      await this.sleep(0.005);
      this.record('POST', '/logout', 1, 0);
    }
  }
  const { loop, user, environment } = await begin(Leaving);
  loop.stop();
  user.done.open();
  await user.stopping.passed;
  loop.abort();
  await loop.ended;
  assert.deepEqual(counted(environment), ['POST /logout']);
});

test('stopping twice, and after the end, does nothing more', async () => {
  const { loop, user } = await begin(Busy);
  loop.stop();
  loop.stop();
  user.done.open();
  await loop.ended;
  loop.stop();
  loop.abort();
  loop.abandon();
  loop.giveUp();
  await nextTurn();
  assert.deepEqual(user.trace, ['task', 'done', 'stop']);
});
