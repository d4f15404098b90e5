import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { until } from '../e2e/until.ts';
import { Target } from './target.ts';
import { makeUser, rowsOf } from './user-under-test.ts';

/** A server that answers the text `quick` only, and how many of its calls were cancelled. */
async function slowTarget(t: TestContext): Promise<{ target: Target; cancelled: () => number; begun: () => number }> {
  let [begun, cancelled] = [0, 0];
  const watch = (call: { on(event: 'cancelled', listener: () => void): unknown }): void => {
    begun++;
    call.on('cancelled', () => cancelled++);
  };
  const target = await Target.start(t, {
    predict(call, answer) {
      if (call.request.text === 'quick') answer(null, { category: 1 });
      else watch(call);
    },
    predictAll: watch,
    predictWords(call) {
      watch(call);
      call.write({ word: 'first', category: 1 });
    },
    predictEach: watch,
  });
  return { target, cancelled: () => cancelled, begun: () => begun };
}

test('the abort cancels calls of all kinds, each throws StopUser, and nothing counts', async (t) => {
  const { target, cancelled, begun } = await slowTarget(t);
  const user = makeUser(t, { host: target.host });
  const { client } = user;
  async function* endless(): AsyncGenerator<{ text: string }> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield { text: 'a' };
    }
  }
  const iterated = async (): Promise<void> => {
    for await (const _ of client.predictWords({ text: '' }));
  };
  const calls = [
    client.predict({ text: '' }),
    client.predictAll(endless()),
    Promise.resolve(client.predictWords({ text: '' })),
    iterated(),
    Promise.resolve(client.predictEach(endless())),
  ].map((call) =>
    call.then(
      () => 'answered',
      (thrown: Error) => thrown.constructor.name,
    ),
  );
  await until('all have begun', () => begun() === 5);
  user.life.abort();
  assert.deepEqual(await Promise.all(calls), new Array(5).fill('StopUser'));
  await until('all are cancelled', () => cancelled() === 5);
  assert.deepEqual(rowsOf(user), []);
  await target.untilOpen(0);
});

test('a call after the abort throws StopUser', async (t) => {
  const { target } = await slowTarget(t);
  const user = makeUser(t, { host: target.host });
  user.life.abort();
  await assert.rejects(user.client.predict({ text: 'quick' }), StopUser);
  await assert.rejects(user.client.predictAll([]), StopUser);
  await assert.rejects(Promise.resolve(user.client.predictWords({ text: '' })), StopUser);
  assert.equal(target.connections, 0);
});

test('onStop after an abort may call again, on a connection of its own, which ends with the user', async (t) => {
  const { target } = await slowTarget(t);
  const user = makeUser(t, { host: target.host });
  await user.client.predict({ text: 'quick' });
  user.life.abort();
  user.life.beginEnd();
  assert.equal((await user.client.predict({ text: 'quick' })).status, 'OK');
  assert.equal(target.connections, 2);
  user.life.end();
  await target.untilOpen(0);
});

test('a call that waits for its credentials, or for its catchResponse, ends too', async (t) => {
  const { target } = await slowTarget(t);
  const user = makeUser(t, { host: target.host });
  let release: (() => void) | undefined;
  const waiting = (): Promise<Record<string, string>> =>
    new Promise((resolve) => {
      release = () => resolve({});
    });
  const judged = user.client.predict({ text: 'quick' }, { catchResponse: waiting });
  await until('it is judged', () => release);
  user.life.abort();
  release?.();
  await assert.rejects(judged, StopUser);
  user.life.beginEnd();
  release = undefined;
  user.credentials = waiting;
  const begun = user.client.predict({ text: 'quick' });
  user.life.end();
  release = release as (() => void) | undefined;
  release?.();
  await assert.rejects(begun, StopUser);
  assert.deepEqual([rowsOf(user), target.connections], [[], 1]);
});

test('calls that nobody waits for are no unhandled rejections', async (t) => {
  const { target, begun } = await slowTarget(t);
  const user = makeUser(t, { host: target.host });
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  t.after(() => process.off('unhandledRejection', listener));
  void user.client.predict({ text: '' });
  void user.client.predictAll((async function* () {})());
  void user.client.predictEach();
  void user.client.predictWords({ text: '' }).then(
    () => {},
    () => {},
  );
  void user.client.predictWords({ text: '' });
  await until('all have begun', () => begun() === 5);
  user.life.abort();
  void user.client.predict({ text: '' });
  void user.client.predictAll([]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual(unhandled, []);
});
