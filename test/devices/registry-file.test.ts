import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { RegisteredDevice } from '../../src/devices/device.ts';
import { lockFile } from '../../src/devices/file-lock.ts';
import { oneLine } from '../../src/devices/pem.ts';
import { RegistryFile, readRegistry } from '../../src/devices/registry-file.ts';
import { UsageError } from '../../src/errors.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { ec, otherEc, rsa } from './made-keys.ts';

const one: RegisteredDevice = { id: 'LTK00001', algorithm: 'ES256', publicKey: ec.publicKey };
const two: RegisteredDevice = { id: 'LTK00002', algorithm: 'RS256', publicKey: rsa.publicKey };

async function pathIn(t: TestContext): Promise<string> {
  return join(await userFolder(t, {}), 'deviceregistry.csv');
}

test('what is registered is written as the contract says, and can be read by all', async (t) => {
  const path = await pathIn(t);
  await new RegistryFile(path).add([one, two]);
  const rows = [
    'id,algorithm,publicKey',
    `LTK00001,ES256,${oneLine(ec.publicKey)}`,
    `LTK00002,RS256,${oneLine(rsa.publicKey)}`,
  ];
  assert.equal(readFileSync(path, 'utf8'), `${rows.join('\n')}\n`);
  assert.equal(statSync(path).mode & 0o777, 0o644);
});

test('what is registered is read back', async (t) => {
  const path = await pathIn(t);
  await new RegistryFile(path).add([one]);
  await new RegistryFile(path).add([two]);
  assert.deepEqual(readRegistry(path), [one, two]);
});

test('a registry that is not there is empty, but not for who must have one', async (t) => {
  const path = await pathIn(t);
  assert.deepEqual(await new RegistryFile(path).list(), []);
  assert.throws(() => readRegistry(path), /deviceregistry\.csv is not there; 'katydid devices create/);
});

test('what others change between two batches is not undone', async (t) => {
  const path = await pathIn(t);
  const registry = new RegistryFile(path);
  await registry.add([one, two]);
  await new RegistryFile(path).remove(['LTK00001']);
  await registry.add([{ ...two, id: 'LTK00003' }]);
  assert.deepEqual(
    readRegistry(path).map(({ id }) => id),
    ['LTK00002', 'LTK00003'],
  );
});

test('rows are appended; those that are there stay to the letter', async (t) => {
  const path = await pathIn(t);
  const old = `LTK00001,ES256,"${ec.publicKey}"`;
  writeFileSync(path, old);
  await new RegistryFile(path).add([two]);
  assert.equal(readFileSync(path, 'utf8'), `${old}\nLTK00002,RS256,${oneLine(rsa.publicKey)}\n`);
});

test('a device that is there with the same key is done; with another key nothing is added', async (t) => {
  const registry = new RegistryFile(await pathIn(t));
  await registry.add([one]);
  assert.deepEqual(await registry.add([one]), { done: ['LTK00001'], failed: [] });
  const { done, failed } = await registry.add([two, { ...one, publicKey: otherEc.publicKey }]);
  assert.deepEqual([done, failed.map(({ id }) => id)], [[], ['LTK00001']]);
  assert.equal((await registry.list()).length, 1);
});

test('devices are taken out; one that is not there is done', async (t) => {
  const registry = new RegistryFile(await pathIn(t));
  await registry.add([one, two]);
  assert.deepEqual((await registry.remove(['LTK00001', 'LTK00009'])).done, ['LTK00001', 'LTK00009']);
  assert.deepEqual(
    (await registry.list()).map(({ id }) => id),
    ['LTK00002'],
  );
});

test('a change waits for who holds the lock', async (t) => {
  const path = await pathIn(t);
  const lock = await lockFile(path);
  const added = new RegistryFile(path).add([one]);
  await setImmediate();
  assert.equal(existsSync(path), false);
  lock.release();
  assert.deepEqual((await added).done, ['LTK00001']);
});

test('many that change it at once lose nothing', async (t) => {
  const path = await pathIn(t);
  const ids = Array.from({ length: 20 }, (_, at) => `d${at}`);
  await Promise.all(ids.map((id) => new RegistryFile(path).add([{ ...one, id }])));
  assert.deepEqual(
    readRegistry(path)
      .map(({ id }) => id)
      .sort(),
    ids.sort(),
  );
});

const bad: readonly (readonly [text: string, message: RegExp])[] = [
  [`a,ES512,${oneLine(ec.publicKey)}`, /row 1 \(a\): its second cell is none of ES256, RS256/],
  [`a,ES256,${oneLine(ec.privateKey)}`, /row 1 \(a\): it holds a private key; a public one is expected/],
  ['id,algorithm,publicKey\na,ES256,x', /row 2 \(a\): it holds no key in PEM/],
];

for (const [text, message] of bad) {
  test(`a bad row is told, and the file stays as it is: ${message.source}`, async (t) => {
    const path = await pathIn(t);
    writeFileSync(path, text);
    assert.throws(() => readRegistry(path), message);
    await assert.rejects(new RegistryFile(path).add([two]), UsageError);
    assert.equal(readFileSync(path, 'utf8'), text);
  });
}
