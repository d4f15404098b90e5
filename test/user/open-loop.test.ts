import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { scheduled } from '../../src/user/arrivals.ts';
import { limitIterations } from '../../src/user/iterations.ts';
import { OpenLoop } from '../../src/user/open-loop.ts';
import { planOf } from '../../src/user/tasks.ts';
import { User, type UserClass } from '../../src/user/user.ts';
import { Planned, plan } from './planned-user.ts';
import { environmentOf, gate } from './scene.ts';

test('iterations begin when they are planned, though none has ended', async (t) => {
  const { user, time } = await plan(t, Planned);
  for (let at = 0; at < 4; at++) await time.pass(100);
  assert.deepEqual(user.trace, [0, 100, 200, 300, 400]);
});

test('timers that ring late do not shift what is planned', async (t) => {
  const { user, time } = await plan(t, Planned);
  await time.pass(130);
  await time.pass(60);
  await time.pass(40);
  await time.pass(70);
  assert.deepEqual(user.trace, [0, 130, 230, 300]);
});

test('what is planned within the next millisecond begins with what is due', async (t) => {
  class Dense extends Planned {
    static override arrivals = scheduled(4000);
  }
  const { user, time } = await plan(t, Dense);
  assert.equal(user.trace.length, 4);
  await time.pass(1);
  assert.equal(user.trace.length, 8);
});

test('after a stall all that was planned meanwhile begins at once', async (t) => {
  const { user, time } = await plan(t, Planned);
  await time.pass(1000);
  assert.deepEqual(user.trace, [0, ...new Array(10).fill(1000)]);
});

test('beyond maxConcurrent an iteration waits for one to end, and the next are planned as before', async (t) => {
  class Two extends Planned {
    static override arrivals = scheduled(10, { maxConcurrent: 2 });
  }
  const { user, time } = await plan(t, Two);
  await time.pass(100);
  await time.pass(250);
  assert.deepEqual(user.trace, [0, 100]);
  user.gates[0]?.open(undefined);
  await nextTurn();
  assert.deepEqual(user.trace, [0, 100, 350]);
  user.gates[1]?.open(undefined);
  user.gates[2]?.open(undefined);
  await nextTurn();
  assert.deepEqual(user.trace, [0, 100, 350, 350]);
  await time.pass(50);
  assert.deepEqual(user.trace, [0, 100, 350, 350, 400]);
});

test('the times are planned from the end of onStart', async (t) => {
  const started = gate();
  class Starting extends Planned {
    override onStart() {
      return started.passed;
    }
  }
  const { user, time } = await plan(t, Starting);
  await time.pass(500);
  assert.deepEqual(user.trace, []);
  started.open();
  await nextTurn();
  await time.pass(100);
  assert.deepEqual(user.trace, [500, 600]);
});

test('a task that returns no promise is over at once', async (t) => {
  class Quick extends Planned {
    static override arrivals = scheduled(10, { maxConcurrent: 1 });
    override async task() {}
    static override tasks = { note: 1 };
    note() {
      this.trace.push(this.time?.now ?? -1);
    }
  }
  const { user, time } = await plan(t, Quick);
  await time.pass(300);
  assert.deepEqual(user.trace, [0, 300, 300, 300]);
});

for (const kind of ['that return no promise', 'that wait for nothing']) {
  test(`tasks ${kind} and take longer than their interval let timers and sockets have their turn`, async (t) => {
    class Slow extends Planned {
      static override arrivals = scheduled(1000);
      static override tasks = kind === 'that wait for nothing' ? { task: 1 } : { note: 1 };
      begun = 0;
      override async task() {
        this.note();
      }
      note() {
        this.begun++;
        this.time?.block(2);
      }
    }
    const { loop, user } = await plan(t, Slow);
    const before = user.begun;
    await nextTurn();
    assert.ok(user.begun > before && user.begun <= before + 200, `${before}, then ${user.begun}`);
    loop.stop();
    await loop.ended;
  });
}

test('the wait time of the class is not asked', async (t) => {
  class Waiting extends Planned {
    static override waitTime = (): number => {
      throw new Error('asked');
    };
  }
  const { user, time } = await plan(t, Waiting);
  user.gates[0]?.open(undefined);
  await time.pass(100);
  assert.deepEqual(user.trace, [0, 100]);
});

test('in a test of so many iterations the last ends the user', async () => {
  class Counting extends User {
    static override tasks = { count: 1 };
    count(): void {
      counts++;
    }
  }
  let counts = 0;
  let lasts = 0;
  const user = new Counting(environmentOf());
  const limited = { limit: limitIterations(3, 'turn'), onLast: () => lasts++ };
  const loop = new OpenLoop(
    user,
    planOf(Counting as UserClass, () => user),
    scheduled(500),
    limited,
  );
  loop.start();
  await loop.ended;
  assert.deepEqual([counts, lasts], [3, 1]);
});

test('with a real clock so many begin as are planned', async () => {
  const begun: number[] = [];
  class Timed extends User {
    static override tasks = { note: 1 };
    note(): void {
      begun.push(performance.now());
    }
  }
  const user = new Timed(environmentOf());
  const loop = new OpenLoop(
    user,
    planOf(Timed as UserClass, () => user),
    scheduled(1000),
  );
  const start = performance.now();
  loop.start();
  await user.sleep(0.05);
  const seen = begun.length;
  const passed = performance.now() - start;
  loop.stop();
  await loop.ended;
  assert.ok(seen <= passed + 2, `${seen} in ${passed} ms`);
  assert.ok(seen >= 20, `${seen} in ${passed} ms`);
});
