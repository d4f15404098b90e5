import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PoolSettings } from '../../src/swarm/pool-settings.ts';
import type { TestSettings } from '../../src/swarm/port.ts';
import type { ToldRequest } from '../../src/swarm/told-request.ts';
import { begunOf, limitIterations } from '../../src/user/iterations.ts';
import { until } from '../e2e/until.ts';
import { options } from './options.ts';
import { userFolder } from './user-folder.ts';
import './threads-from-source.ts';
import { join } from 'node:path';
import { setLogSink } from '../../src/log.ts';
import { Pool } from '../../src/swarm/pool.ts';
import { sumOfCounts } from '../../src/swarm/split.ts';

const text = `import { constant, TaskSet, User } from 'katydid';
class Inner extends TaskSet {
  static waitTime = constant(1000);
  static tasks = { deep: 1 };
  count = 0;
  async deep() {
    await this.measure('x', 'deep', async () => {});
    if (++this.count === 2) this.interrupt();
  }
}
export class Quick extends User {
  static get waitTime() { return constant(1000); }
  static tasks = { act: 1 };
  async act() { await this.measure('x', 'act', async (m) => { m.responseLength = 7; await this.sleep(0.001); }); }
}
export class Deep extends User {
  static waitTime = constant(1000);
  static tasks = { inner: 1 };
  inner = Inner;
}
export class Telling extends User {
  static tasks = { act: 1 };
  context() { return { who: 'me' }; }
  act() {
    this.record('GET', 'good', 5, 10, undefined, { url: 'http://h/good', response: { status: 200 } });
    this.record('GET', 'bad', null, 0, new Error('no'), { response: { status: 0 } });
  }
}`;

interface Tested {
  readonly pool: Pool;
  readonly told: ToldRequest[];
  /** Runs these users until none is left; how many requests they made, by name. */
  run(counts: Record<string, number>, given: Partial<TestSettings>): Promise<Record<string, number>>;
}

async function startPool(t: TestContext, given: Partial<PoolSettings> = {}): Promise<Tested> {
  setLogSink(() => {});
  const folder = await userFolder(t, { 'users.ts': text });
  const told: ToldRequest[] = [];
  let change: () => void = () => {};
  const shard = { index: 0, count: 1 };
  const settings = { clientId: 'tested_0', kind: 'local', logLevel: 'INFO', shard, userClasses: [] } as const;
  const pool = await Pool.start(
    { files: [join(folder, 'users.ts')], threads: 1, ...settings, ...given },
    {
      onException: () => {},
      onMessage: () => {},
      onQuit: () => {},
      onHopeless: () => {},
      onCounts: () => change(),
      onRequest: (request) => told.push(request),
    },
  );
  t.after(() => pool.end(0));
  await pool.init(options);
  const run = async (counts: Record<string, number>, more: Partial<TestSettings>): Promise<Record<string, number>> => {
    const test = { host: null, stopTimeout: 0, parsedOptions: options, ...more };
    await pool.resize(new Map(Object.entries(counts)), test, true);
    await new Promise<void>((resolve) => {
      change = () => {
        if (sumOfCounts(pool.counts()) === 0) resolve();
      };
      change();
    });
    await pool.stop(0);
    return Object.fromEntries(pool.takeStats().entries.map(({ name, numRequests }) => [name, numRequests]));
  };
  return { pool, told, run };
}

test('users of two threads share one limit, to the iteration', { timeout: 20_000 }, async (t) => {
  const { run } = await startPool(t, { threads: 2 });
  const iterations = limitIterations(501, 'task');
  assert.deepEqual(await run({ Quick: 9 }, { iterations, withoutWaits: true }), { act: 501 });
  assert.equal(begunOf(iterations), 501);
});

test('users of another thread who wait are not waited for', { timeout: 20_000 }, async (t) => {
  const { run } = await startPool(t, { threads: 2 });
  assert.deepEqual(await run({ Quick: 4 }, { iterations: limitIterations(4, 'task') }), { act: 4 });
});

test('users without iterations left are not started', { timeout: 20_000 }, async (t) => {
  const { run } = await startPool(t);
  const iterations = limitIterations(2, 'task');
  await run({ Quick: 2 }, { iterations });
  assert.deepEqual(await run({ Quick: 2 }, { iterations }), {});
});

test('without waits, task sets do not wait either', { timeout: 20_000 }, async (t) => {
  const { run } = await startPool(t);
  const test = { iterations: limitIterations(3, 'turn'), withoutWaits: true };
  assert.deepEqual(await run({ Deep: 1 }, test), { deep: 6 });
});

test('a test after one with a limit has none', { timeout: 20_000 }, async (t) => {
  const { pool, run } = await startPool(t);
  await run({ Quick: 1 }, { iterations: limitIterations(1, 'task'), withoutWaits: true });
  await pool.resize(new Map([['Quick', 1]]), { host: null, stopTimeout: 0, parsedOptions: options }, true);
  let count = 0;
  await until('more than one iteration has ended', async () => {
    await pool.report();
    count += pool.takeStats().total.numRequests;
    return count > 5;
  });
});

test('requests are told as plain data, if the test says so', { timeout: 20_000 }, async (t) => {
  const { run, told } = await startPool(t);
  const iterations = limitIterations(1, 'turn');
  await run({ Telling: 1 }, { iterations });
  assert.deepEqual(told, []);
  await run({ Telling: 1 }, { iterations: limitIterations(1, 'turn'), tellsRequests: true });
  const context = "{ who: 'me' }";
  assert.deepEqual(told, [
    {
      method: 'GET',
      name: 'good',
      url: 'http://h/good',
      status: 200,
      responseTime: 5,
      responseLength: 10,
      failure: null,
      context,
    },
    {
      method: 'GET',
      name: 'bad',
      url: null,
      status: null,
      responseTime: null,
      responseLength: 0,
      failure: "Error('no')",
      context,
    },
  ]);
});

test('a user without a task under these tags has no iteration, and is not started', { timeout: 20_000 }, async (t) => {
  const { run } = await startPool(t);
  const parsedOptions = { ...options, tags: ['none has it'] };
  assert.deepEqual(await run({ Quick: 1 }, { parsedOptions, iterations: limitIterations(3, 'task') }), {});
});
