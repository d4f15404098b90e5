import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { scheduled } from '../../src/user/arrivals.ts';
import { takeMissed } from '../../src/user/backlog.ts';
import { constant, type WaitTime } from '../../src/user/wait-time.ts';
import { Planned, plan } from './planned-user.ts';
import { counted, gate, userErrors } from './scene.ts';

test('a stop while nothing runs ends the user', async (t) => {
  const { loop, user, time } = await plan(t, Planned);
  user.gates[0]?.open(undefined);
  await nextTurn();
  loop.stop();
  await loop.ended;
  await time.pass(1000);
  assert.deepEqual(user.trace, [0, 'stop']);
});

test('a stop lets all that run end; none begins, and onStop comes after the last', async (t) => {
  const { loop, user, time } = await plan(t, Planned);
  await time.pass(100);
  loop.stop();
  await time.pass(500);
  user.gates[1]?.open(undefined);
  await nextTurn();
  assert.deepEqual(user.trace, [0, 100]);
  user.gates[0]?.open(undefined);
  await loop.ended;
  await time.pass(500);
  assert.deepEqual(user.trace, [0, 100, 'stop']);
});

test('a stop does not let those begin that waited for one to end', async (t) => {
  class One extends Planned {
    static override arrivals = scheduled(10, { maxConcurrent: 1 });
  }
  const { loop, user, time } = await plan(t, One);
  await time.pass(500);
  loop.stop();
  user.gates[0]?.open(undefined);
  await loop.ended;
  assert.deepEqual(user.trace, [0, 'stop']);
  // Those of 100, 200, 300, 400 and 500 ms.
  assert.match(takeMissed().join(), /^5 iterations of One were due and never begun/);
});

test('what runs on after a stop is counted, and its errors are reported', async (t) => {
  const errors = userErrors(t);
  const { loop, user, environment } = await plan(t, Planned);
  loop.stop();
  user.record('GET', '/', 1, 0);
  user.gates[0]?.fail(new Error('boom'));
  await loop.ended;
  assert.deepEqual([counted(environment), errors, user.trace], [['GET /'], ['boom'], [0, 'stop']]);
});

test('a stop cuts the waits of all that run', async (t) => {
  class Waiting extends Planned {
    static override waitTime: WaitTime = constant(3600);
    override work() {
      return this.wait();
    }
  }
  const { loop, user, time } = await plan(t, Waiting);
  await time.pass(300);
  loop.stop();
  await loop.ended;
  assert.deepEqual(user.trace, [0, 300, 300, 300, 'stop']);
});

test('a stop does not cut a sleep, an abort cuts all', async (t) => {
  class Sleeping extends Planned {
    override work() {
      return this.sleep(3600);
    }
  }
  const { loop, user, time } = await plan(t, Sleeping);
  await time.pass(100);
  loop.stop();
  await nextTurn();
  assert.deepEqual(user.trace, [0, 100]);
  loop.abort();
  await loop.ended;
  assert.deepEqual(user.trace, [0, 100, 'stop']);
});

test('after an abort nothing is counted or reported, but what onStop does', async (t) => {
  const errors = userErrors(t);
  class Leaving extends Planned {
    override onStop() {
      this.record('POST', '/logout', 1, 0);
    }
  }
  const { loop, user, environment } = await plan(t, Leaving);
  loop.stop();
  loop.abort();
  user.record('GET', '/', 1, 0);
  user.gates[0]?.fail(new Error('late'));
  await loop.ended;
  assert.deepEqual([counted(environment), errors], [['POST /logout'], []]);
});

test('one that does not end after the abort is left behind', async (t) => {
  const errors = userErrors(t);
  const { loop, user } = await plan(t, Planned);
  loop.stop();
  loop.abort();
  loop.abandon();
  await loop.ended;
  user.gates[0]?.fail(new Error('late'));
  await nextTurn();
  assert.deepEqual([user.trace, errors], [[0, 'stop'], []]);
});

test('a stop during onStart: none begins, onStop runs', async (t) => {
  const started = gate();
  class Starting extends Planned {
    override onStart() {
      return started.passed;
    }
  }
  const { loop, user, time } = await plan(t, Starting);
  loop.stop();
  started.open();
  await loop.ended;
  await time.pass(1000);
  assert.deepEqual(user.trace, ['stop']);
});

test('a user that is given up begins no more', async (t) => {
  const { loop, user, time } = await plan(t, Planned);
  loop.stop();
  loop.abort();
  loop.abandon();
  loop.giveUp();
  await loop.ended;
  await time.pass(1000);
  assert.deepEqual(user.trace, [0, 'stop']);
});
