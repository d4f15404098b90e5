// Studies in which a master, a worker or the system under test is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usualGates } from '../../src/study/settings.ts';
import { MadeDriver, madeSettings } from './made-driver.ts';
import { folderOf, run, texts } from './made-study.ts';

test('a master that does not answer in the middle of a mark is waited for', async (t) => {
  const driver = new MadeDriver();
  driver.change = (reading, load) => {
    if (load === 1 && reading.users > 0)
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    return reading;
  };
  const { marks } = await run(
    driver,
    madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 6 }] }),
    folderOf(t),
  );
  assert.deepEqual(
    marks.map(({ attempt, rps }) => [attempt, Math.round(rps)]),
    [
      [1, 0],
      [2, 50],
    ],
  );
  assert.match(texts(marks[0]), /ECONNREFUSED/);
});

test('a test that ends by itself is no measurement, and is not waited for', async (t) => {
  const driver = new MadeDriver();
  driver.change = (reading, load, at) => (load === 1 && at > 3 ? { ...reading, state: 'ready', users: 0 } : reading);
  const settings = madeSettings({
    marks: [{ users: [5], spawnRates: [10], duration: 600 }],
    gates: { ...usualGates, tries: 1 },
  });
  const { marks } = await run(driver, settings, folderOf(t));
  assert.match(texts(marks[0]), /^the test ended before its time \(ready\)/);
});

test('a test that a master without workers did not begin is told at once', async (t) => {
  const driver = new MadeDriver();
  let looks = 0;
  driver.change = (reading, load) => {
    if (load > 1 || reading.users === 0) return reading;
    looks++;
    return { ...reading, state: 'ready', users: 0, workers: [] };
  };
  const { marks } = await run(
    driver,
    madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 6 }] }),
    folderOf(t),
  );
  assert.equal(texts(marks[0]), 'the test never began (ready): its master has no workers');
  assert.ok(looks < 15, `${looks} looks`);
  assert.deepEqual(marks[1]?.disturbances, []);
});

test('what is waited for at the end of a mark is told', async (t) => {
  const driver = new MadeDriver();
  const stop = driver.stop.bind(driver);
  driver.stop = (onWait?: (what: string) => void) => {
    onWait?.('1 of 2 workers to come back');
    return stop();
  };
  const phases: string[] = [];
  const settings = madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 6 }] });
  await run(driver, settings, folderOf(t), { onPhase: (text) => phases.push(text) });
  assert.equal(phases.at(-1), 'scale 1, 5 users: waiting for 1 of 2 workers to come back');
});

test('a driver that falls silent in the end is told of', async (t) => {
  const driver = new MadeDriver();
  driver.change = (reading, load, at) => {
    if (load === 1 && at > 1 && reading.users > 0) throw new Error('silence');
    return reading;
  };
  const settings = madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 8 }] });
  const { marks } = await run(driver, settings, folderOf(t));
  assert.deepEqual(
    marks.map(({ attempt, disturbances }) => [attempt, disturbances.length > 0]),
    [
      [1, true],
      [2, false],
    ],
  );
  assert.match(texts(marks[0]), /^nothing was heard in its last \d+ s|^silence$/);
});

test('a master that is away while it warms up is waited for', async (t) => {
  const driver = new MadeDriver();
  const start = driver.start.bind(driver);
  let starts = 0;
  driver.start = (load) => (++starts === 1 ? Promise.reject(new TypeError('fetch failed')) : start(load));
  const settings = madeSettings({ warmUp: 2, marks: [{ users: [5], spawnRates: [10], duration: 6 }] });
  const { marks } = await run(driver, settings, folderOf(t));
  assert.deepEqual(
    marks.map(({ attempt, disturbances }) => [attempt, disturbances.length]),
    [[1, 0]],
  );
});

test('after a worker left, as many as before are waited for', async (t) => {
  const driver = new MadeDriver();
  const two = ['a', 'b'].map((id) => ({ id, state: 'running', users: 2, cpu: 10 }));
  let isBack = false;
  setTimeout(() => {
    isBack = true;
  }, 400);
  driver.change = (reading, load, at) => ({ ...reading, workers: load > 1 || at < 4 || isBack ? two : two.slice(1) });
  const settings = madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 6 }] });
  const { marks } = await run(driver, settings, folderOf(t));
  assert.deepEqual(
    marks.map(({ attempt, workers, disturbances }) => [attempt, workers, disturbances.length]),
    [
      [1, 2, 1],
      [2, 2, 0],
    ],
  );
  assert.ok(isBack);
});

test('a target that falls silent within a mark gets another try, and is dead if it stays so', async (t) => {
  const driver = new MadeDriver();
  driver.failures = [{ method: 'GET', name: '/', message: "ConnectionRefusedError('refused')", count: 9 }];
  const answered = 100;
  driver.change = (reading) => ({ ...reading, failures: Math.max(0, reading.requests - answered) });
  const all = madeSettings({ marks: [{ users: [5, 10], spawnRates: [10], duration: 20 }] });
  const once = await run(driver, { ...all, gates: { ...usualGates, tries: 1 } }, folderOf(t));
  assert.match(texts(once.marks[0]), /^in the end no request was answered/);
  driver.change = (reading, load) => ({
    ...reading,
    failures: load > 3 ? reading.requests : Math.max(0, reading.requests - answered),
  });
  const { marks, troubles } = await run(driver, all, folderOf(t));
  assert.deepEqual(
    marks.map(({ users, attempt }) => [users, attempt]),
    [
      [5, 1],
      [5, 2],
    ],
  );
  assert.match(troubles[0] ?? '', /dead at scale 1, with 5 users/);
});

test('a dead target ends its scale, or the study, as asked', async (t) => {
  const scale = { values: [1, 3], ready: 'exit 0', readyTimeout: 1, pause: 0 };
  const marks = [{ users: [1, 5], spawnRates: [10], duration: 20 }];
  const driverOf = (): MadeDriver => {
    const driver = new MadeDriver();
    driver.failures = [{ method: 'GET', name: '/', message: "ConnectionRefusedError('refused')", count: 9 }];
    driver.change = (reading, load) => (load === 1 ? { ...reading, failures: reading.requests } : reading);
    return driver;
  };
  const dead = madeSettings({ scale: { values: [1, 3], readyTimeout: 1, pause: 0 }, marks });
  const goesOn = await run(driverOf(), dead, folderOf(t));
  assert.deepEqual(
    goesOn.marks.map((mark) => [mark.scale, mark.users]),
    [
      [1, 1],
      [3, 1],
      [3, 5],
    ],
  );
  assert.match(goesOn.troubles[0] ?? '', /dead at scale 1, with 1 user; its other marks are left out/);
  assert.equal((await run(driverOf(), { ...dead, whenDead: 'stop' }, folderOf(t))).marks.length, 1);
  // One that is ready is not dead, whatever it answers.
  assert.equal((await run(driverOf(), { ...dead, scale }, folderOf(t))).marks.length, 4);
});

for (const ready of [undefined, 'exit 0']) {
  test(`who is told to end takes no silence for a death, ready by ${ready}`, async (t) => {
    const driver = new MadeDriver();
    const ending = new AbortController();
    driver.change = (reading) => ({ ...reading, failures: reading.requests });
    driver.errors = () => {
      ending.abort();
      return Promise.resolve([{ method: 'GET', name: '/', message: "ConnectionRefusedError('refused')", count: 9 }]);
    };
    const scale = { values: [1], readyTimeout: 1, pause: 0, ...(ready === undefined ? {} : { ready }) };
    const settings = madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 20 }], scale });
    const { marks, troubles } = await run(driver, settings, folderOf(t), { ending });
    assert.deepEqual([marks.length, troubles.length], [1, 0]);
    assert.doesNotMatch(texts(marks[0]), /dead/);
  });
}

test('a short mark goes on until its second report is shown', async (t) => {
  class LateDriver extends MadeDriver {
    override readonly delay: number = 6;
  }
  const driver = new LateDriver();
  driver.change = (reading, _load, at) => ({ ...reading, requests: at > 9 ? 200 : at > 3 ? 100 : 0, span: at });
  const settings = madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 1 }] });
  const { marks } = await run(driver, settings, folderOf(t));
  assert.deepEqual(
    marks.map(({ requests, disturbances }) => [requests, disturbances.length]),
    [[100, 0]],
  );
});
