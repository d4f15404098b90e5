import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RescheduleTask, RescheduleTaskImmediately, StopTest, StopUser } from '../../src/errors.ts';
import { events } from '../../src/user/events.ts';
import { SequentialTaskSet } from '../../src/user/task-set.ts';
import type { TaskTable } from '../../src/user/tasks.ts';
import { User } from '../../src/user/user.ts';
import { constant } from '../../src/user/wait-time.ts';
import { environmentOf, gate, logged, start, userErrors } from './scene.ts';

/** Notes what happens to it; the `last` run of its task ends the user. */
class Noted extends User {
  static tasks: TaskTable = { task: 1 };
  readonly trace: string[] = [];
  last = 2;
  runs = 0;

  onStart(): unknown {
    return this.trace.push('start');
  }
  onStop(): unknown {
    return this.trace.push('stop');
  }
  task(): unknown {
    this.runs++;
    this.trace.push(`task ${this.runs}`);
    if (this.runs >= this.last) throw new StopUser();
    return this.act();
  }
  /** What a run does that is not the last one. */
  act(): unknown {
    return undefined;
  }
}

/** The trace of a user of the class that has come to its end. */
async function traceOf(userClass: typeof Noted, environment = environmentOf()): Promise<string[]> {
  const loop = start(userClass, environment);
  await loop.ended;
  return (loop.user as Noted).trace;
}

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

/** Runs until a timer ends it; after far too many runs it gives up by itself, so that a test can fail. */
class Restless extends Noted {
  last = 100_000;
}

async function isEndedByTimer(userClass: typeof Restless): Promise<boolean> {
  const loop = start(userClass);
  const rung = gate();
  setTimeout(() => {
    loop.stop();
    rung.open();
  }, 1);
  await Promise.all([rung.passed, loop.ended]);
  const { runs, last } = loop.user as Restless;
  return runs < last;
}

test('a task that never awaits lets timers have their turn', async () => {
  assert.ok(await isEndedByTimer(Restless));
});

test('so does one that always reschedules at once', async () => {
  class Rescheduling extends Restless {
    act() {
      throw new RescheduleTaskImmediately();
    }
  }
  assert.ok(await isEndedByTimer(Rescheduling));
});

test('so does a task set that is left at once', async () => {
  class Visited extends SequentialTaskSet<Restless> {
    static tasks = ['interrupt'];
    onStart() {
      return this.user.task();
    }
  }
  class Visiting extends Restless {
    static tasks = { visited: 1 };
    visited = Visited;
  }
  assert.ok(await isEndedByTimer(Visiting));
});

test('users that wait for nothing take turns', async () => {
  const users: Restless[] = [];
  class Sharing extends Restless {
    act() {
      if (users.every(({ runs }) => runs >= 50)) throw new StopUser();
    }
  }
  const loops = [start(Sharing), start(Sharing)];
  users.push(...loops.map(({ user }) => user as Restless));
  await loops[0]?.ended;
  assert.ok(users.every(({ runs }) => runs < 100));
  for (const loop of loops) loop.stop();
});

test('a wait of zero seconds is no timer', async (t) => {
  const timers = t.mock.method(globalThis, 'setTimeout');
  class Quick extends Noted {
    static waitTime = constant(0);
    last = 50;
  }
  await traceOf(Quick);
  assert.equal(timers.mock.callCount(), 0);
});
