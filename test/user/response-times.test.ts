import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StatsSnapshot } from '../../src/stats/snapshot.ts';
import { scheduled } from '../../src/user/arrivals.ts';
import { events } from '../../src/user/events.ts';
import { Iteration } from '../../src/user/iteration.ts';
import { User } from '../../src/user/user.ts';
import { Planned, plan } from './planned-user.ts';
import { environmentOf, type Gate, start } from './scene.ts';

/** `name: times` of each entry, exactly as far as buckets go. */
const timesOf = ({ entries }: StatsSnapshot): Record<string, number[]> =>
  Object.fromEntries(
    entries.map(({ name, responseTimes }) => [
      name,
      [...responseTimes].flatMap(([bucket, count]) => new Array<number>(count).fill(bucket)),
    ]),
  );

/** One at once; each makes two requests, the second when its gate is opened. */
class Late extends Planned {
  static override arrivals = scheduled(10, { maxConcurrent: 1 });
  override async work({ passed }: Gate<unknown>): Promise<unknown> {
    this.record('GET', '/first', 5, 10);
    await passed;
    return this.measure('GET', '/second', async () => {
      this.time?.block(7);
    });
  }
}

test('each request is counted with its own time, and with it and the lateness of its iteration', async (t) => {
  const { user, time, environment } = await plan(t, Late);
  await time.pass(150);
  user.gates[0]?.open(undefined);
  await nextTurn();
  // planned for 100, begun at 157
  user.gates[1]?.open(undefined);
  await nextTurn();
  assert.deepEqual(timesOf(environment.stats.drain()), {
    '/first': [5, 5],
    '/first (response)': [5, 62],
    '/second': [7, 7],
    '/second (response)': [7, 64],
  });
});

test('iterations that run side by side do not take each other for themselves', async (t) => {
  class Both extends Planned {
    override async work({ passed }: Gate<unknown>, index: number): Promise<unknown> {
      await passed;
      await nextTurn();
      return this.measure('GET', `/${index}`, () => nextTurn());
    }
  }
  const { user, time, environment } = await plan(t, Both);
  await time.pass(130);
  await time.pass(75);
  for (const { open } of [...user.gates].reverse()) open(undefined);
  for (let at = 0; at < 5; at++) await nextTurn();
  assert.deepEqual(timesOf(environment.stats.drain()), {
    '/2': [0],
    '/2 (response)': [5],
    '/1': [0],
    '/1 (response)': [30],
    '/0': [0],
    '/0 (response)': [0],
  });
});

test('the total is of the requests alone, and failures are told once', async (t) => {
  class Failing extends Planned {
    override async work(): Promise<void> {
      this.record('GET', '/', 5, 10, 'no');
      this.record('GET', '/', 5, 10);
    }
  }
  const { environment } = await plan(t, Failing);
  const { entries, total, errors } = environment.stats.drain();
  assert.deepEqual(
    entries.map(({ method, name, numRequests, numFailures, totalContentLength }) => [
      method,
      name,
      numRequests,
      numFailures,
      totalContentLength,
    ]),
    [
      ['GET', '/', 2, 1, 20],
      ['GET', '/ (response)', 2, 1, 20],
    ],
  );
  assert.deepEqual([total.numRequests, total.numFailures, total.totalContentLength], [2, 1, 20]);
  assert.deepEqual(
    errors.map(({ name, occurrences }) => [name, occurrences]),
    [['/', 1]],
  );
});

test('the request event comes once, with its own time', async (t) => {
  const heard: unknown[] = [];
  const listener = events.request.addListener(({ name, responseTime }) => heard.push([name, responseTime]));
  t.after(() => events.request.removeListener(listener));
  const { time } = await plan(t, Late);
  await time.pass(150);
  assert.deepEqual(heard, [['/first', 5]]);
});

test('an event without a duration has no response time', async (t) => {
  class Telling extends Planned {
    override async work(): Promise<void> {
      this.record('MQTT', 'told', null, 3);
    }
  }
  const { environment } = await plan(t, Telling);
  assert.deepEqual(timesOf(environment.stats.drain()), { told: [] });
});

test('requests of onStart and onStop were planned by nobody', async (t) => {
  class Polite extends Planned {
    override onStart() {
      this.record('POST', '/login', 1, 0);
    }
    override onStop() {
      this.record('POST', '/logout', 1, 0);
    }
  }
  const { loop, user, environment } = await plan(t, Polite);
  loop.stop();
  user.gates[0]?.open(undefined);
  await loop.ended;
  assert.deepEqual(timesOf(environment.stats.drain()), { '/login': [1], '/logout': [1] });
});

test('work that began in an iteration and is measured there counts with it, though the iteration ends before', async (t) => {
  class Careless extends Planned {
    override async work({ passed }: Gate<unknown>): Promise<void> {
      void this.measure('GET', '/left', () => passed);
    }
  }
  const { user, time, environment } = await plan(t, Careless);
  await time.pass(120);
  for (const { open } of user.gates) open(undefined);
  await nextTurn();
  assert.deepEqual(timesOf(environment.stats.drain()), { '/left': [0, 120], '/left (response)': [20, 120] });
});

test('what an iteration has left behind is not planned any more', async (t) => {
  let seen: unknown = 'nothing';
  class Careless extends Planned {
    override async work({ passed }: Gate<unknown>): Promise<void> {
      void passed.then(() => {
        seen = [Iteration.current, this.life.lateness];
      });
    }
  }
  const { user } = await plan(t, Careless);
  user.gates[0]?.open(undefined);
  await nextTurn();
  assert.deepEqual(seen, [undefined, null]);
});

test('a user without arrivals has no response times, whoever makes it ask', async (t) => {
  const environment = environmentOf();
  class Closed extends User {
    static override tasks = { ask: 1 };
    async ask() {
      this.record('GET', '/closed', 1, 0);
      await this.sleep(3600);
    }
  }
  class Waking extends Planned {
    override async work(): Promise<void> {
      start(Closed, environment);
    }
  }
  await plan(t, Waking, environment);
  await nextTurn();
  assert.deepEqual(timesOf(environment.stats.drain()), { '/closed': [1] });
});
