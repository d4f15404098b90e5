import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type LogRecord, setLogLevel, setLogSink } from '../../src/log.ts';
import { RunRecord } from '../../src/report/record.ts';
import { LocalRunner, type LocalSettings } from '../../src/runner/local.ts';
import { emptyEntry, type StatsSnapshot } from '../../src/stats/snapshot.ts';
import { until } from '../e2e/until.ts';
import { options } from '../swarm/options.ts';
import { PoolWithoutThreads } from './pool-without-threads.ts';

const settings: LocalSettings = {
  classes: [
    { name: 'A', weight: 2, fixedCount: 0 },
    { name: 'B', weight: 1, fixedCount: 0 },
  ],
  users: 3,
  spawnRate: 100,
  test: { host: null, stopTimeout: 4, parsedOptions: options },
  threads: 1,
  resetStats: false,
};

/** So many requests of one name, as a thread would hand them over. */
function requests(count: number): StatsSnapshot {
  const entry = { ...emptyEntry('GET', '/x', 1000), numRequests: count, totalResponseTime: count };
  return { entries: [entry], total: { ...entry, method: '', name: 'Aggregated' }, errors: [] };
}

/** A run over a pool that runs nothing. */
class RunUnderTest {
  readonly pool = new PoolWithoutThreads();
  readonly record = new RunRecord(Date.now() / 1000);
  readonly log: LogRecord[] = [];
  readonly runner: LocalRunner;
  seconds = 0;

  constructor(more: Partial<LocalSettings> = {}) {
    setLogLevel('INFO');
    setLogSink((record) => this.log.push(record));
    this.runner = new LocalRunner(this.pool, this.record, { ...settings, ...more }, () => this.seconds++);
  }

  texts(level: LogRecord['level']): string[] {
    return this.log.filter((record) => record.level === level).map(({ text }) => text);
  }
  /** The orders of users, in words. */
  get resizes(): string[] {
    return this.pool.done.filter((what) => what.startsWith('resize'));
  }
  async ordered(text: string): Promise<void> {
    await until(text, () => this.pool.done.includes(text), { every: 0.005, show: () => this.pool.done });
  }
}

/** A run that goes on, and is ended after the test. */
function start(t: TestContext, more: Partial<LocalSettings> = {}): RunUnderTest & { readonly ended: Promise<void> } {
  const run = new RunUnderTest(more);
  const ended = run.runner.run();
  t.after(async () => {
    run.pool.resizing.open();
    run.pool.stopping.open();
    run.runner.stop('the test is over');
    await ended;
  });
  return Object.assign(run, { ended });
}

test('the test begins without a user, and is a new one', async (t) => {
  const { pool } = start(t);
  await until('all is ordered', () => pool.done.length === 2);
  assert.deepEqual(pool.done, ['resize {}', 'resize {"A":2,"B":1}']);
  assert.deepEqual(
    pool.tests.map(({ isNew }) => isNew),
    [true, false],
  );
});

test('no user is ordered while listeners of testStart take their time', async (t) => {
  const run = new RunUnderTest();
  run.pool.resizing.isOpen = false;
  const ended = run.runner.run();
  t.after(() => ended);
  await until('the first second is over', () => run.seconds > 0);
  assert.equal(run.pool.tests.length, 1);
  run.pool.resizing.open();
  run.pool.resizing.isOpen = true;
  await run.ordered('resize {"A":2,"B":1}');
  run.runner.stop('the test is over');
});

test('users come in steps, in the order of their weights', async (t) => {
  const run = start(t, { users: 4, spawnRate: 1.99 });
  await run.ordered('resize {"A":3,"B":1}');
  assert.deepEqual(run.resizes, [
    'resize {}',
    'resize {"A":1,"B":0}',
    'resize {"A":1,"B":1}',
    'resize {"A":2,"B":1}',
    'resize {"A":3,"B":1}',
  ]);
});

test("what is said of a ramp reads as Locust's", async (t) => {
  const run = start(t);
  await run.ordered('resize {"A":2,"B":1}');
  await until('it is said', () => run.texts('INFO').length === 3);
  assert.deepEqual(run.texts('INFO'), [
    'Ramping to 3 users at a rate of 100.00 per second',
    'No run time limit set, use CTRL+C to interrupt',
    'All users spawned: {"A": 2, "B": 1} (3 total users)',
  ]);
});

test('listeners hear that all users run', async (t) => {
  const { pool } = start(t);
  await until('it is told', () => pool.notices.length > 0);
  assert.deepEqual(pool.notices, [{ name: 'spawningComplete', userCount: 3 }]);
});

test('the run ends at its time, and its users with it', async () => {
  const run = new RunUnderTest({ runTime: 0.05 });
  await run.runner.run();
  assert.equal(run.pool.done.at(-1), 'stop 4');
  assert.deepEqual(run.texts('INFO').slice(-2), [
    'All users spawned: {"A": 2, "B": 1} (3 total users)',
    '--run-time limit reached, shutting down',
  ]);
});

test('a run time of zero is none, as in Locust', async (t) => {
  const run = start(t, { runTime: 0 });
  await until('it is said', () => run.texts('INFO').some((text) => text.startsWith('No run time limit')));
});

test('a stop in mid-ramp ends the ramp', async () => {
  const run = new RunUnderTest({ users: 100, spawnRate: 1 });
  const ended = run.runner.run();
  await run.ordered('resize {"A":1,"B":0}');
  run.runner.stop('Got SIGINT signal');
  await ended;
  assert.deepEqual(run.pool.done, ['resize {}', 'resize {"A":1,"B":0}', 'stop 4']);
});

test('a run is ended once only', async () => {
  const run = new RunUnderTest();
  const ended = run.runner.run();
  run.runner.stop('first');
  run.runner.stop('second');
  await ended;
  assert.deepEqual(
    run.texts('INFO').filter((text) => text.includes('shutting down')),
    ['first, shutting down'],
  );
});

test('each second goes into the record', async (t) => {
  const run = start(t);
  run.pool.stats = requests(5);
  run.pool.strain = { busy: 0.5, lag: 7 };
  await until('a second is over', () => run.seconds === 1);
  assert.equal(run.record.totals.total.numRequests, 5);
  assert.deepEqual([run.record.samples[0]?.userCount, run.record.samples[0]?.lag], [3, 7]);
});

test('what is measured until the last user has gone is in the record', async () => {
  const run = new RunUnderTest();
  run.pool.stopping.isOpen = false;
  const ended = run.runner.run();
  await run.ordered('resize {"A":2,"B":1}');
  run.runner.stop('the end');
  run.pool.stats = requests(3);
  run.pool.stopping.isOpen = true;
  run.pool.stopping.open();
  await ended;
  assert.equal(run.record.totals.total.numRequests, 3);
});

test('for an end at once, what was handed over is kept', () => {
  const run = new RunUnderTest();
  run.pool.stats = requests(2);
  run.runner.keepRest();
  assert.equal(run.record.totals.total.numRequests, 2);
});

test('the users at the end are known after it', async () => {
  const run = new RunUnderTest();
  const ended = run.runner.run();
  await run.ordered('resize {"A":2,"B":1}');
  run.runner.stop('the end');
  await ended;
  assert.deepEqual(Object.fromEntries(run.runner.finalCounts), { A: 2, B: 1 });
});

test('keys start and stop users', async (t) => {
  const run = start(t);
  const spawned = (times: number): Promise<unknown> =>
    until('all run', () => run.texts('INFO').filter((text) => text.startsWith('All users')).length === times);
  await spawned(1);
  run.runner.change(10);
  await spawned(2);
  assert.equal(run.resizes.at(-1), 'resize {"A":9,"B":4}');
  run.runner.change(-1);
  await spawned(3);
  assert.equal(run.resizes.at(-1), 'resize {"A":8,"B":4}');
  run.runner.change(-100);
  await spawned(4);
  assert.equal(run.resizes.at(-1), 'resize {"A":0,"B":0}');
});

test("while users come, a key does nothing but say so, in Locust's words", async (t) => {
  const run = start(t, { users: 50, spawnRate: 1 });
  await run.ordered('resize {"A":1,"B":0}');
  run.runner.change(1);
  run.runner.change(-1);
  assert.deepEqual(run.texts('WARNING'), [
    "Already spawning users, can't spawn more right now",
    "Spawning users, can't stop right now",
  ]);
});

test('a key starts nobody once the run is to end', async (t) => {
  const run = start(t);
  await until('all run', () => run.texts('INFO').some((text) => text.startsWith('All users')));
  const before = run.resizes.length;
  run.pool.stopping.isOpen = false;
  run.runner.stop('Ctrl-C');
  run.runner.change(1);
  run.pool.stopping.open();
  await run.ended;
  assert.equal(run.resizes.length, before);
});

test('--reset-stats forgets what was measured before all users ran', async (t) => {
  const run = start(t, { resetStats: true });
  run.record.keep({ time: Date.now() / 1000, stats: requests(9), users: new Map(), lag: 0, cpu: 0 });
  await run.ordered('resetStats');
  assert.equal(run.record.totals.total.numRequests, 0);
});

test('what listeners of reportToMaster add is told to those of workerReport', async (t) => {
  const { pool } = start(t);
  pool.extra = { seen: 3 };
  await until('it is told', () => pool.notices.some(({ name }) => name === 'workerReport'));
  assert.deepEqual(
    pool.notices.find(({ name }) => name === 'workerReport'),
    { name: 'workerReport', data: { seen: 3 } },
  );
});

test('a shape says how many users run, and ends the run', async () => {
  const asked: [number, number][] = [];
  const answers = [{ users: 2, spawnRate: 10 }, { users: 2, spawnRate: 10 }, null];
  const shape = {
    name: 'wave',
    tick: async (runTime: number, users: number) => {
      asked.push([Math.round(runTime), users]);
      return answers.shift() ?? null;
    },
  };
  const run = new RunUnderTest({ shape, users: 99 });
  await run.runner.run();
  assert.deepEqual(run.resizes, ['resize {}', 'resize {"A":1,"B":1}']);
  assert.deepEqual(asked, [
    [0, 0],
    [1, 2],
    [2, 2],
  ]);
  assert.ok(run.texts('INFO').includes('Shape test completed, shutting down'));
});

test('a shape may say which classes are added', async (t) => {
  const shape = { name: 'only', tick: async () => ({ users: 2, spawnRate: 10, userClasses: ['B'] }) };
  const run = start(t, { shape });
  await run.ordered('resize {"A":0,"B":2}');
});

test('a shape that cannot go on ends the run, and says why', async () => {
  const shape = { name: 'broken', tick: () => Promise.reject(new Error('no idea')) };
  const run = new RunUnderTest({ shape });
  await run.runner.run();
  assert.equal(run.runner.failure?.message, 'no idea');
  assert.equal(run.pool.done.at(-1), 'stop 4');
});
