import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TaskSet } from '../../src/user/task-set.ts';
import { User } from '../../src/user/user.ts';
import { constant } from '../../src/user/wait-time.ts';
import { counted, environmentOf } from './scene.ts';

test('a task set waits by its own wait time, or by that of its user', async () => {
  class Waiting extends User {
    static waitTime = constant(0.001);
  }
  class Own extends TaskSet {
    static waitTime = constant(0.002);
  }
  const user = new Waiting(environmentOf());
  const waits: number[] = [];
  user.life.wait = async (seconds) => {
    waits.push(seconds);
  };
  await new Own(user).wait();
  await new TaskSet(user).wait();
  assert.deepEqual(waits, [0.002, 0.001]);
});

test('a task set sleeps, measures and aborts as its user does, and has its client', async () => {
  class WithClient extends User {
    readonly client = { get: () => 'got' };
  }
  const user = new WithClient(environmentOf());
  const set = new TaskSet<WithClient>(new TaskSet<WithClient>(user));
  await set.sleep(0.001);
  assert.equal(await set.measure('x', 'y', () => set.client.get()), 'got');
  assert.deepEqual([set.user, set.environment, set.signal], [user, user.environment, user.signal]);
  assert.deepEqual(counted(user.environment), ['x y']);
});
