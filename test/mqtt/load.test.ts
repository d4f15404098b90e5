import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { UsageError } from '../../src/errors.ts';
import { setLogSink } from '../../src/log.ts';
import { MqttUser } from '../../src/mqtt/mqtt-user.ts';
import { readUserFile } from '../../src/swarm/manifest.ts';
import { events } from '../../src/user/events.ts';
import { startPool } from '../swarm/pool-under-test.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { atPlace } from '../user/at-place.ts';
import { FakeBroker } from './fake-broker.ts';
import { makeEnvironment, type Statics, userOf } from './user-under-test.ts';

function classOf(statics: Statics): typeof MqttUser {
  class Device extends MqttUser {
    static override tasks = { send: 1 };
    send(): void {}
  }
  Object.assign(Device, statics);
  return Device;
}

/** What is said when a class with these statics is loaded from a folder with these files; `…` is the folder. */
async function refusal(t: TestContext, statics: Statics, files: Record<string, string> = {}): Promise<string> {
  const folder = await userFolder(t, files);
  try {
    readUserFile([{ Device: classOf(statics) }], makeEnvironment(), [folder]);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown));
    assert.ok(!thrown.message.includes('\n'), thrown.message);
    return thrown.message.replaceAll(folder, '…').replaceAll(process.cwd(), '.');
  }
  throw new Error('it was not refused');
}

const devices = [{ id: 'LTK00001', privateKey: '' }];
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const values = { project: 'p', region: 'r', registry: 'g' };

const refused: readonly [what: string, statics: Statics, text: RegExp, files?: Record<string, string>][] = [
  ['an unknown platform', { platform: 'gpc' as never }, /^Device: there is no platform 'gpc'; did you mean 'gcp'\?$/],
  [
    'a missing value',
    { platform: 'gcp', devices, platformValues: { project: 'p', region: 'r' } },
    /^Device: the platform gcp needs registry: static platformValues = /,
  ],
  [
    'a version that the platform lacks',
    { platform: 'gcp', devices, platformValues: values, protocolVersion: 5 },
    /^Device\.protocolVersion is 5; its platform speaks 4 \(MQTT 3\.1\.1\)$/,
  ],
  [
    'no version',
    { protocolVersion: 3 as never },
    /^Device\.protocolVersion is 3; 4 \(MQTT 3\.1\.1\) or 5 is expected$/,
  ],
  ['a host of another kind', { host: 'http://a' }, /^Device: the host is 'http:\/\/a'; mqtt:\/\/host:port, /],
  [
    'no devices',
    { platform: 'gcp', platformValues: values },
    /^Device has no devices; its platform needs them: static devices = 'devicelist\.csv'$/,
  ],
  [
    'a list that cannot be read',
    { platform: 'emqx', devices: 'devicelist.csv' },
    /devicelist\.csv/,
    { 'devicelist.csv': 'LTK00001,nonsense\n' },
  ],
  [
    'no list',
    { platform: 'emqx', devices: 5 as never },
    /^Device\.devices is 5; the path of a device list, a list, or a feeder/,
  ],
  [
    'a will that the platform does not take',
    { platform: 'gcp', devices, platformValues: values, will: { topic: 'a', payload: '', qos: 2 } },
    /^Device\.will\.qos is 2; the platform takes no more than 1$/,
  ],
  ['a keepalive', { keepalive: 70_000 }, /^Device\.keepalive is 70000; whole seconds up to 65535 are expected/],
  ['a time-out', { timeout: 0 }, /^Device\.timeout is 0; seconds above 0 are expected/],
  ['a rate', { connectRate: 0 }, /^Device\.connectRate is 0; connections a second are expected/],
  [
    'an address',
    { localAddress: ['127.0.0.1', 'eth0'] },
    /^Device\.localAddress is 'eth0'; addresses such as '10\.0\.0\.2'/,
  ],
  [
    'pauses',
    { reconnect: { first: 0 } },
    /^Device\.reconnect is \{"first":0\}; \{ first: 1, max: 32 \}, in seconds, or false/,
  ],
  ['a certificate', { tls: { cert: 'nonsense' } }, /^Device: tls: /],
];

for (const [what, statics, text, files] of refused) {
  test(`refused when the file is loaded: ${what}`, async (t) => {
    assert.match(await refusal(t, statics, files), text);
  });
}

test('nothing of a key is in what is said of a list', async (t) => {
  const text = await refusal(
    t,
    { platform: 'emqx', devices: 'devicelist.csv' },
    { 'devicelist.csv': 'LTK00001,-----BEGIN PRIVATE KEY----- c2VjcmV0c2VjcmV0 -----END WRONG KEY-----\n' },
  );
  assert.doesNotMatch(text, /c2VjcmV0/);
});

test('a loaded class takes no device until a user needs one', async (t) => {
  const folder = await userFolder(t, {});
  const Device = classOf({ platform: 'emqx', devices, host: 'localhost' });
  readUserFile([{ Device }], makeEnvironment(), [folder]);
  assert.equal(userOf(t, Device).device.id, 'LTK00001');
});

test('without a master a list that is not there ends the run before it begins', async (t) => {
  assert.match(
    await refusal(t, { platform: 'emqx', devices: 'no-list.csv', host: 'localhost' }),
    /no-list\.csv do not exist; 'katydid devices create 1 100' makes a list$/,
  );
});

test('under a master a list that is not there yet is warned of, and an error of the user that needs it', async (t) => {
  atPlace(t, { kind: 'worker' });
  const texts: string[] = [];
  setLogSink(({ text }) => texts.push(text));
  t.after(() => setLogSink(() => {}));
  const folder = await userFolder(t, {});
  const Device = classOf({ platform: 'emqx', devices: 'no-list.csv', host: 'localhost' });
  readUserFile([{ Device }], makeEnvironment(), [folder]);
  assert.match(texts.join(), /no-list\.csv do not exist; 'katydid devices create 1 100' makes a list$/);
  assert.throws(() => userOf(t, Device).device, UsageError);
});

test('a list is read again for each test, for it may have grown', async (t) => {
  const list = (count: number): string =>
    Array.from({ length: count }, (_, at) => `D${at},${pem.replaceAll('\n', ' ')}\n`).join('');
  const folder = await userFolder(t, { 'devicelist.csv': list(1) });
  const Device = classOf({ platform: 'emqx', devices: 'devicelist.csv', host: 'localhost' });
  readUserFile([{ Device }], makeEnvironment(), [folder]);
  const first = userOf(t, Device);
  assert.equal(first.device.id, 'D0');
  assert.throws(() => userOf(t, Device).device, /more users than rows/);
  first.life.end();
  await writeFile(join(folder, 'devicelist.csv'), list(2));
  events.testStart.fire({ environment: makeEnvironment() });
  assert.deepEqual([userOf(t, Device).device.id, userOf(t, Device).device.id], ['D0', 'D1']);
});

test('a user without devices that asks for its own is told so', (t) => {
  assert.throws(() => userOf(t, classOf({})).device, /Device has no devices; write static devices/);
});

test('a host that its client cannot use is refused before users are made', () => {
  assert.throws(() => MqttUser.checkHost('http://a'), UsageError);
  MqttUser.checkHost('mqtts://a');
});

test('users in load threads connect, report, and leave with DISCONNECT', async (t) => {
  const broker = await FakeBroker.start(t);
  const source = `
    import { MqttUser, constant } from 'katydid';
    export class Sensor extends MqttUser {
      static host = '${broker.host}';
      static waitTime = constant(0.01);
      static tasks = { report: 1 };
      async report() {
        const { message } = await this.client.exchange('a', 'x', { matches: (m) => m.text() === 'x', type: 'echo', name: 'receive' });
        if (message === undefined) throw new Error('no answer');
      }
    }`;
  const { resize, measured } = await startPool(t, source);
  await resize({ Sensor: 5 });
  const { entries, total } = await measured((stats) => stats.total.numRequests > 50);
  assert.deepEqual(
    [entries.map(({ method, name }) => `${method} ${name}`), total.numFailures],
    [['MQTT connect', 'MQTT publish:0:a', 'echo receive'], 0],
  );
  await resize({ Sensor: 0 });
  await broker.untilOpen(0);
  assert.deepEqual([broker.count('connect'), broker.count('disconnect')], [5, 5]);
});

test('that a list is not there yet is said by one of the threads', async (t) => {
  const source = `
    import { MqttUser } from 'katydid';
    export class Sensor extends MqttUser {
      static host = 'localhost';
      static devices = 'no-list.csv';
      static tasks = { report: 1 };
      report() {}
    }`;
  const { heard } = await startPool(t, source, { threads: 2 });
  assert.deepEqual(heard.texts('WARNING').length, 1);
});

test('a thread without MQTT users does not load the library', async () => {
  const index = new URL('../../src/index.ts', import.meta.url).href;
  const code = `await import('${index}'); const { createRequire } = await import('node:module');
    const loaded = Object.keys(createRequire('${index}').cache).filter((path) => /node_modules.(mqtt|ws|aedes)/.test(path));
    process.stdout.write(JSON.stringify(loaded));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    code,
  ]);
  assert.equal(stdout, '[]');
});
