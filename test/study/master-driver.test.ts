import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { MasterClient, MasterError } from '../../src/study/master-client.ts';
import { MasterDriver } from '../../src/study/master-driver.ts';
import type { MasterSettings } from '../../src/study/settings.ts';
import { MadeMaster, type MadeMasterOptions } from './made-master.ts';

type Login = NonNullable<MasterSettings['login']>;

async function open(
  t: TestContext,
  options: MadeMasterOptions = {},
  login?: Login,
  second?: number,
): Promise<{ readonly master: MadeMaster; readonly driver: MasterDriver }> {
  const master = await MadeMaster.start(options);
  const client = new MasterClient({ url: master.url, headers: {}, isInsecure: false, ...(login ? { login } : {}) });
  const driver = new MasterDriver(
    client,
    { host: 'http://api', userClasses: ['A', 'B'], options: { tags: 'x,y' } },
    second,
  );
  t.after(async () => {
    await driver.close();
    await master.close();
  });
  return { master, driver };
}

const loginOf = (kind: Login['kind'], password: string): Login => ({
  kind,
  username: 'ada',
  password,
  path: '/login_submit',
});

test('a master below a base path is asked there, and tells its version', async (t) => {
  const { master, driver } = await open(t, { basePath: '/load/test' });
  assert.deepEqual([...(await driver.open())], [['Locust', '2.47.0']]);
  assert.ok(master.asked.every(({ path }) => path.startsWith('/')));
});

test('a test is started with host, classes and options', async (t) => {
  const { master, driver } = await open(t);
  await driver.start({ users: 5, spawnRate: 2.5 });
  const form = new URLSearchParams(master.asked[0]?.body);
  assert.deepEqual(
    [...form],
    [
      ['user_count', '5'],
      ['spawn_rate', '2.5'],
      ['host', 'http://api'],
      ['user_classes', 'A'],
      ['user_classes', 'B'],
      ['tags', 'x,y'],
    ],
  );
});

test('an answer of 200 without success is a failure', async (t) => {
  const { master, driver } = await open(t);
  master.now.refusal = 'Invalid spawn_rate';
  await assert.rejects(driver.start({ users: 1, spawnRate: 1 }), (error: Error) => {
    return error instanceof MasterError && /Invalid spawn_rate/.test(error.message);
  });
});

test('a master with a load shape is refused', async (t) => {
  const { master, driver } = await open(t);
  master.now.message = "Swarming started using shape class 'Waves'";
  await assert.rejects(driver.start({ users: 1, spawnRate: 1 }), UsageError);
});

for (const kind of ['basic', 'form'] as const) {
  test(`a ${kind} login lets in, a wrong password is told`, async (t) => {
    const right = await open(t, { login: kind }, loginOf(kind, 'right'));
    assert.equal((await right.driver.open()).get('Locust'), '2.47.0');
    const wrong = await open(t, { login: kind }, loginOf(kind, 'wrong'));
    await assert.rejects(wrong.driver.open(), (error: Error) => {
      return error instanceof UsageError && /wrong username or password/.test(error.message);
    });
    const none = await open(t, { login: kind });
    await assert.rejects(none.driver.open(), /wants a login/);
  });
}

test('a password may have any letters', async (t) => {
  const { master, driver } = await open(t, {}, loginOf('basic', 'пароль'));
  await driver.read();
  assert.equal(master.authorizations.at(-1), `Basic ${Buffer.from('ada:пароль').toString('base64')}`);
});

test('the clock of a worker may be behind: times between two readings are right', async (t) => {
  const { master, driver } = await open(t);
  Object.assign(master.now, { requests: 10, rate: -5 });
  const before = await driver.read();
  Object.assign(master.now, { requests: 30, rate: 10 });
  assert.equal((await driver.read()).span - before.span, 5);
});

test('an old master takes GET where a newer one wants POST', async (t) => {
  const { master, driver } = await open(t, { isOld: true });
  await driver.stop();
  await driver.reset();
  for (const wanted of ['/stop', '/stats/reset']) {
    assert.deepEqual(
      master.asked.filter(({ path }) => path === wanted).map(({ method }) => method),
      ['POST', 'GET'],
      wanted,
    );
  }
});

test('an old master tells its times in a table, its errors as HTML', async (t) => {
  const { master, driver } = await open(t, { isOld: true });
  Object.assign(master.now, { requests: 100 });
  assert.deepEqual([...(await driver.open())], [['Locust', '2.12.1']]);
  const { requests, failures, span, average, median, p95, p99, recentRps, recentMedian, recentP95 } =
    await driver.read();
  assert.deepEqual(
    [requests, failures, span, average, median, p95, p99, recentRps, recentMedian, recentP95],
    [100, 3, 20, 12.5, 10, 30, 40, 4, 9, 29],
  );
  assert.deepEqual(
    (await driver.errors()).map(({ message }) => message),
    ["E('often &lt;')", "E('rare &lt;')"],
  );
});

test('a master that has forgotten who is logged in is told again', async (t) => {
  const { master, driver } = await open(t, { login: 'form' }, loginOf('form', 'right'));
  await driver.open();
  master.now.session = 'new';
  await driver.stop();
  assert.equal(master.asked.filter(({ path }) => path === '/login_submit').length, 2);
  assert.equal(master.asked.filter(({ path }) => path === '/stop').length, 2);
});

test('a form that is not there is told of', async (t) => {
  const { driver } = await open(t, { login: 'form', basePath: '/a' }, { ...loginOf('form', 'right'), path: '/b' });
  await assert.rejects(driver.open(), (error: Error) => {
    return error instanceof UsageError && /login form .* not at \/b, .* 404: give login\.path/.test(error.message);
  });
});

test('a worker that is lost is no worker, and its end is not waited for', async (t) => {
  const { master, driver } = await open(t);
  Object.assign(master.now, { workers: 1, missing: 1, state: 'running', users: 5 });
  await driver.read();
  const began = performance.now();
  await driver.stop();
  assert.equal(master.now.state, 'stopping');
  assert.ok(performance.now() - began < 5000);
  Object.assign(master.now, { state: 'ready', workers: 0 });
  await assert.rejects(driver.open(), /has no workers/);
});

test('workers that give their users time to end are waited for', async (t) => {
  const { master, driver } = await open(t);
  Object.assign(master.now, { state: 'running', users: 5, away: 2 });
  await driver.read();
  await driver.stop();
  assert.equal((await driver.read()).workers.length, 2);
});

test('workers that have quit are waited for with an end, and it is told', async (t) => {
  const { master, driver } = await open(t, {}, undefined, 10);
  Object.assign(master.now, { state: 'running', users: 5 });
  await driver.read();
  master.now.workers = 0;
  const told = new Set<string>();
  await driver.stop((waited) => told.add(waited));
  assert.deepEqual([...told], ['2 of 2 workers to come back']);
});

test('a worker that is not back soon after the others is not waited for', async (t) => {
  const { master, driver } = await open(t, {}, undefined, 50);
  Object.assign(master.now, { state: 'running', users: 5 });
  await driver.read();
  master.now.workers = 1;
  let looks = 0;
  await driver.stop(() => looks++);
  // Without an end of its own it would be looked for 24 times.
  assert.ok(looks > 0 && looks < 12, `${looks} looks`);
});

test('a page of before the reset is waited out', async (t) => {
  const { master, driver } = await open(t);
  Object.assign(master.now, { requests: 100, stale: 3 });
  await driver.reset();
  assert.equal((await driver.read()).requests, 0);
});

test('a reset is seen where more than before has come in at once', async (t) => {
  const { master, driver } = await open(t);
  Object.assign(master.now, { requests: 10, afterReset: 500, rate: 1 });
  await driver.reset();
  assert.equal((await driver.read()).requests, 500);
});

test('a reading has what the last row adds up', async (t) => {
  const { master, driver } = await open(t);
  Object.assign(master.now, { requests: 100, users: 4, state: 'running' });
  const { time: _, ...reading } = await driver.read();
  assert.deepEqual(reading, {
    ...{
      state: 'running',
      users: 4,
      requests: 100,
      failures: 3,
      span: 20,
      average: 12.5,
      median: 10,
      p95: 30,
      p99: 40,
    },
    ...{ recentRps: 0, recentMedian: 9, recentP95: 29, lag: null },
    workers: [
      { id: 'w0', state: 'ready', users: 0, cpu: 7 },
      { id: 'w1', state: 'ready', users: 0, cpu: 7 },
    ],
  });
  assert.deepEqual(
    (await driver.errors()).map(({ message }) => message),
    ['often', 'rare'],
  );
});

test('a master that is busy, without workers, or not there is refused', async (t) => {
  const { master, driver } = await open(t);
  master.now.state = 'running';
  await assert.rejects(driver.open(), /a test is running already/);
  Object.assign(master.now, { state: 'ready', workers: 0 });
  await assert.rejects(driver.open(), /has no workers/);
  await master.close();
  await assert.rejects(
    driver.open(),
    (error: Error) => error instanceof UsageError && /does not answer: ./.test(error.message),
  );
});
