import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegisteredDevice } from '../../src/devices/device.ts';
import { type ThingsBoardAccount, ThingsBoardRegistry } from '../../src/devices/thingsboard.ts';
import { hurried } from './fake-rest.ts';
import { FakeThingsBoard } from './fake-thingsboard.ts';
import { ec, otherEc, rsa } from './made-keys.ts';

const one: RegisteredDevice = { id: 'LTK00001', algorithm: 'ES256', publicKey: ec.publicKey };
const two: RegisteredDevice = { id: 'LTK00002', algorithm: 'RS256', publicKey: rsa.publicKey };
const three: RegisteredDevice = { id: 'LTK00003', algorithm: 'ES256', publicKey: otherEc.publicKey };

const registryOf = (fake: FakeThingsBoard, account: ThingsBoardAccount = { apiKey: 'apikey' }): ThingsBoardRegistry =>
  new ThingsBoardRegistry(fake.url, account, hurried);

test('a device is created with its id as its access token', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  assert.deepEqual((await registryOf(fake).add([one])).done, ['LTK00001']);
  assert.equal(fake.accessTokens.get('LTK00001'), 'ACCESS_TOKEN LTK00001');
});

test('all devices are listed, page by page, with the keys that were kept with them', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  for (const device of [one, two, three]) await registryOf(fake).add([device]);
  assert.deepEqual(
    await registryOf(fake).list(),
    [one, two, three].map(({ id, ...key }) => ({ id, keys: [key] })),
  );
});

test('a device that is not ours is listed without a key', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  fake.devices.set('pump', { id: { id: 'u' }, name: 'pump', additionalInfo: { description: 'x' } });
  assert.deepEqual(await registryOf(fake).list(), [{ id: 'pump', keys: [] }]);
});

test('a list that is cut off is asked for again, and does not pass for a short one', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  await registryOf(fake).add([one]);
  fake.troubles.push('half');
  assert.deepEqual(
    (await registryOf(fake).list()).map(({ id }) => id),
    ['LTK00001'],
  );
});

test('an answer that is no JSON does not pass for an empty list', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  fake.troubles.push([200]);
  await assert.rejects(
    registryOf(fake).list(),
    /GET devices is answered with something else than JSON; is its URL right/,
  );
});

test('devices are deleted by name; one that is not there is done', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  await registryOf(fake).add([one, two]);
  const { done, failed } = await registryOf(fake).remove(['LTK00001', 'LTK00009']);
  assert.deepEqual([done, failed, [...fake.devices.keys()]], [['LTK00001', 'LTK00009'], [], ['LTK00002']]);
});

const accounts: readonly (readonly [what: string, account: ThingsBoardAccount, header: string])[] = [
  ['an API key', { apiKey: 'apikey' }, 'ApiKey apikey'],
  ['a token', { token: 'jwt' }, 'Bearer jwt'],
  ['a login', { username: 'tenant@example.com', password: 'password' }, 'Bearer fresh'],
];

for (const [what, account, header] of accounts) {
  test(`${what} lets it in`, async (t) => {
    const fake = await FakeThingsBoard.open(t);
    await registryOf(fake, account).list();
    assert.equal(fake.asked.at(-1)?.headers['x-authorization'], header);
  });
}

test('it logs in once for many devices', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  await registryOf(fake, { username: 'u', password: 'password' }).add([one, two, three]);
  assert.equal(fake.asked.filter(({ path }) => path === '/api/auth/login').length, 1);
});

test('it logs in again when its token has ended', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  const registry = registryOf(fake, { username: 'u', password: 'password' });
  await registry.add([one]);
  fake.authorizations.clear();
  assert.deepEqual((await registry.add([two])).done, ['LTK00002']);
});

test('a wrong password is told, and not the password', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  await assert.rejects(registryOf(fake, { username: 'u', password: 'wrong' }).list(), {
    message: 'ThingsBoard: POST login is answered with 401 Invalid password ***; check its credentials',
  });
  assert.equal(fake.asked.length, 1);
});

test('a device that was created without an answer is done', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  fake.troubles.push('unanswered');
  assert.deepEqual((await registryOf(fake).add([one])).done, ['LTK00001']);
});

test('a device that is there with another key fails', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  await registryOf(fake).add([one]);
  const { failed } = await registryOf(fake).add([{ ...one, publicKey: otherEc.publicKey }]);
  assert.match(failed[0]?.reason ?? '', /400 Device with such name already exists!/);
});

test('a busy server is asked again', async (t) => {
  const fake = await FakeThingsBoard.open(t);
  fake.troubles.push([429, { message: 'Too many requests' }], [503]);
  assert.deepEqual(await registryOf(fake).list(), []);
  assert.equal(fake.asked.length, 3);
});
