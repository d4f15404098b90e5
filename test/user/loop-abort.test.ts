import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/task-table.ts';
import { Busy, begin } from './busy-user.ts';
import { counted, userErrors } from './scene.ts';

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
