import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { ClearBladeRegistry } from '../../src/devices/clearblade.ts';
import type { RegisteredDevice } from '../../src/devices/device.ts';
import { FakeClearBlade, place } from './fake-clearblade.ts';
import { hurried } from './fake-rest.ts';
import { ec, otherEc, rsa } from './made-keys.ts';

const one: RegisteredDevice = { id: 'LTK00001', algorithm: 'ES256', publicKey: ec.publicKey };
const two: RegisteredDevice = { id: 'LTK00002', algorithm: 'RS256', publicKey: rsa.publicKey };
const three: RegisteredDevice = { id: 'LTK00003', algorithm: 'ES256', publicKey: otherEc.publicKey };

const registryOf = (fake: FakeClearBlade, more = {}): ClearBladeRegistry =>
  new ClearBladeRegistry({ ...fake.account, ...more }, place, hurried);

test('devices are created with their public keys, in the format of each', async (t) => {
  const fake = await FakeClearBlade.open(t);
  const { done, failed } = await registryOf(fake).add([one, two]);
  assert.deepEqual([done, failed], [['LTK00001', 'LTK00002'], []]);
  assert.deepEqual(
    [...fake.devices.values()].sort((a, b) => a.id.localeCompare(b.id)),
    [
      { id: 'LTK00001', credentials: [{ publicKey: { format: 'ES256_PEM', key: ec.publicKey } }] },
      { id: 'LTK00002', credentials: [{ publicKey: { format: 'RSA_PEM', key: rsa.publicKey } }] },
    ],
  );
});

test("the registry's own token is asked for once, with the service account's", async (t) => {
  const fake = await FakeClearBlade.open(t);
  await registryOf(fake).add([one, two, three]);
  const asked = fake.asked.filter(({ path }) => path.endsWith('getRegistryCredentials'));
  assert.deepEqual(
    asked.map(({ body }) => body),
    [place],
  );
});

test('all devices are listed, page by page', async (t) => {
  const fake = await FakeClearBlade.open(t);
  for (const device of [one, two, three]) fake.hold(device);
  assert.deepEqual(
    await registryOf(fake).list(),
    [one, two, three].map(({ id, ...key }) => ({ id, keys: [key] })),
  );
});

test('devices are deleted; one that is not there is done', async (t) => {
  const fake = await FakeClearBlade.open(t);
  for (const device of [one, two]) fake.hold(device);
  const { done, failed } = await registryOf(fake).remove(['LTK00001', 'LTK00009']);
  assert.deepEqual([done, failed, [...fake.devices.keys()]], [['LTK00001', 'LTK00009'], [], ['LTK00002']]);
});

test('a busy registry is asked again', async (t) => {
  const fake = await FakeClearBlade.open(t);
  fake.troubles.push([429, {}, { 'retry-after': '0' }], undefined, [503], undefined);
  assert.deepEqual((await registryOf(fake).add([one])).done, ['LTK00001']);
  assert.equal(fake.asked.length, 4);
});

test('a registry that stays busy is a failure in the end', async (t) => {
  const fake = await FakeClearBlade.open(t);
  fake.troubles.push(undefined, [429], [429], [429], [429, { error: { message: 'slow down' } }]);
  const { done, failed } = await registryOf(fake).add([one]);
  const reason = 'ClearBlade: POST LTK00001 is answered with 429 slow down';
  assert.deepEqual([done, failed], [[], [{ id: 'LTK00001', reason, isUnknown: false }]]);
});

test('a device that was created without an answer is done', async (t) => {
  const fake = await FakeClearBlade.open(t);
  fake.troubles.push(undefined, 'unanswered');
  assert.deepEqual((await registryOf(fake).add([one])).done, ['LTK00001']);
  assert.equal(fake.devices.size, 1);
});

test('a device of which no answer ever tells is unknown', async (t) => {
  const fake = await FakeClearBlade.open(t);
  fake.troubles.push(undefined, 'silence', 'silence', 'silence');
  const { failed } = await registryOf(fake).add([one]);
  assert.deepEqual(
    failed.map(({ id, isUnknown }) => [id, isUnknown]),
    [['LTK00001', true]],
  );
});

test('a device that is there with the same key is done, with another key it fails', async (t) => {
  const fake = await FakeClearBlade.open(t);
  fake.hold(one);
  fake.hold({ ...two, publicKey: otherEc.publicKey, algorithm: 'ES256' });
  assert.deepEqual((await registryOf(fake).add([one])).done, ['LTK00001']);
  const { failed } = await registryOf(fake).add([two]);
  assert.deepEqual(
    failed.map(({ reason }) => reason),
    ['ClearBlade: POST LTK00002 is answered with 409 ALREADY_EXISTS'],
  );
});

test('after a failure nothing further is begun, and what was done is told', async (t) => {
  const fake = await FakeClearBlade.open(t);
  const many = Array.from({ length: 100 }, (_, at) => ({ ...one, id: at === 20 ? 'bad' : `d${at}` }));
  const { done, failed } = await registryOf(fake).add(many);
  assert.deepEqual(
    failed.map(({ id }) => id),
    ['bad'],
  );
  assert.ok(done.length >= 12 && done.length < 40, String(done.length));
  assert.deepEqual([...done].sort(), [...fake.devices.keys()].sort());
});

test('nothing is begun after the watch was aborted', async (t) => {
  const fake = await FakeClearBlade.open(t);
  const controller = new AbortController();
  const many = Array.from({ length: 100 }, (_, at) => ({ ...one, id: `d${at}` }));
  const onProgress = (count: number): void => {
    if (count === 20) controller.abort();
  };
  const { done, failed } = await registryOf(fake).add(many, { signal: controller.signal, onProgress });
  assert.deepEqual([failed, done.length < 40], [[], true]);
  assert.deepEqual([...done].sort(), [...fake.devices.keys()].sort());
});

test('no secret is told, even if the answer holds it', async (t) => {
  const fake = await FakeClearBlade.open(t);
  const registry = registryOf(fake, { token: 'wrongtoken' });
  await assert.rejects(registry.list(), {
    name: 'UsageError',
    message: 'ClearBlade: POST getRegistryCredentials is answered with 401 bad token ***; check its credentials',
  });
});

test('a registry that is not there is told', async (t) => {
  const fake = await FakeClearBlade.open(t);
  const registry = new ClearBladeRegistry(fake.account, { ...place, registry: 'other' }, hurried);
  await assert.rejects(registry.list(), /ClearBlade knows no registry projects\/p\/.*\/other/);
});

test('a redirect is not followed: its place gets no token', async (t) => {
  const [fake, other] = [await FakeClearBlade.open(t), await FakeClearBlade.open(t)];
  fake.troubles.push([302, {}, { location: `${other.url}/` }]);
  await assert.rejects(registryOf(fake).list(), /is answered with 302/);
  assert.equal(other.asked.length, 0);
});

test('a server that is not there is told soon', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const account = { url: `http://127.0.0.1:${port}`, systemKey: 'systemkey', token: 'token' };
  const { failed } = await new ClearBladeRegistry(account, place, hurried).add([one]);
  assert.match(failed[0]?.reason ?? '', /getRegistryCredentials has no answer: .*ECONNREFUSED/);
  assert.equal(failed[0]?.isUnknown, false);
});
