import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeKeyPair } from '../../src/devices/key.ts';
import { events } from '../../src/user/events.ts';
import { until } from '../e2e/until.ts';
import { FakeBroker, type Guest, type Packet } from './fake-broker.ts';
import { makeClass, makeUser, rowsOf, userOf } from './user-under-test.ts';

const fast = { first: 0.01, max: 0.02 };
const devices = [{ id: 'LTK00001', privateKey: makeKeyPair('ES256').privateKey }];

for (const [way, statics] of [
  ['with a new connection', { platform: 'emqx' }],
  ['on the same one', { platform: 'azure-eventgrid', platformValues: { audience: 'a', issuer: 'i', lifetime: '1' } }],
] as const) {
  test(`a disconnect while the token is about to be renewed ${way} is no failure, and the end`, async (t) => {
    const held: [packet: Packet, guest: Guest][] = [];
    const broker = await FakeBroker.start(t, (packet, guest) => packet.cmd === 'publish' && held.push([packet, guest]));
    const platformValues = { lifetime: '1' };
    const user = makeUser(t, { host: broker.host, platformValues, ...statics, devices, reconnect: fast });
    await user.client.connect();
    const published = user.client.publish('a', 'x', { qos: 1 });
    // While it is in flight the renewal waits; what begins now waits for it.
    const end = Date.now() + 1000;
    await until('the token is at its end', () => Date.now() > end, { every: 0.02 });
    const waiting = user.client.publish('a', 'y');
    assert.equal((await user.client.disconnect()).failure, undefined);
    assert.equal((await published).failure, 'the user has disconnected');
    assert.equal((await waiting).failure, 'not connected: the user has disconnected');
    await broker.untilOpen(0);
    assert.equal(broker.guests.length, 1);
    assert.deepEqual(rowsOf(user), [
      'MQTT connect 1',
      'MQTT publish:0:a 1 (1 failed)',
      'MQTT publish:1:a 1 (1 failed)',
      'MQTT disconnect 1',
    ]);
  });
}

test('what waits for a connection that the user does not want any more fails at once', async (t) => {
  const held: Guest[] = [];
  const broker = await FakeBroker.start(t, ({ cmd }, guest) => cmd === 'connect' && held.push(guest));
  const user = makeUser(t, { host: broker.host });
  const published = user.client.publish('a', 'x');
  await until('it is connecting', () => held.length === 1, { every: 0.005 });
  const { failure } = await user.client.disconnect();
  assert.deepEqual([failure, (await published).failure], ['not connected', 'not connected: the user has disconnected']);
});

test('why a device cannot log in again is told once: by the operation that waits for it', async (t) => {
  const broker = await FakeBroker.start(t);
  let isOver = false;
  class Device extends makeClass({ host: broker.host, reconnect: { first: 0.05, max: 0.05 } }) {
    override get password(): string | undefined {
      if (isOver) throw new Error('it has none any more');
      return undefined;
    }
  }
  const user = userOf(t, Device);
  let errors = 0;
  const listener = events.userError.addListener(() => errors++);
  t.after(() => events.userError.removeListener(listener));
  await user.client.connect();
  isOver = true;
  broker.cut();
  await until('the connection is lost', () => rowsOf(user).some((row) => /disconnect/.test(row)), { every: 0.005 });
  await assert.rejects(user.client.publish('a', 'x'), /it has none any more/);
  assert.equal(errors, 0);
});
