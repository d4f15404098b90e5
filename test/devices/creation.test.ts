import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ClearBladeRegistry } from '../../src/devices/clearblade.ts';
import { type CreationPlan, createDevices } from '../../src/devices/creation.ts';
import { deviceIds } from '../../src/devices/device-id.ts';
import { readDeviceList } from '../../src/devices/device-list.ts';
import { makeKeyPairAside, publicKeyOf } from '../../src/devices/key.ts';
import { oneLine } from '../../src/devices/pem.ts';
import type { Outcome, Watch } from '../../src/devices/registry.ts';
import { RegistryFile, readRegistry } from '../../src/devices/registry-file.ts';
import { removeDevices } from '../../src/devices/removal.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { FakeClearBlade, place } from './fake-clearblade.ts';
import { hurried } from './fake-rest.ts';

interface Files {
  readonly folder: string;
  readonly list: string;
  readonly registry: string;
  create(first: number, last: number, more?: Partial<CreationPlan>, watch?: Watch): Promise<Outcome>;
}

async function filesOf(t: TestContext): Promise<Files> {
  const folder = await userFolder(t, {});
  const [list, registry] = [join(folder, 'devicelist.csv'), join(folder, 'deviceregistry.csv')];
  const plan = { listPath: list, registry: new RegistryFile(registry), algorithm: 'ES256' } as const;
  return {
    folder,
    list,
    registry,
    create: (first, last, more, watch) =>
      createDevices({ ...plan, ids: deviceIds('LTK', 5, first, last), ...more }, watch),
  };
}

const idsIn = (path: string): string[] => readDeviceList(path).map(({ id }) => id);

test('devices are in the list and in the registry, their keys belong together', async (t) => {
  const files = await filesOf(t);
  const { done, failed } = await files.create(1, 20);
  assert.deepEqual([done, failed], [deviceIds('LTK', 5, 1, 20), []]);
  assert.deepEqual(
    readDeviceList(files.list).map(({ id, privateKey }) => [id, publicKeyOf(privateKey)]),
    readRegistry(files.registry).map(({ id, publicKey }) => [id, publicKey]),
  );
});

test('nothing but the two files stays, and the list is for its owner only', async (t) => {
  const files = await filesOf(t);
  await files.create(1, 3);
  assert.deepEqual(readdirSync(files.folder).sort(), ['devicelist.csv', 'deviceregistry.csv']);
  assert.equal(statSync(files.list).mode & 0o777, 0o600);
});

test('further devices are appended', async (t) => {
  const files = await filesOf(t);
  await files.create(1, 3);
  const before = readFileSync(files.list, 'utf8');
  await files.create(4, 5, { algorithm: 'RS256' });
  assert.ok(readFileSync(files.list, 'utf8').startsWith(before));
  assert.deepEqual(
    readRegistry(files.registry)
      .map(({ algorithm }) => algorithm)
      .slice(2),
    ['ES256', 'RS256', 'RS256'],
  );
});

test('ten thousand devices are made, each id once, each key once', async (t) => {
  const files = await filesOf(t);
  const { done } = await files.create(1, 10_000);
  const listed = readDeviceList(files.list);
  assert.equal(done.length, 10_000);
  assert.equal(new Set(listed.map(({ id }) => id)).size, 10_000);
  assert.equal(new Set(listed.map(({ privateKey }) => privateKey)).size, 10_000);
  assert.equal(readRegistry(files.registry).length, 10_000);
});

test('the more devices there are, the more are written at a time', async (t) => {
  const files = await filesOf(t);
  const pem = oneLine((await makeKeyPairAside('ES256')).privateKey);
  writeFileSync(
    files.list,
    deviceIds('old', 5, 1, 15_000)
      .map((id) => `${id},${pem}\n`)
      .join(''),
  );
  const sizes: number[] = [];
  const registry = new RegistryFile(files.registry);
  const add = registry.add.bind(registry);
  registry.add = (devices) => {
    sizes.push(devices.length);
    return add(devices);
  };
  await files.create(1, 3200, { registry });
  assert.ok(Math.max(...sizes) > 1000, sizes.join(', '));
});

test('an id that is in the list is an error that changes nothing', async (t) => {
  const files = await filesOf(t);
  await files.create(1, 3);
  const before = [readFileSync(files.list), readFileSync(files.registry)];
  await assert.rejects(
    files.create(3, 5),
    /^UsageError: LTK00003 \(1 of 3\) exists in .*list\.csv; nothing was changed/,
  );
  assert.deepEqual([readFileSync(files.list), readFileSync(files.registry)], before);
});

test('an id that is in the registry only is an error that changes nothing', async (t) => {
  const files = await filesOf(t);
  await files.create(1, 3);
  const other = join(files.folder, 'other.csv');
  await assert.rejects(
    files.create(2, 9, { listPath: other }),
    /LTK00002\.\.LTK00003 \(2 of 8\) exist in .*registry\.csv/,
  );
  assert.equal(existsSync(other), false);
});

test('a list that cannot be read is an error that changes nothing', async (t) => {
  const files = await filesOf(t);
  writeFileSync(files.list, 'LTK00001,torn');
  await assert.rejects(files.create(2, 3), /devicelist\.csv, row 1 \(LTK00001\)/);
  assert.equal(readFileSync(files.list, 'utf8'), 'LTK00001,torn');
  assert.equal(existsSync(files.registry), false);
});

test('two at once wait for one another', async (t) => {
  const files = await filesOf(t);
  await Promise.all([files.create(1, 300), files.create(301, 600), files.create(601, 900)]);
  assert.deepEqual(idsIn(files.list).sort(), deviceIds('LTK', 5, 1, 900));
  assert.equal(readRegistry(files.registry).length, 900);
});

test('of two at once that want the same ids one is refused', async (t) => {
  const files = await filesOf(t);
  const [one, other] = await Promise.allSettled([files.create(1, 50), files.create(50, 99)]);
  assert.deepEqual([one.status, other.status].sort(), ['fulfilled', 'rejected']);
  assert.equal(idsIn(files.list).length, 50);
});

test('what is aborted keeps whole devices, as many on both sides as it says', async (t) => {
  const files = await filesOf(t);
  const controller = new AbortController();
  const onProgress = (done: number): void => {
    if (done >= 1200) controller.abort();
  };
  const { done, failed } = await files.create(1, 5000, {}, { signal: controller.signal, onProgress });
  assert.ok(done.length >= 1200 && done.length < 5000, String(done.length));
  assert.deepEqual([failed, idsIn(files.list)], [[], done]);
  assert.deepEqual(
    readRegistry(files.registry).map(({ id }) => id),
    done,
  );
});

test('progress never goes back, and ends with all', async (t) => {
  const files = await filesOf(t);
  const told: number[] = [];
  await files.create(1, 1500, {}, { onProgress: (done) => told.push(done) });
  assert.deepEqual(
    told,
    told.toSorted((a, b) => a - b),
  );
  assert.equal(told.at(-1), 1500);
});

test('a device that the platform refuses is taken out of the list; those before it are kept', async (t) => {
  const files = await filesOf(t);
  const fake = await FakeClearBlade.open(t);
  const registry = new ClearBladeRegistry(fake.account, place, hurried);
  const ids = [...deviceIds('LTK', 5, 1, 30), 'bad', ...deviceIds('LTK', 5, 31, 90)];
  const { done, failed } = await files.create(0, 0, { registry, ids });
  assert.deepEqual(
    failed.map(({ id }) => id),
    ['bad'],
  );
  assert.deepEqual(idsIn(files.list), done);
  assert.deepEqual([...fake.devices.keys()].sort(), [...done].sort());
});

test('a device that the platform may have taken keeps its key', async (t) => {
  const files = await filesOf(t);
  const fake = await FakeClearBlade.open(t);
  const registry = new ClearBladeRegistry(fake.account, place, hurried);
  fake.troubles.push(undefined, undefined, 'silence', 'silence', 'silence');
  const { done, failed } = await files.create(1, 1, { registry });
  assert.deepEqual([done, failed.map(({ isUnknown }) => isUnknown)], [[], [true]]);
  assert.deepEqual(idsIn(files.list), ['LTK00001']);
});

test('devices are deleted on both sides; those that are not there are not told', async (t) => {
  const files = await filesOf(t);
  await files.create(1, 5);
  const { there, done } = await removeDevices(files.list, new RegistryFile(files.registry), deviceIds('LTK', 5, 4, 9));
  assert.deepEqual([there, done], [deviceIds('LTK', 5, 4, 5), deviceIds('LTK', 5, 4, 5)]);
  assert.deepEqual(idsIn(files.list), deviceIds('LTK', 5, 1, 3));
  assert.equal(readRegistry(files.registry).length, 3);
});

test('to delete what is not there is an error', async (t) => {
  const files = await filesOf(t);
  await files.create(1, 2);
  const removed = removeDevices(files.list, new RegistryFile(files.registry), deviceIds('LTK', 5, 3, 4));
  await assert.rejects(removed, /^UsageError: LTK00003\.\.LTK00004: none of them is in/);
});
