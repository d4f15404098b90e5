import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constant, type WaitTime } from '../../src/user/wait-time.ts';
import { Busy, begin } from './busy-user.ts';
import { counted, logged, userErrors } from './scene.ts';

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
