import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { events } from '../../src/user/events.ts';
import { SequentialTaskSet } from '../../src/user/task-set.ts';
import type { User } from '../../src/user/user.ts';
import { Noted, traceOf } from './noted-user.ts';
import { environmentOf, logged, start, userErrors } from './scene.ts';

test('an exception in onStart is reported once, and the user is gone without a task or onStop', async (t) => {
  const errors = userErrors(t);
  class Failing extends Noted {
    onStart() {
      throw new Error('no start');
    }
  }
  assert.deepEqual(await traceOf(Failing), []);
  assert.deepEqual(errors, ['no start']);
});

test('an exception in a task is reported with its user, and the user goes on after the usual wait', async (t) => {
  const heard: unknown[] = [];
  const listener = events.userError.addListener((event) => heard.push(event));
  t.after(() => events.userError.removeListener(listener));
  const error = new Error('boom');
  class Throwing extends Noted {
    static waitTime = (user: Throwing) => {
      user.trace.push('wait');
      return 0;
    };
    last = 3;
    async act() {
      if (this.runs === 1) throw error;
    }
  }
  const loop = start(Throwing);
  await loop.ended;
  assert.deepEqual((loop.user as Throwing).trace, ['start', 'task 1', 'wait', 'task 2', 'wait', 'task 3', 'stop']);
  assert.equal(heard.length, 1);
  const [event] = heard as [{ user: User; exception: Error }];
  assert.equal(event.user, loop.user);
  assert.equal(event.exception, error);
});

test('the same error, thrown again, is reported again', async (t) => {
  const errors = userErrors(t);
  const error = new Error('boom');
  class Throwing extends Noted {
    last = 4;
    act() {
      throw error;
    }
  }
  await traceOf(Throwing);
  assert.deepEqual(errors, ['boom', 'boom', 'boom']);
});

test('what is thrown and no Error is reported as one', async (t) => {
  const errors = userErrors(t);
  class Throwing extends Noted {
    act() {
      return Promise.reject(404);
    }
  }
  await traceOf(Throwing);
  assert.deepEqual(errors, ['404 was thrown, which is not an Error']);
});

test('with catchExceptions off the first exception is reported once and ends the user, without onStop', async (t) => {
  const errors = userErrors(t);
  const environment = environmentOf();
  environment.catchExceptions = false;
  class Throwing extends Noted {
    act() {
      throw new Error('boom');
    }
  }
  assert.deepEqual(await traceOf(Throwing, environment), ['start', 'task 1']);
  assert.deepEqual(errors, ['boom']);
});

test('a listener that ends the user on its error in onStart ends it once', async (t) => {
  const listener = events.userError.addListener(() => {
    throw new StopUser();
  });
  t.after(() => events.userError.removeListener(listener));
  class Failing extends Noted {
    onStart() {
      throw new Error('no start');
    }
  }
  assert.deepEqual(await traceOf(Failing), []);
});

test('a listener that throws StopUser on an error of a task ends the user', async (t) => {
  const listener = events.userError.addListener(() => {
    throw new StopUser();
  });
  t.after(() => events.userError.removeListener(listener));
  class Throwing extends Noted {
    act() {
      throw new Error('boom');
    }
  }
  assert.deepEqual(await traceOf(Throwing), ['start', 'task 1', 'stop']);
});

test('with catchExceptions off an exception deep in task sets is reported once, too', async (t) => {
  const errors = userErrors(t);
  const environment = environmentOf();
  environment.catchExceptions = false;
  class Inner extends SequentialTaskSet {
    static tasks = ['throwing'];
    throwing() {
      throw new Error('deep');
    }
  }
  class Outer extends SequentialTaskSet {
    static tasks = ['inner'];
    inner = Inner;
  }
  class Holder extends Noted {
    static tasks = { outer: 1 };
    outer = Outer;
  }
  assert.deepEqual(await traceOf(Holder, environment), ['start']);
  assert.deepEqual(errors, ['deep']);
});

test('a wait time that is no number of seconds is reported, and a stop ends the pause that stands in for it', async (t) => {
  const errors = userErrors(t);
  for (const odd of [Number.NaN, -1, Number.POSITIVE_INFINITY, '3' as unknown as number]) {
    class Odd extends Noted {
      static waitTime = () => odd;
    }
    const loop = start(Odd);
    const listener = events.userError.addListener(() => loop.stop());
    await loop.ended;
    events.userError.removeListener(listener);
    const expected = `waitTime of Odd gave ${odd}; a number of seconds from 0 on is expected`;
    assert.deepEqual(errors.splice(0), [expected]);
  }
});

test('an onStop that throws is logged, not reported, and the user is gone', async (t) => {
  const errors = userErrors(t);
  const lines = logged();
  class Failing extends Noted {
    onStop() {
      throw new Error('no stop');
    }
  }
  await traceOf(Failing);
  assert.deepEqual([lines, errors], [['onStop of Failing threw: Error: no stop'], []]);
});

test('a user without a task to run says so', async (t) => {
  const errors = userErrors(t);
  class Idle extends Noted {
    static tasks = { task: 0 };
  }
  const loop = start(Idle);
  const listener = events.userError.addListener(() => loop.stop());
  t.after(() => events.userError.removeListener(listener));
  await loop.ended;
  assert.deepEqual(errors, ['Idle has no task left to run; look at tags and weights']);
});
