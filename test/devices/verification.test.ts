import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readDeviceList } from '../../src/devices/device-list.ts';
import type { KeyPair } from '../../src/devices/key.ts';
import { oneLine } from '../../src/devices/pem.ts';
import { registerDevices } from '../../src/devices/registration.ts';
import { RegistryFile, readRegistry } from '../../src/devices/registry-file.ts';
import { verifyDevices } from '../../src/devices/verification.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { ec, otherEc, rsa } from './made-keys.ts';

interface Files {
  readonly list: string;
  readonly registry: RegistryFile;
  problems(): Promise<readonly string[]>;
}

const listRow = ([id, { privateKey }]: readonly [string, KeyPair]): string => `${id},${oneLine(privateKey)}\n`;
const registryRow = ([id, { publicKey }]: readonly [string, KeyPair]): string =>
  `${id},${publicKey === rsa.publicKey ? 'RS256' : 'ES256'},${oneLine(publicKey)}\n`;

/** A list and a registry with these devices; the list may be given as a text. */
async function filesOf(
  t: TestContext,
  listed: string | readonly (readonly [string, KeyPair])[],
  registered: readonly (readonly [string, KeyPair])[],
): Promise<Files> {
  const folder = await userFolder(t, {});
  const list = join(folder, 'list.csv');
  writeFileSync(list, typeof listed === 'string' ? listed : listed.map(listRow).join(''), { mode: 0o600 });
  writeFileSync(join(folder, 'registry.csv'), registered.map(registryRow).join(''));
  const registry = new RegistryFile(join(folder, 'registry.csv'));
  return {
    list,
    registry,
    problems: async () =>
      (await verifyDevices(list, registry)).problems.map((line) => line.replaceAll(`${folder}/`, '')),
  };
}

test('keys that belong together are well', async (t) => {
  const files = await filesOf(
    t,
    [
      ['a', ec],
      ['b', rsa],
    ],
    [
      ['a', ec],
      ['b', rsa],
    ],
  );
  assert.deepEqual(await verifyDevices(files.list, files.registry), { devices: 2, problems: [] });
});

test('a key that is not the registered one is told', async (t) => {
  const files = await filesOf(t, [['a', ec]], [['a', otherEc]]);
  assert.deepEqual(await files.problems(), ['list.csv, a: its key is not that in registry.csv']);
});

test('devices on one side only are told, many in a few words', async (t) => {
  const files = await filesOf(
    t,
    [
      ['a', ec],
      ['b1', rsa],
      ['b2', rsa],
    ],
    [
      ['a', ec],
      ['c', otherEc],
    ],
  );
  assert.deepEqual(await files.problems(), [
    'in list.csv, but not in registry.csv: b1..b2 (2)',
    'in registry.csv, but not in list.csv: c (1)',
  ]);
});

test('an id that stands there twice is told', async (t) => {
  const files = await filesOf(
    t,
    [
      ['a', ec],
      ['a', otherEc],
    ],
    [['a', ec]],
  );
  assert.deepEqual(await files.problems(), ['list.csv, row 2 (a): its id stands in row 1 already']);
});

test('all bad rows are told, not the first only', async (t) => {
  const files = await filesOf(t, 'a,x\nb,y\n', []);
  assert.equal((await files.problems()).length, 2);
});

test('a key that cannot be parsed is told', async (t) => {
  const files = await filesOf(t, 'a,-----BEGIN PRIVATE KEY----- AAAA -----END PRIVATE KEY-----\n', [['a', ec]]);
  assert.match((await files.problems())[0] ?? '', /^list\.csv, a: the key cannot be parsed/);
});

test('a list that others can read is told, with what to do', async (t) => {
  const files = await filesOf(t, [['a', ec]], [['a', ec]]);
  chmodSync(files.list, 0o640);
  assert.match((await files.problems())[0] ?? '', /^list\.csv: its permissions are 0640, .*; chmod 600 list\.csv$/);
});

test('a list that is not there is told', async (t) => {
  const files = await filesOf(t, '', []);
  const { problems } = await verifyDevices(`${files.list}.gone`, files.registry);
  assert.match(problems[0] ?? '', /list\.csv\.gone is not there/);
});

test('devices of a list that are not registered yet are registered', async (t) => {
  const files = await filesOf(
    t,
    [
      ['a', ec],
      ['b', rsa],
    ],
    [['a', ec]],
  );
  const { done, failed, known } = await registerDevices(readDeviceList(files.list), files.registry);
  assert.deepEqual([done, failed, known], [['b'], [], 1]);
  assert.deepEqual(readRegistry(files.registry.name)[1], { id: 'b', algorithm: 'RS256', publicKey: rsa.publicKey });
  assert.deepEqual(await files.problems(), []);
});

test('a device that is registered with another key is not registered again, and told', async (t) => {
  const files = await filesOf(
    t,
    [
      ['a', ec],
      ['b', rsa],
    ],
    [['a', otherEc]],
  );
  const { done, failed } = await registerDevices(readDeviceList(files.list), files.registry);
  assert.deepEqual([done, failed.map(({ id }) => id)], [['b'], ['a']]);
});
