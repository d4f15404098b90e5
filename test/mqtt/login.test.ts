import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import type { DevicePlatform } from '../../src/devices/platform.ts';
import { platformOf } from '../../src/devices/platforms.ts';
import { StopUser } from '../../src/errors.ts';
import { MqttUser } from '../../src/mqtt/mqtt-user.ts';
import { until } from '../e2e/until.ts';
import { type Answers, FakeBroker, type Packet } from './fake-broker.ts';
import { failuresOf, makeUser, rowsOf, type Statics, userOf } from './user-under-test.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const devices = [1, 2, 3].map((at) => ({ id: `LTK0000${at}`, privateKey: pem }));
const fast = { first: 0.01, max: 0.02 };

/** Google's rules. */
const gcp: Statics = {
  platform: 'gcp',
  platformValues: { project: 'p', region: 'r', registry: 'g' },
  devices,
  reconnect: fast,
};

async function start(t: TestContext, statics: Statics, answers?: Answers) {
  const broker = await FakeBroker.start(t, answers);
  const user = makeUser(t, { host: broker.host, ...statics });
  return { broker, user, client: user.client };
}

const passwordOf = (connect: Packet | undefined): string =>
  String((connect as { password?: Buffer } | undefined)?.password ?? '');
const refused = { cmd: 'connack', returnCode: 5, reasonCode: 0x87, sessionPresent: false };

test('a device logs in as its platform says, with a token of its key', async (t) => {
  const { broker, client } = await start(t, gcp);
  await client.connect();
  const connect = broker.guests[0]?.connect as { clientId?: string; username?: string; keepalive?: number } | undefined;
  assert.deepEqual(
    [connect?.clientId, connect?.username, connect?.keepalive],
    ['projects/p/locations/r/registries/g/devices/LTK00001', 'unused', 60],
  );
  const claims = jsonwebtoken.verify(passwordOf(broker.guests[0]?.connect), publicKey, { audience: 'p' });
  assert.equal(typeof claims, 'object');
});

test('each connect has a fresh token, each reconnect too', async (t) => {
  const { broker, client } = await start(t, gcp);
  await client.connect();
  broker.cut();
  await until('it is connected again', () => broker.guests.length === 2, { every: 0.005 });
  await client.connect();
  await client.disconnect();
  await client.connect();
  const passwords = broker.guests.map(({ connect }) => passwordOf(connect));
  assert.equal(new Set(passwords).size, 3);
});

test('a token that is refused is one failure, another is minted at once, and then come pauses', async (t) => {
  const times: number[] = [];
  const { broker, user, client } = await start(
    t,
    { ...gcp, reconnect: { first: 0.1, max: 0.1 } },
    ({ cmd }, guest) => cmd === 'connect' && times.push(performance.now()) > 0 && guest.send(refused),
  );
  const connected = client.connect();
  await until('three tries', () => times.length === 3, { every: 0.005 });
  const [first = 0, second = 0, third = 0] = times;
  assert.ok(second - first < 90, `${second - first}`);
  assert.ok(third - second > 90, `${third - second}`);
  assert.equal(new Set(broker.guests.map(({ connect }) => passwordOf(connect))).size, 3);
  user.life.stop();
  await assert.rejects(connected);
  assert.deepEqual(failuresOf(user), ['connect: refused: Not authorized (0x05) (3)']);
});

test('user name and password of a plain user are asked for before each connect', async (t) => {
  const broker = await FakeBroker.start(t);
  let asked = 0;
  class Tester extends MqttUser {
    static override host = broker.host;
    static override reconnect = fast;
    override get clientId(): string {
      return 'mine';
    }
    override get username(): string {
      return 'ada';
    }
    override get password(): string {
      return `secret ${++asked}`;
    }
  }
  const { client } = userOf(t, Tester);
  await client.connect();
  broker.cut();
  await until('it is connected again', () => broker.guests.length === 2, { every: 0.005 });
  assert.deepEqual(
    broker.guests.map(({ connect }) => [
      (connect as { clientId?: string }).clientId,
      (connect as { username?: string }).username,
      passwordOf(connect),
    ]),
    [
      ['mine', 'ada', 'secret 1'],
      ['mine', 'ada', 'secret 2'],
    ],
  );
});

test('clients without a name of their own have different ones, of at most 23 letters', async (t) => {
  const broker = await FakeBroker.start(t);
  const ids = new Set(Array.from({ length: 100 }, () => makeUser(t, { host: broker.host }).clientId));
  assert.equal(ids.size, 100);
  for (const id of ids) assert.match(id, /^katydid-[A-Za-z0-9]{1,15}$/);
});

/** Tokens of a second, which are renewed after 0.7 to 0.8 s. */
const short = { project: 'p', region: 'r', registry: 'g', lifetime: '1' };

test('a token that is about to end is renewed by a new connection, with its subscriptions', async (t) => {
  const { broker, user, client } = await start(t, { ...gcp, platformValues: short });
  await client.subscribe('/devices/LTK00001/commands/#');
  await until('it is renewed', () => broker.count('subscribe') === 2, { every: 0.01 });
  assert.equal((await client.publish('/devices/LTK00001/events', 'x')).failure, undefined);
  assert.deepEqual(
    [broker.count('disconnect'), new Set(broker.guests.map(({ connect }) => passwordOf(connect))).size],
    [1, 2],
  );
  assert.deepEqual(rowsOf(user), [
    'MQTT connect 1',
    'MQTT subscribe:0:/devices/{id}/commands/# 1',
    'MQTT JWT refresh 1',
    'MQTT publish:0:/devices/{id}/events 1',
  ]);
});

test('what is in flight ends before the renewal, what begins meanwhile waits for it', async (t) => {
  const held: (() => void)[] = [];
  const { broker, user, client } = await start(
    t,
    { ...gcp, platformValues: short },
    ({ cmd, messageId }, guest) =>
      cmd === 'publish' && held.length === 0 && held.push(() => guest.send({ cmd: 'puback', messageId })),
  );
  const first = client.publish('a', 'x', { qos: 1 });
  await until('it has come', () => held.length === 1, { every: 0.005 });
  await new Promise((resolve) => setTimeout(resolve, 900));
  assert.equal(broker.guests.length, 1);
  const second = client.publish('a', 'x', { qos: 1 });
  held[0]?.();
  const released = performance.now();
  assert.deepEqual([(await first).failure, (await second).failure], [undefined, undefined]);
  // As soon as the first has ended, not when its time was over.
  assert.ok(performance.now() - released < 10_000);
  assert.deepEqual([broker.guests.length, broker.count('publish')], [2, 2]);
  assert.deepEqual(rowsOf(user), ['MQTT connect 1', 'MQTT publish:1:a 2', 'MQTT JWT refresh 1']);
});

test('a renewal that is refused is one failure, and reconnects follow', async (t) => {
  const { broker, user, client } = await start(
    t,
    { ...gcp, platformValues: short },
    ({ cmd }, guest) => cmd === 'connect' && broker.guests.length === 2 && guest.send(refused),
  );
  await client.connect();
  await until('it is connected again', () => broker.guests.length === 3, { every: 0.01 });
  await client.connect();
  assert.deepEqual(failuresOf(user), ['JWT refresh: refused: Not authorized (0x05)']);
});

/** As Azure's: the token goes with MQTT 5's enhanced authentication, and is renewed with AUTH. */
const azure: Statics = {
  platform: { ...platformOf('azure-eventgrid'), token: { lifetime: 1 } } as DevicePlatform,
  devices,
  reconnect: fast,
};
const textOf = (packet: Packet | undefined): string =>
  String((packet as { properties?: { authenticationData?: Buffer } } | undefined)?.properties?.authenticationData);

test('with AUTH a token is renewed on the same connection', async (t) => {
  const { broker, user, client } = await start(t, azure, (packet, guest) => {
    if (packet.cmd !== 'auth') return false;
    return guest.send({ cmd: 'auth', reasonCode: 0, properties: { authenticationMethod: 'CUSTOM-JWT' } }) ?? true;
  });
  await client.connect();
  await until('it was renewed twice', () => broker.count('auth') === 2, { every: 0.01 });
  await client.publish('a', 'x');
  const [connect, ...auths] = broker.packets.filter(({ cmd }) => cmd === 'connect' || cmd === 'auth');
  assert.deepEqual(
    auths.map((packet) => (packet as { reasonCode?: number }).reasonCode),
    [0x19, 0x19],
  );
  assert.equal(new Set([connect, ...auths].map(textOf)).size, 3);
  for (const packet of [connect, ...auths]) jsonwebtoken.verify(textOf(packet), publicKey, { ignoreExpiration: true });
  assert.equal(broker.guests.length, 1);
  assert.deepEqual(rowsOf(user).slice(0, 2), ['MQTT connect 1', 'MQTT JWT refresh 2']);
});

test('an AUTH that is refused is one failure, and a reconnect follows at once', async (t) => {
  const { broker, user, client } = await start(
    t,
    azure,
    ({ cmd }, guest) => cmd === 'auth' && (guest.send({ cmd: 'disconnect', reasonCode: 0x87 }) ?? true),
  );
  await client.connect();
  await until('it is connected again', () => broker.guests.length === 2, { every: 0.01 });
  await client.connect();
  assert.deepEqual(rowsOf(user), ['MQTT connect 1', 'MQTT JWT refresh 1 (1 failed)', 'MQTT reconnect 1']);
});

test('each user is another device, until it ends', async (t) => {
  const broker = await FakeBroker.start(t);
  class Device extends MqttUser {}
  Object.assign(Device, { ...gcp, host: broker.host });
  const users = [1, 2, 3].map(() => userOf(t, Device));
  assert.deepEqual(
    users.map(({ device }) => device.id),
    ['LTK00001', 'LTK00002', 'LTK00003'],
  );
  assert.throws(() => userOf(t, Device).device, /more users than rows/);
  users[1]?.life.end();
  assert.equal(userOf(t, Device).device.id, 'LTK00002');
});

test('the abort ends what waits for an AUTH that nobody answers', async (t) => {
  const { broker, user, client } = await start(t, azure, ({ cmd }) => cmd === 'auth');
  await client.connect();
  await until('it is asked for', () => broker.count('auth') === 1, { every: 0.01 });
  const answer = client.publish('a', 'x');
  user.life.abort();
  await assert.rejects(answer, StopUser);
  user.life.end();
  await broker.untilOpen(0);
});
