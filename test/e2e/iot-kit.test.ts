import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { katydidCli, projectFolder } from '../tools/katydid.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { run } from '../tools/run.ts';
import { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { Master } from './master.ts';
import { until } from './until.ts';
import { readyOf, rowsOf, type Statistics } from './web-api.ts';
import { startWorker } from './worker.ts';

const users = join(projectFolder, 'users', 'iot.ts');

const count = (statistics: Statistics, method: string, name: string): number =>
  rowsOf(statistics).find((row) => row.method === method && row.name === name)?.num_requests ?? 0;

/** What a log says of payloads: `publishing`, `received` … → `LTK00001 1`, `LTK00001 2` … */
function payloadsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [, what = '', payload = ''] of text.matchAll(/(\w+) (LTK\d+ payload \d+) at \d{4}-/g)) {
    const known = found.get(what);
    if (known === undefined) found.set(what, [payload]);
    else known.push(payload);
  }
  return found;
}

const devicesOf = (payloads: readonly string[] | undefined): ReadonlySet<string> =>
  new Set((payloads ?? []).map((payload) => payload.slice(0, 8)));

test('the whole kit: devices, broker and application, two pods, a master, logs to histograms', {
  timeout: 300_000,
}, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  const folder = await mkdtemp(join(tmpdir(), 'katydid-iot-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = (name: string): string => join(folder, name);
  const katydid = (...args: readonly string[]): Promise<string> =>
    run(process.execPath, [katydidCli, ...args], { cwd: folder });
  const files = ['--list', file('devicelist.csv'), '--registry', file('deviceregistry.csv')];
  process.env.LTK_DEVICE_LIST = file('devicelist.csv');

  await t.test('devices are made, and their keys are for nobody else', async () => {
    await katydid('devices', 'create', '1', '100', ...files);
    assert.equal((await stat(file('devicelist.csv'))).mode & 0o777, 0o600);
  });

  const broker = await freePort();
  const echoLog = file('application.log');
  const echo = new Child('echo', process.execPath, [
    ...[katydidCli, 'target', 'echo', '--mqtt', String(broker), '--registry', file('deviceregistry.csv')],
    ...['--loss-every', '25', '--logfile', echoLog],
  ]);
  t.after(() => echo.end());
  await until('the broker listens', async () => (await readFile(echoLog, 'utf8')).includes('listens on'));

  const args = ['-H', `mqtt://127.0.0.1:${broker}`, '--stop-timeout', '8'];
  const master = await Master.start(locust, { users, args });
  t.after(() => master.end());
  const startPods = (set: string): readonly Child[] =>
    [0, 1].map((ordinal) => {
      const name = `${set}-${ordinal}`;
      const env = {
        HOSTNAME: name,
        LTK_NUM_LOCUST_WORKERS: '2',
        LTK_ECHO_TIMEOUT: '2',
        LTK_PAYLOAD_INTERVAL: '0.5',
      };
      const pod = startWorker(master, { users, threads: 2, env, args: ['--logfile', file(`${name}.log`)] });
      t.after(() => pod.end());
      return pod;
    });
  const isReady = (): Promise<Statistics> => master.web.until('two pods', (now) => readyOf(now) === 2);
  const logOf = (name: string): Promise<string> => readFile(file(name), 'utf8');

  const runKit = async (set: string, devices: number): Promise<Statistics> => {
    const pods = startPods(set);
    await isReady();
    await master.web.swarm(devices, 50);
    // Locust's page tells the numbers of the run before for two seconds more.
    const isUnderWay = (now: Statistics): boolean => now.state === 'running' && now.user_count === devices;
    await master.web.until('echoes', (now) => isUnderWay(now) && count(now, 'echo', 'receive') > devices * 3, 60);
    await master.web.stop();
    const statistics = await master.web.settledStatistics();
    for (const pod of pods) await pod.end();
    await master.web.until('no pod', ({ workers }) => workers.every(({ state }) => state === 'missing'), 30);
    return statistics;
  };

  const began = new Date(Math.floor(Date.now() / 1000) * 1000);
  const first = await runKit('first', 100);

  await t.test('100 devices connect without a failure, each of them once', async () => {
    assert.equal(count(first, 'MQTT', 'connect'), 100);
    assert.equal(count(first, 'MQTT', 'subscribe'), 100);
    const failures = first.errors.filter(({ method, name }) => `${method} ${name}` !== 'echo timeout');
    assert.deepEqual(failures, []);
    const [zero, one] = await Promise.all([logOf('first-0.log'), logOf('first-1.log')]);
    const [ofZero, ofOne] = [zero, one].map((log) => devicesOf(payloadsOf(log).get('publishing')));
    assert.equal(ofZero?.size, 50);
    assert.equal(ofOne?.size, 50);
    assert.equal(new Set([...(ofZero ?? []), ...(ofOne ?? [])]).size, 100);
    assert.match(zero, /sharded device range LTK00001\.\.LTK00050 \(50 of 100\)/);
    assert.match(one, /sharded device range LTK00051\.\.LTK00100 \(50 of 100\)/);
  });

  await t.test('what the application dropped is what timed out', async () => {
    const lost = payloadsOf(await logOf('application.log')).get('lost') ?? [];
    assert.ok(lost.length > 0);
    assert.equal(count(first, 'echo', 'timeout'), lost.length);
    assert.equal(
      count(first, 'echo', 'receive') + lost.length,
      count(first, 'MQTT', 'publish'),
      'each payload has an echo, or timed out',
    );
  });

  const between = new Date((Math.floor(Date.now() / 1000) + 1) * 1000);
  await katydid('devices', 'create', '101', '200', ...files);
  await until('the first window is over', () => Date.now() > between.getTime());
  const second = await runKit('second', 200);

  await t.test('devices that were added need no new broker', async () => {
    assert.equal(count(second, 'MQTT', 'connect'), 200);
    const logs = await Promise.all([logOf('second-0.log'), logOf('second-1.log')]);
    const [ofZero, ofOne] = logs.map((log) => devicesOf(payloadsOf(log).get('publishing')));
    assert.deepEqual([ofZero?.size, ofOne?.size], [100, 100]);
    assert.equal(new Set([...(ofZero ?? []), ...(ofOne ?? [])]).size, 200);
  });

  await t.test('the logs become histograms with the same totals', async () => {
    const instant = (time: Date): string => time.toISOString().replace(/\.\d+/, '');
    const ended = new Date(Date.now() + 1000);
    const windows = [
      ['one', began, between, first, ['first-0.log', 'first-1.log']],
      ['two', between, ended, second, ['second-0.log', 'second-1.log']],
    ] as const;
    for (const [name, start, end, statistics, logs] of windows) {
      await katydid('harvest', name, instant(start), instant(end), ...logs, 'application.log');
      const result = JSON.parse(await logOf(join('runs', name, 'harvest.json'))) as {
        payloads: { published: number; received: number; timedOut: number; dropped: number; lost: number };
      };
      const { published, received, timedOut, dropped, lost } = result.payloads;
      assert.equal(published, count(statistics, 'MQTT', 'publish'));
      assert.equal(received, count(statistics, 'echo', 'receive'));
      assert.equal(timedOut, count(statistics, 'echo', 'timeout'));
      assert.deepEqual([dropped, lost], [timedOut, timedOut]);
      const rows = (await logOf(join('runs', name, 'response-times.csv'))).trim().split('\n').slice(1);
      const total = rows.reduce((sum, row) => sum + Number(row.split(',').at(-1)), 0);
      assert.equal(total, received);
    }
  });

  await t.test('no log and no output has a key or a token in it', async () => {
    const names = ['application.log', ...['first', 'second'].flatMap((set) => [`${set}-0.log`, `${set}-1.log`])];
    for (const name of names) assert.doesNotMatch(await logOf(name), /PRIVATE KEY|eyJ[A-Za-z0-9_-]{10}/, name);
  });
});
