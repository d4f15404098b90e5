import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RescheduleTask, StopUser } from '../../src/errors.ts';
import { type Measurement, User } from '../../src/user/user.ts';
import type { WaitTime } from '../../src/user/wait-time.ts';
import { counted, environmentOf, gate } from './scene.ts';

const newUser = (): User => new User(environmentOf());

test('measure counts the work as one request, with its time and length, and hands back its result', async (t) => {
  const times = [100, 112.5];
  const user = newUser();
  t.mock.method(performance, 'now', () => times.shift() ?? 112.5);
  const result = await user.measure('kafka', 'produce', async (measurement) => {
    measurement.responseLength = 42;
    return 'sent';
  });
  const [entry] = user.environment.stats.drain().entries;
  assert.equal(result, 'sent');
  assert.deepEqual(
    [entry?.method, entry?.name, entry?.totalResponseTime, entry?.totalContentLength, entry?.numFailures],
    ['kafka', 'produce', 12.5, 42, 0],
  );
});

test('measured work may be synchronous, and may choose its name', async () => {
  const user = newUser();
  await user.measure('file', 'read', (measurement) => {
    measurement.name = 'read hosts';
  });
  assert.deepEqual(counted(user.environment), ['file read hosts']);
});

test('work that throws is a failure, and its error is thrown on', async () => {
  const user = newUser();
  const error = new TypeError('no broker');
  const work = (measurement: Measurement): never => {
    measurement.responseLength = 3;
    throw error;
  };
  await assert.rejects(user.measure('kafka', 'produce', work), (thrown) => thrown === error);
  const { entries, errors } = user.environment.stats.drain();
  assert.deepEqual([entries[0]?.numFailures, entries[0]?.totalContentLength], [1, 3]);
  assert.deepEqual(errors[0]?.error, "TypeError('no broker')");
});

test('what is thrown and no Error is a failure too, and thrown on as it is', async () => {
  const user = newUser();
  await assert.rejects(
    user.measure('x', 'y', () => Promise.reject(404)),
    (thrown) => thrown === 404,
  );
  assert.equal(user.environment.stats.drain().errors[0]?.error, "Error('404 was thrown, which is not an Error')");
});

test('control flow in measured work passes, and nothing is counted', async () => {
  const user = newUser();
  for (const flow of [new StopUser(), new RescheduleTask()]) {
    await assert.rejects(
      user.measure('x', 'y', () => Promise.reject(flow)),
      (thrown) => thrown === flow,
    );
  }
  assert.deepEqual(counted(user.environment), []);
});

test('work that was under way at an abort is not counted, however it ends', async () => {
  for (const settle of ['open', 'fail'] as const) {
    const user = newUser();
    const { passed, ...ends } = gate<unknown>();
    const measured = user.measure('x', 'y', () => passed);
    user.life.abort();
    ends[settle](new Error('late'));
    await assert.rejects(measured, StopUser);
    assert.deepEqual(counted(user.environment), []);
  }
});

test('work that was under way at an abort is not counted when it ends during onStop', async () => {
  const user = newUser();
  const { passed, open } = gate();
  const measured = user.measure('x', 'y', () => passed);
  user.life.abort();
  user.life.beginEnd();
  open();
  await assert.rejects(measured, StopUser);
  assert.deepEqual(counted(user.environment), []);
});

test('the host of a user is that of its class', () => {
  class Told extends User {
    static override host = 'http://a';
  }
  const user = new Told(environmentOf());
  assert.equal(user.host, 'http://a');
  Told.host = 'http://b';
  assert.equal(user.host, 'http://b');
  assert.equal(newUser().host, undefined);
});

test('wait takes the wait time of the class, called with the user', async () => {
  const asked: unknown[] = [];
  class Waiting extends User {
    static waitTime: WaitTime = (waiter) => {
      asked.push(waiter);
      return 0.001;
    };
  }
  const user = new Waiting(environmentOf());
  await user.wait();
  assert.deepEqual(asked, [user]);
});
