import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StopUser } from '../../src/errors.ts';
import { until } from '../e2e/until.ts';
import { FakeBroker } from './fake-broker.ts';
import { makeClass, makeEnvironment, makeUser, rowsOf } from './user-under-test.ts';

const nameOf = (thrown: Error): string => thrown.constructor.name;

test('the abort ends all that is in flight with StopUser, and nothing of it counts', async (t) => {
  const broker = await FakeBroker.start(t, ({ cmd }) => cmd !== 'connect');
  const { client, ...rest } = makeUser(t, { host: broker.host });
  const user = { ...rest } as never as ReturnType<typeof makeUser>;
  await client.connect();
  rowsOf(user);
  const answers = [
    client.subscribe('a'),
    client.unsubscribe('a'),
    client.publish('a', 'x', { qos: 1 }),
    client.publish('a', 'x', { qos: 2 }),
    client.exchange('a', 'x', { qos: 1, matches: () => true }),
  ].map((answer) => answer.then(() => 'answered', nameOf));
  await until('all have come', () => broker.packets.length === 6, { every: 0.005 });
  user.life.abort();
  assert.deepEqual(await Promise.all(answers), new Array(5).fill('StopUser'));
  assert.deepEqual(rowsOf(user), []);
});

test('the abort ends a connect that waits for CONNACK, and its socket', async (t) => {
  const broker = await FakeBroker.start(t, () => true);
  const user = makeUser(t, { host: broker.host });
  const answers = [user.client.connect(), user.client.publish('a', 'x')];
  await until('it has come', () => broker.guests.length === 1, { every: 0.005 });
  user.life.abort();
  for (const answer of answers) await assert.rejects(answer, StopUser);
  await broker.untilOpen(0);
  assert.deepEqual(rowsOf(user), []);
});

test('the abort ends a connect whose SYN nobody has answered', async (t) => {
  // Of the addresses that are for documentation.
  const user = makeUser(t, { host: 'mqtt://192.0.2.1:1883' });
  const answer = user.client.connect();
  await new Promise((resolve) => setTimeout(resolve, 10));
  user.life.abort();
  await assert.rejects(answer, StopUser);
});

test('a stop ends the pause before the next try', async (t) => {
  const broker = await FakeBroker.start(t, (_packet, guest) => guest.socket.destroy());
  const user = makeUser(t, { host: broker.host, reconnect: { first: 100, max: 100 } });
  const answers = [user.client.connect(), user.client.publish('a', 'x')];
  await until('it has failed once', () => rowsOf(user).length === 1, { every: 0.005 });
  user.life.stop();
  for (const answer of answers) await assert.rejects(answer, StopUser);
});

test('an operation after the abort throws StopUser', async (t) => {
  const broker = await FakeBroker.start(t);
  const user = makeUser(t, { host: broker.host });
  await user.client.connect();
  user.life.abort();
  const { client } = user;
  await assert.rejects(client.publish('a', 'x'), StopUser);
  await assert.rejects(client.subscribe('a'), StopUser);
  await assert.rejects(client.connect(), StopUser);
  await assert.rejects(client.disconnect(), StopUser);
  await assert.rejects(client.exchange('a', 'x', { matches: () => true }), StopUser);
});

test('onStop after an abort may go on with the same connection', async (t) => {
  const broker = await FakeBroker.start(t);
  const user = makeUser(t, { host: broker.host });
  await user.client.connect();
  user.life.abort();
  user.life.beginEnd();
  assert.equal((await user.client.publish('a', 'x', { qos: 1 })).failure, undefined);
  assert.equal(broker.count('connect'), 1);
});

test('onStop without a connection tries once', async (t) => {
  const broker = await FakeBroker.start(t, (_packet, guest) => guest.socket.end());
  const user = makeUser(t, { host: broker.host });
  user.life.stop();
  user.life.beginEnd();
  const { failure } = await user.client.publish('a', 'x');
  assert.equal(failure, `not connected: closed by the broker (${broker.host})`);
  assert.equal(broker.count('connect'), 1);
});

test('the end of a user sends DISCONNECT', async (t) => {
  const broker = await FakeBroker.start(t);
  const user = makeUser(t, { host: broker.host });
  await user.client.connect();
  user.life.end();
  await broker.untilOpen(0);
  assert.equal(broker.count('disconnect'), 1);
  assert.deepEqual(rowsOf(user), ['MQTT connect 1']);
});

const isSocket = (what: string): boolean => what === 'TCPSocketWrap';
const sockets = (): number => process.getActiveResourcesInfo().filter(isSocket).length;

test('a broker that does not hang up after DISCONNECT is hung up on', async (t) => {
  const broker = await FakeBroker.start(t, ({ cmd }) => cmd === 'disconnect');
  const user = makeUser(t, { host: broker.host });
  await user.client.connect();
  for (const guest of broker.guests) guest.socket.allowHalfOpen = true;
  assert.equal(sockets(), 2);
  user.life.end();
  await until('the user has closed its own end', () => sockets() === 1, { every: 0.01, limit: 3 });
});

test('200 users that come and go leave no socket behind', async (t) => {
  const broker = await FakeBroker.start(t);
  const environment = makeEnvironment();
  const userClass = makeClass({ host: broker.host });
  const users = Array.from({ length: 200 }, () => new userClass(environment));
  // Some have connected, some are about to.
  for (const [at, user] of users.entries()) {
    const connected = user.client.connect().catch(() => {});
    if (at % 3 > 0) await connected;
    if (at % 3 === 1) void user.client.publish('a', 'x', { qos: 1 }).catch(() => {});
  }
  for (const user of users) user.life.end();
  await broker.untilOpen(0);
  await until('no socket is left', () => sockets() === 0, { every: 0.01 });
});

test('operations that nobody waits for are no unhandled rejections', async (t) => {
  const broker = await FakeBroker.start(t, ({ cmd }) => cmd !== 'connect');
  const user = makeUser(t, { host: broker.host });
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  t.after(() => process.off('unhandledRejection', listener));
  const other = makeUser(t, { host: 'mqtt://192.0.2.1:1883' });
  void other.client.connect();
  void other.client.publish('a', 'x');
  void user.client.publish('a', 'x', { qos: 1 });
  void user.client.subscribe('a');
  void user.client.exchange('a', 'x', { matches: () => true });
  await until('all have come', () => broker.packets.length === 4, { every: 0.005 });
  user.life.abort();
  other.life.abort();
  void user.client.publish('a', 'x');
  void user.client.subscribe('a');
  void user.client.connect();
  void user.client.disconnect();
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual(unhandled, []);
});

test('a user that ends by itself waits for no further try', async (t) => {
  const broker = await FakeBroker.start(t);
  const user = makeUser(t, { host: broker.host, reconnect: { first: 100, max: 100 } });
  await user.client.connect();
  broker.cut();
  await until('the loss is known', () => rowsOf(user).includes('MQTT disconnect 1 (1 failed)') || undefined, {
    every: 0.005,
  });
  const timers = (): number => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length;
  const before = timers();
  user.life.end();
  assert.equal(timers(), before - 1);
});
