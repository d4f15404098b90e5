import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FastHttpUser } from '../../src/http/fast-http-user.ts';
import { HttpUser } from '../../src/http/http-user.ts';
import { scheduled } from '../../src/user/arrivals.ts';
import { events } from '../../src/user/events.ts';
import { Iteration } from '../../src/user/iteration.ts';
import type { UserClass } from '../../src/user/user.ts';
import { until } from '../e2e/until.ts';
import { openLoop } from '../user/planned-user.ts';
import { makeEnvironment } from './user-under-test.ts';

/** A server that answers when it is told to, and counts its connections. */
class Slow {
  readonly asked: { readonly path: string; readonly response: ServerResponse }[] = [];
  connections = 0;
  isSlow = true;
  readonly server: Server = createServer((request, response) => {
    if (this.isSlow) this.asked.push({ path: request.url ?? '', response });
    else response.end('ok');
  });

  static async start(t: TestContext): Promise<Slow> {
    const slow = new Slow();
    slow.server.keepAliveTimeout = 0;
    slow.server.on('connection', () => slow.connections++);
    await new Promise<void>((resolve) => slow.server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      slow.server.close();
      slow.server.closeAllConnections();
    });
    return slow;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  answer(path: string): void {
    const at = this.asked.findIndex((asked) => asked.path === path);
    this.asked.splice(at, 1)[0]?.response.end('ok');
  }
}

for (const base of [HttpUser, FastHttpUser]) {
  /** A user of which each iteration does `act` with its number. */
  const begin = (
    t: TestContext,
    slow: Slow,
    act: (user: HttpUser, at: number) => unknown,
    arrivals = scheduled(200),
  ) => {
    let count = 0;
    class Planned extends base {
      static override host = slow.url;
      static override arrivals = arrivals;
      static override tasks = { act: 1 };
      act(): unknown {
        return act(this, count++);
      }
    }
    const environment = makeEnvironment();
    const loop = openLoop(Planned as UserClass, new Planned(environment));
    loop.start();
    t.after(async () => {
      loop.stop();
      loop.abort();
      await loop.ended;
    });
    return { loop, stats: environment.stats };
  };

  test(`${base.name}: a request on a connection that another iteration opened is of its own iteration`, async (t) => {
    const slow = await Slow.start(t);
    const lateness = new Map<string, number>();
    const many = scheduled(200, { maxConcurrent: 10_000 });
    const ask = async ({ client, life }: HttpUser, at: number): Promise<void> => {
      // the second round is made on the connections of the first
      for (const name of [`/${at}`, `/${at}/again`]) {
        lateness.set(name, life.lateness ?? -1);
        await client.get(name);
        await nextTurn();
      }
    };
    const { loop, stats } = begin(t, slow, ask, many);
    await until('five are asked', () => slow.asked.length >= 5);
    const before = slow.asked.length;
    const end = performance.now() + 20;
    while (performance.now() < end); // those planned meanwhile are late
    await until('those are asked too', () => slow.asked.length >= before + 3);
    loop.stop();
    slow.isSlow = false;
    for (const { path } of [...slow.asked].reverse()) slow.answer(path);
    await loop.ended;
    const { entries } = stats.drain();
    assert.ok([...lateness.values()].some((late) => late > 5));
    for (const [name, late] of lateness) {
      const [own, response] = [name, `${name} (response)`].map((each) => entries.find((entry) => entry.name === each));
      const more = (response?.totalResponseTime ?? 0) - (own?.totalResponseTime ?? 0);
      assert.ok(Math.abs(more - late) < 1e-6, `${name}: ${more}, not ${late}`);
    }
    assert.equal(entries.length, 2 * lateness.size);
  });

  test(`${base.name}: what a listener or catchResponse does is of the iteration of its request`, async (t) => {
    const slow = await Slow.start(t);
    slow.isSlow = false;
    const seen: boolean[] = [];
    const listener = events.request.addListener(({ context }) => seen.push(Iteration.current === context?.mine));
    t.after(() => events.request.removeListener(listener));
    begin(t, slow, async ({ client, life }) => {
      const mine = life.iteration;
      assert.ok(mine instanceof Iteration);
      const context = { mine };
      await client.get('/', { context });
      await client.get('/', { context, catchResponse: () => void seen.push(Iteration.current === mine) });
    });
    await until('six are seen', () => seen.length >= 6);
    assert.ok(
      seen.every((is) => is),
      String(seen),
    );
  });

  test(`${base.name}: a request that its iteration did not wait for is of it all the same`, async (t) => {
    const slow = await Slow.start(t);
    const { stats } = begin(t, slow, ({ client }, at) => void client.get(`/${at}`));
    await until('three are asked', () => slow.asked.length >= 3);
    slow.isSlow = false;
    for (const { path } of [...slow.asked]) slow.answer(path);
    await until('it is counted', () => {
      const names = stats.drain().entries.map(({ name }) => name);
      return names.includes('/0') && names.includes('/0 (response)');
    });
  });

  test(`${base.name}: the connections of requests made at once are kept for the next ones`, async (t) => {
    const slow = await Slow.start(t);
    const { loop } = begin(t, slow, ({ client }) => client.get('/'), scheduled(1000, { maxConcurrent: 30 }));
    await until('thirty are asked', () => slow.asked.length === 30);
    const opened = slow.connections;
    for (let round = 0; round < 3; round++) {
      for (const { path } of [...slow.asked]) slow.answer(path);
      await until('thirty are asked again', () => slow.asked.length === 30);
    }
    assert.deepEqual([opened, slow.connections], [30, 30]);
    loop.stop();
  });
}
