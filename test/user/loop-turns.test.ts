import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RescheduleTaskImmediately, StopUser } from '../../src/errors.ts';
import { SequentialTaskSet } from '../../src/user/task-set.ts';
import { constant } from '../../src/user/wait-time.ts';
import { Noted, traceOf } from './noted-user.ts';
import { gate, start } from './scene.ts';

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
