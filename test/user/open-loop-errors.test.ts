import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately, StopTest, StopUser } from '../../src/errors.ts';
import { events } from '../../src/user/events.ts';
import { Planned, plan } from './planned-user.ts';
import { environmentOf, logged, userErrors } from './scene.ts';

test('an exception ends its iteration, is reported, and the others go on', async (t) => {
  const errors = userErrors(t);
  const { user, time } = await plan(t, Planned);
  await time.pass(100);
  user.gates[0]?.fail(new Error('boom'));
  await time.pass(100);
  assert.deepEqual([user.trace, errors], [[0, 100, 200], ['boom']]);
});

test('so it is for a task that throws and returns no promise', async (t) => {
  const errors = userErrors(t);
  class Throwing extends Planned {
    static override tasks = { fail: 1 };
    fail() {
      throw new Error(`at ${this.time?.now}`);
    }
  }
  const { time } = await plan(t, Throwing);
  await time.pass(100);
  assert.deepEqual(errors, ['at 0', 'at 100']);
});

for (const flow of [new InterruptTaskSet(), new RescheduleTask(), new RescheduleTaskImmediately()]) {
  test(`${flow.name} ends its iteration, and nothing is reported`, async (t) => {
    const errors = userErrors(t);
    const { user, time } = await plan(t, Planned);
    user.gates[0]?.fail(flow);
    await nextTurn();
    assert.deepEqual(user.trace, [0]);
    await time.pass(100);
    assert.deepEqual([user.trace, errors], [[0, 100], []]);
  });
}

test('StopUser in one iteration: none begins, the others go on to their end, then comes onStop', async (t) => {
  const errors = userErrors(t);
  const { loop, user, time } = await plan(t, Planned);
  await time.pass(100);
  user.gates[1]?.fail(new StopUser());
  await nextTurn();
  await time.pass(500);
  assert.deepEqual(user.trace, [0, 100]);
  user.gates[0]?.open(undefined);
  await loop.ended;
  assert.deepEqual([user.trace, errors], [[0, 100, 'stop'], []]);
});

test('StopTest ends a run without a master', async (t) => {
  const environment = environmentOf();
  const reasons: (string | undefined)[] = [];
  t.mock.method(environment.runner, 'quit', (reason?: string) => reasons.push(reason));
  const { loop, user } = await plan(t, Planned, environment);
  user.gates[0]?.fail(new StopTest('enough'));
  await loop.ended;
  assert.deepEqual([user.trace, reasons], [[0, 'stop'], ['Planned ended the test: enough']]);
});

test('what is thrown after an abort is nothing to anybody, StopTest too', async (t) => {
  const environment = environmentOf();
  const reasons: (string | undefined)[] = [];
  t.mock.method(environment.runner, 'quit', (reason?: string) => reasons.push(reason));
  const { loop, user } = await plan(t, Planned, environment);
  loop.stop();
  loop.abort();
  user.gates[0]?.fail(new StopTest());
  await loop.ended;
  assert.deepEqual([user.trace, reasons], [[0, 'stop'], []]);
});

/** Users are gone after their first exception. */
function strict(t: TestContext) {
  const environment = environmentOf();
  environment.catchExceptions = false;
  return { environment, errors: userErrors(t) };
}

test('with catchExceptions off an exception is reported once, and the user is gone without onStop', async (t) => {
  const { environment, errors } = strict(t);
  const { loop, user, time } = await plan(t, Planned, environment);
  await time.pass(100);
  const { signal } = user;
  user.gates[0]?.fail(new Error('boom'));
  user.gates[1]?.fail(new Error('too'));
  await loop.ended;
  await time.pass(500);
  assert.deepEqual([user.trace, errors, signal.aborted], [[0, 100], ['boom'], true]);
});

test('an onStart that throws is reported, and the user is gone', async (t) => {
  const errors = userErrors(t);
  class Failing extends Planned {
    override onStart() {
      throw new Error('no start');
    }
  }
  const { loop, user, time } = await plan(t, Failing);
  await loop.ended;
  await time.pass(500);
  assert.deepEqual([user.trace, errors], [[], ['no start']]);
});

test('a listener of userError may end the user', async (t) => {
  const listener = events.userError.addListener(() => {
    throw new StopUser();
  });
  t.after(() => events.userError.removeListener(listener));
  const { loop, user } = await plan(t, Planned);
  user.gates[0]?.fail(new Error('boom'));
  await loop.ended;
  assert.deepEqual(user.trace, [0, 'stop']);
});

test('an onStop that throws is logged', async (t) => {
  const lines = logged();
  class Failing extends Planned {
    override onStop() {
      throw new Error('no stop');
    }
  }
  const { loop, user } = await plan(t, Failing);
  loop.stop();
  user.gates[0]?.open(undefined);
  await loop.ended;
  assert.deepEqual(lines, ['onStop of Failing threw: Error: no stop']);
});
