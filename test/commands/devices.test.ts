import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readDeviceList } from '../../src/devices/device-list.ts';
import { publicKeyOf } from '../../src/devices/key.ts';
import { oneLine } from '../../src/devices/pem.ts';
import { readRegistry } from '../../src/devices/registry-file.ts';
import { FakeClearBlade } from '../devices/fake-clearblade.ts';
import { FakeThingsBoard } from '../devices/fake-thingsboard.ts';
import { ec, otherEc, piecesOf, rsa } from '../devices/made-keys.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { katydidDevices } from './devices-program.ts';

const oldList = `LTK00001,${oneLine(rsa.privateKey)}\nLTK00002,${oneLine(ec.privateKey)}\n`;

test('the life of devices: created, listed, verified, deleted', async (t) => {
  const folder = await userFolder(t, {});
  const created = await katydidDevices(folder, ['create', '1', '3']);
  assert.equal(
    created.stdout,
    'created LTK00001..LTK00003: 3 devices (ES256) in devicelist.csv and deviceregistry.csv\n',
  );
  const list = await katydidDevices(folder, ['list']);
  assert.match(list.stdout, /^device +algorithm +list +registry\nLTK00001 +ES256 +yes +yes\n/);
  const verified = await katydidDevices(folder, ['verify']);
  assert.deepEqual(
    [verified.code, verified.stdout.trim()],
    [0, '3 devices in devicelist.csv and deviceregistry.csv: all is well'],
  );
  const deleted = await katydidDevices(folder, ['delete', '2', '9']);
  assert.equal(deleted.stdout, 'deleted LTK00002..LTK00003: 2 devices; 6 of 8 were not there\n');
  const rest = await katydidDevices(folder, ['list', '--json']);
  assert.deepEqual(JSON.parse(rest.stdout), [
    { id: 'LTK00001', algorithm: 'ES256', isListed: true, isRegistered: true },
  ]);
  for (const { stderr } of [created, list, verified, deleted, rest]) assert.equal(stderr, '');
});

test('names, algorithm and paths are as the flags say, and the list is for its owner only', async (t) => {
  const folder = await userFolder(t, {});
  const argv = ['--prefix', 'pump-', '--digits', '2', '--algorithm', 'RS256', '--list', 'a.csv', '--registry', 'b.csv'];
  await katydidDevices(folder, ['create', '7', '7', ...argv]);
  assert.deepEqual(
    readDeviceList(join(folder, 'a.csv')).map(({ id }) => id),
    ['pump-07'],
  );
  assert.equal(readRegistry(join(folder, 'b.csv'))[0]?.algorithm, 'RS256');
  assert.equal(statSync(join(folder, 'a.csv')).mode & 0o777, 0o600);
});

test('paths come from variables too', async (t) => {
  const folder = await userFolder(t, {});
  await katydidDevices(folder, ['create', '1', '1'], { LTK_DEVICE_LIST: 'a.csv', LTK_DEVICE_REGISTRY: 'b.csv' });
  assert.equal(readDeviceList(join(folder, 'a.csv')).length + readRegistry(join(folder, 'b.csv')).length, 2);
});

test('an id that exists is an error of one line that changes nothing', async (t) => {
  const folder = await userFolder(t, { 'devicelist.csv': oldList });
  const { code, stdout, stderr } = await katydidDevices(folder, ['create', '2', '5']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.equal(stderr, 'katydid: LTK00002 (1 of 4) exists in devicelist.csv; nothing was changed\n');
  assert.equal(readFileSync(join(folder, 'devicelist.csv'), 'utf8'), oldList);
  assert.equal(existsSync(join(folder, 'deviceregistry.csv')), false);
});

test("the old kit's list is imported: its public keys are registered, once", async (t) => {
  const folder = await userFolder(t, { 'old/list.csv': oldList });
  const first = await katydidDevices(folder, ['import', 'old/list.csv']);
  assert.equal(first.stdout, 'registered 2 devices of old/list.csv in deviceregistry.csv\n');
  assert.deepEqual(
    readRegistry(join(folder, 'deviceregistry.csv')).map(({ publicKey }) => publicKey),
    [rsa.publicKey, ec.publicKey],
  );
  const again = await katydidDevices(folder, ['import', 'old/list.csv']);
  assert.match(again.stdout, /^registered 0 devices of .*; 2 of 2 were there already\n$/);
  assert.equal(readFileSync(join(folder, 'old/list.csv'), 'utf8'), oldList);
});

test('what is wrong is verified: a line each, exit code 1, and no key', async (t) => {
  const folder = await userFolder(t, { 'devicelist.csv': oldList });
  await katydidDevices(folder, ['import']);
  writeFileSync(
    join(folder, 'devicelist.csv'),
    `LTK00001,${oneLine(otherEc.privateKey)}\nLTK00003,${oneLine(ec.privateKey).slice(0, 80)}\n`,
  );
  chmodSync(join(folder, 'devicelist.csv'), 0o644);
  const { code, stdout } = await katydidDevices(folder, ['verify']);
  assert.equal(code, 1);
  assert.deepEqual(stdout.trim().split('\n'), [
    'devicelist.csv: its permissions are 0644, and it holds private keys; chmod 600 devicelist.csv',
    'devicelist.csv, row 2 (LTK00003): its key is cut off: there is a BEGIN, and no END that belongs to it',
    'devicelist.csv, LTK00001: its key is not that in deviceregistry.csv',
    'in deviceregistry.csv, but not in devicelist.csv: LTK00002 (1)',
    '3 devices in devicelist.csv and deviceregistry.csv: 4 problems',
  ]);
});

test('public keys are exported, to stdout or into a file, and nothing private', async (t) => {
  const folder = await userFolder(t, { 'devicelist.csv': oldList });
  await katydidDevices(folder, ['import']);
  const { stdout } = await katydidDevices(folder, ['export']);
  const rows = ['id,publicKey', `LTK00001,${oneLine(rsa.publicKey)}`, `LTK00002,${oneLine(ec.publicKey)}`, ''];
  assert.equal(stdout, rows.join('\n'));
  await katydidDevices(folder, ['export', '--format', 'jwks', '-o', 'keys.json']);
  const jwks = readFileSync(join(folder, 'keys.json'), 'utf8');
  assert.deepEqual(
    JSON.parse(jwks).keys.map(({ kid }: { kid: string }) => kid),
    ['LTK00001', 'LTK00002'],
  );
});

test('an export never overwrites the list, and other files only with --force', async (t) => {
  const folder = await userFolder(t, { 'devicelist.csv': oldList, 'keys.json': 'old' });
  await katydidDevices(folder, ['import']);
  const onList = await katydidDevices(folder, ['export', '-o', './devicelist.csv', '--force']);
  assert.deepEqual([onList.code, readFileSync(join(folder, 'devicelist.csv'), 'utf8')], [2, oldList]);
  const onFile = await katydidDevices(folder, ['export', '-o', 'keys.json']);
  assert.equal(onFile.stderr, 'katydid: keys.json exists; --force overwrites it, or give another name with -o\n');
  assert.equal((await katydidDevices(folder, ['export', '-o', 'keys.json', '--force'])).code, 0);
  assert.match(readFileSync(join(folder, 'keys.json'), 'utf8'), /^id,publicKey/);
});

test('devices are created in ClearBlade, its account from its file, its registry from variables', async (t) => {
  const fake = await FakeClearBlade.open(t);
  const folder = await userFolder(t, { 'account.json': JSON.stringify({ ...fake.account, project: 'p' }) });
  const env = {
    CLEARBLADE_CONFIGURATION: 'account.json',
    LTK_TARGET_REGION: 'us-central1',
    LTK_TARGET_REGISTRY_ID: 'g',
    LTK_DEVICE_REGISTRY: 'clearblade',
  };
  const { stdout, stderr } = await katydidDevices(folder, ['create', '1', '3'], env);
  const name = 'ClearBlade (projects/p/locations/us-central1/registries/g)';
  assert.deepEqual(
    [stdout, stderr],
    [`created LTK00001..LTK00003: 3 devices (ES256) in devicelist.csv and ${name}\n`, ''],
  );
  assert.equal((await katydidDevices(folder, ['verify'], env)).code, 0);
});

test('what a platform refuses is told, with what was created; exit code 1', async (t) => {
  const fake = await FakeClearBlade.open(t);
  fake.troubles.push(undefined, undefined, [400, { error: { message: 'quota' } }]);
  const folder = await userFolder(t, { 'account.json': JSON.stringify({ ...fake.account, project: 'p' }) });
  const argv = ['create', '1', '2', '--registry', 'clearblade', '--region', 'us-central1', '--registry-id', 'g'];
  const { code, stderr } = await katydidDevices(folder, argv, { CLEARBLADE_CONFIGURATION: 'account.json' });
  assert.equal(code, 1);
  const [created = ''] = readDeviceList(join(folder, 'devicelist.csv')).map(({ id }) => id);
  assert.match(stderr, new RegExp(`^katydid: 1 of 2 devices were created: ${created}$`, 'm'));
  assert.match(stderr, /^katydid: LTK0000[12] was not: ClearBlade: POST LTK0000[12] is answered with 400 quota$/m);
  assert.deepEqual([...fake.devices.keys()], [created]);
});

test('devices are created in ThingsBoard with an API key', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  const folder = await userFolder(t, {});
  const argv = ['--registry', 'thingsboard', '--url', fake.url];
  await katydidDevices(folder, ['create', '1', '2', ...argv], { LTK_THINGSBOARD_API_KEY: 'apikey' });
  assert.deepEqual([...fake.devices.keys()].sort(), ['LTK00001', 'LTK00002']);
  assert.equal((await katydidDevices(folder, ['verify', ...argv], { LTK_THINGSBOARD_API_KEY: 'apikey' })).code, 0);
});

for (const argv of [['list'], ['verify'], ['delete', '1', '1'], ['export']]) {
  test(`a file that was named and is not there is an error that changes nothing: devices ${argv.join(' ')}`, async (t) => {
    const folder = await userFolder(t, {});
    await katydidDevices(folder, ['create', '1', '1']);
    for (const [flag, usual] of [
      ['--list', 'devicelist.csv'],
      ['--registry', 'deviceregistry.csv'],
    ] as const) {
      // what is public is in the registry
      if (argv[0] === 'export' && flag === '--list') continue;
      const { code, stderr } = await katydidDevices(folder, [...argv, flag, 'nope.csv']);
      const line = `katydid: ${flag} is nope.csv, which is not there; it is ${usual} if not given, and 'katydid devices create 1 100' makes one\n`;
      assert.deepEqual([code, stderr], [2, line]);
    }
    assert.deepEqual(readdirSync(folder).sort(), ['devicelist.csv', 'deviceregistry.csv']);
    assert.equal(readDeviceList(join(folder, 'devicelist.csv')).length, 1);
  });
}

test('a registry without a list is listed: that of a broker', async (t) => {
  const folder = await userFolder(t, {});
  await katydidDevices(folder, ['create', '1', '1', '--list', 'elsewhere.csv']);
  assert.match((await katydidDevices(folder, ['list'])).stdout, /^LTK00001 +ES256 +no +yes$/m);
});

test('what is written anywhere but into the list holds no private key', async (t) => {
  const folder = await userFolder(t, {});
  const texts: string[] = [];
  const lines = [
    ['create', '1', '2'],
    ['create', '1', '2'],
    ['list'],
    ['list', '--json'],
    ['verify'],
    ['export'],
    ['import'],
  ];
  for (const argv of lines) {
    const { stdout, stderr } = await katydidDevices(folder, argv);
    texts.push(stdout, stderr);
  }
  const [first] = readDeviceList(join(folder, 'devicelist.csv'));
  // Of an EC key the second half is its public key: that may be told.
  const pieces = piecesOf(first?.privateKey ?? '').slice(0, 24);
  const all = [...texts, readFileSync(join(folder, 'deviceregistry.csv'), 'utf8')].join('\n');
  assert.ok(all.includes(oneLine(publicKeyOf(first?.privateKey ?? ''))));
  assert.deepEqual(
    pieces.filter((piece) => all.includes(piece)),
    [],
  );
});

test('it has a help of its own, and each of its commands', async (t) => {
  const folder = await userFolder(t, {});
  assert.match(
    (await katydidDevices(folder, ['--help'])).stdout,
    /^katydid devices: .*\n\n {2}katydid devices create 1 100/,
  );
  assert.match((await katydidDevices(folder, ['create', '-h'])).stdout, /--algorithm [\s\S]*\[default: "ES256"\]/);
  assert.equal((await katydidDevices(folder, [])).code, 2);
});

const mistakes: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
  [['crate', '1', '2'], /^katydid: katydid devices does not know 'crate'; did you mean 'katydid devices create'\?/],
  [['create'], /^katydid: two whole numbers are expected, the first and the last: katydid devices create 1 100/],
  [['create', '1'], /^katydid: two whole numbers are expected/],
  [['create', '1', 'x'], /^katydid: two whole numbers are expected/],
  [['create', '1', '2', '3'], /^katydid: katydid devices create: '3' is one word too many/],
  [['create', '5', '1'], /^katydid: 5 to 1 are no devices/],
  [['create', '1', '9000000'], /^katydid: 1 to 9000000 are more than 1000000 devices/],
  [['create', '1', '2', '--digits', '0'], /^katydid: --digits must be a whole number from 1 to 15; 0 was given/],
  [['create', '1', '2', '--prefix', 'a/'], /^katydid: --prefix is 'a\/'; names are levels of MQTT topics/],
  [['create', '1', '2', '--algorithm', 'HS256'], /^katydid: Invalid values/],
  [['create', '1', '2', '--list', 'nowhere/list.csv'], /^katydid: nowhere\/list\.csv\.lock cannot be made: ENOENT/],
  [['create', '1', '2', '--list', 'deviceregistry.csv'], /^katydid: --list and --registry are one file/],
  [['create', '1', '2', '--registry', 'clearblade', '--url', 'https://x'], /^katydid: ClearBlade needs an account/],
  [['create', '1', '2', '--registry', 'thingsboard', '--url', 'https://x'], /^katydid: ThingsBoard needs an account/],
  [['create', '1', '2', '--registry', 'thingsboard'], /^katydid: --url \(LTK_REGISTRY_URL\) is ''; a base URL/],
  // a password is not told
  [
    ['list', '--registry', 'thingsboard', '--url', 'https://me:hunter2@a.test'],
    /^katydid: --url \(LTK_REGISTRY_URL\) is a URL with a user name: leave it out\n$/,
  ],
  [
    ['delete', '1', '2'],
    /^katydid: LTK00001\.\.LTK00002: none of them is in devicelist\.csv or in deviceregistry\.csv/,
  ],
  [['list'], /^katydid: there are no devices in devicelist\.csv or deviceregistry\.csv; 'katydid devices create/],
  [
    ['create', '1', '2', '--registry', 'clearblad'],
    /^katydid: --registry is clearblad, which is no file; did you mean clearblade\?/,
  ],
  [
    ['list', '--registry', 'ThingsBoard'],
    /^katydid: --registry is ThingsBoard, which is no file; did you mean thingsboard\?/,
  ],
  [['list', '--algorithm', 'ES256'], /^katydid: unknown flag --algorithm/],
  [['export', '--format', 'pem'], /^katydid: Invalid values/],
  [['import', 'gone.csv'], /^katydid: gone\.csv is not there/],
];

for (const [argv, message] of mistakes) {
  test(`a mistake is told in a line: devices ${argv.join(' ')}`, async (t) => {
    const { code, stdout, stderr } = await katydidDevices(await userFolder(t, {}), argv);
    assert.match(stderr, message);
    assert.deepEqual([code, stdout], [2, '']);
  });
}
