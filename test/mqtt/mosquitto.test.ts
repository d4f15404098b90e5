import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MqttUser } from '../../src/mqtt/mqtt-user.ts';
import type { MqttResponse } from '../../src/mqtt/response.ts';
import { until } from '../e2e/until.ts';
import { Mosquitto } from '../tools/mosquitto.ts';
import { counted, failuresOf, makeClass, makeEnvironment, makeUser, rowsOf, userOf } from './user-under-test.ts';

test('each operation is counted once, to its acknowledgement, with QoS 0, 1 and 2', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  const user = makeUser(t, { host: broker.host });
  const { client } = user;
  const answers = [
    await client.connect(),
    await client.subscribe('a/#', { qos: 2 }),
    await client.publish('a/b', 'x'),
    await client.publish('a/b', 'xx', { qos: 1 }),
    await client.publish('a/b', Buffer.from('xxx'), { qos: 2 }),
    await client.unsubscribe('a/#'),
    await client.disconnect(),
  ];
  assert.deepEqual(
    answers.map(({ failure, responseLength }) => [failure, responseLength]),
    [0, 0, 1, 2, 3, 0, 0].map((length) => [undefined, length]),
  );
  const { entries } = counted(user);
  assert.deepEqual(
    entries.map(({ method, name, numRequests, totalContentLength }) => [method, name, numRequests, totalContentLength]),
    [
      ['MQTT', 'connect', 1, 0],
      ['MQTT', 'subscribe:2:a/#', 1, 0],
      ['MQTT', 'publish:0:a/b', 1, 1],
      ['MQTT', 'publish:1:a/b', 1, 2],
      ['MQTT', 'publish:2:a/b', 1, 3],
      ['MQTT', 'unsubscribe:a/#', 1, 0],
      ['MQTT', 'disconnect', 1, 0],
    ],
  );
});

for (const qos of [0, 1, 2] as const) {
  for (const protocolVersion of [4, 5] as const) {
    test(`an exchange brings its own answer: QoS ${qos}, version ${protocolVersion}`, async (t) => {
      const broker = await Mosquitto.start(t);
      if (broker === undefined) return;
      const user = makeUser(t, { host: broker.host, protocolVersion });
      const { client } = user;
      await client.subscribe('a', { qos });
      const answer = await client.exchange('a', 'hello', {
        qos,
        matches: (message) => message.text() === 'hello',
        type: 'echo',
        name: 'receive',
      });
      assert.deepEqual([answer.message?.text(), answer.message?.qos, answer.failure], ['hello', qos, undefined]);
      // The answer may overtake the acknowledgement.
      const rows: string[] = [];
      await until('all is counted', () => rows.push(...rowsOf(user)) >= 4, { show: () => rows });
      assert.deepEqual(rows.sort(), [
        'MQTT connect 1',
        `MQTT publish:${qos}:a 1`,
        `MQTT subscribe:${qos}:a 1`,
        'echo receive 1',
      ]);
    });
  }
}

test('in MQTT 5 an exchange needs no function', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  const application = makeUser(t, { host: broker.host, protocolVersion: 5 });
  await application.client.subscribe('questions');
  application.client.onMessage(({ payload, properties: { responseTopic = '', correlationData } = {} }) =>
    application.client.publish(responseTopic, payload, correlationData && { properties: { correlationData } }),
  );
  const { client } = makeUser(t, { host: broker.host, protocolVersion: 5 });
  const answers = await Promise.all(['a', 'b', 'c'].map((text) => client.exchange('questions', text, { qos: 1 })));
  assert.deepEqual(
    answers.map(({ message }) => message?.text()),
    ['a', 'b', 'c'],
  );
});

test('what the access list forbids to publish is a failure in MQTT 5', async (t) => {
  const broker = await Mosquitto.start(t, {
    config: 'allow_anonymous true\nacl_file FOLDER/acl',
    files: { acl: 'topic readwrite mine/#\n' },
  });
  if (broker === undefined) return;
  const user = makeUser(t, { host: broker.host, protocolVersion: 5 });
  await user.client.publish('mine/a', 'x', { qos: 1 });
  await user.client.publish('other', 'x', { qos: 1 });
  assert.equal(failuresOf(user)[0], 'publish:1:other: refused: Not authorized (0x87)');
});

for (const protocolVersion of [4, 5] as const) {
  test(`a wrong password is one failure for each try: version ${protocolVersion}`, async (t) => {
    const broker = await Mosquitto.start(t, { config: 'allow_anonymous false' });
    if (broker === undefined) return;
    const user = makeUser(t, { host: broker.host, protocolVersion, reconnect: false });
    await user.client.connect();
    await user.client.connect();
    const text = protocolVersion === 4 ? '(0x05)' : '(0x87)';
    assert.deepEqual(failuresOf(user), [`connect: refused: Not authorized ${text} (2)`]);
  });
}

test('the will is published when a device is lost, not when it leaves', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  const watcher = makeUser(t, { host: broker.host });
  const heard: string[] = [];
  watcher.client.onMessage(({ topic, payload }) => heard.push(`${topic} ${payload}`));
  await watcher.client.subscribe('state/#');
  const will = { topic: 'state/{device}', payload: 'lost {device}', qos: 1 } as const;
  const devices = ['LTK00001', 'LTK00002'].map((id) => ({ id, privateKey: '' }));
  const userClass = makeClass({ host: broker.host, platform: 'thingsboard', devices, will, keepalive: 1 });
  const [leaving, lost] = [userOf(t, userClass), userOf(t, userClass)];
  await leaving.client.connect();
  await lost.client.connect();
  leaving.life.end();
  // The broker takes the silence of a process that stands still for its end; a second client of that name is quicker.
  const twin = userOf(
    t,
    class extends MqttUser {
      static override host = broker?.host;
      override get clientId(): string {
        return 'LTK00002';
      }
    },
  );
  await twin.client.connect();
  await until('it is published', () => heard.length > 0, { every: 0.01 });
  assert.deepEqual(heard, ['state/LTK00002 lost LTK00002']);
});

test('a session that is kept brings what came meanwhile, and its subscriptions', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  const kept = makeUser(t, { host: broker.host, clean: false, reconnect: { first: 0.3, max: 0.3 } });
  const heard: string[] = [];
  kept.client.onMessage(({ payload }) => heard.push(payload.toString()));
  await kept.client.subscribe('news', { qos: 1 });
  const twin = userOf(
    t,
    class extends MqttUser {
      static override host = broker?.host;
      static override clean = false;
      override get clientId(): string {
        return kept.clientId;
      }
    },
  );
  // Takes the session over and leaves it.
  await twin.client.connect();
  twin.life.end();
  const writer = makeUser(t, { host: broker.host });
  await writer.client.publish('news', 'of today', { qos: 1 });
  await until('it has come', () => heard.length === 1, { every: 0.01 });
  assert.deepEqual(heard, ['of today']);
  assert.equal(broker.output.match(/Received SUBSCRIBE/g)?.length, 1);
});

test('the broker is pinged when nothing else is said', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  const user = makeUser(t, { host: broker.host, keepalive: 1 });
  await user.client.connect();
  await until('two pings', () => (broker.output.match(/Received PINGREQ/g)?.length ?? 0) >= 2, { every: 0.02 });
  assert.deepEqual(rowsOf(user), ['MQTT connect 1']);
});

test('connections leave from the addresses of the list in turn', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  const userClass = makeClass({ host: broker.host, localAddress: ['127.0.0.2', '127.0.0.3'] });
  for (let at = 0; at < 4; at++) await userOf(t, userClass).client.connect();
  const from = [...broker.output.matchAll(/New connection from (127\.0\.0\.\d)/g)].map(([, address]) => address);
  assert.deepEqual(
    from.filter((address) => address !== '127.0.0.1'),
    ['127.0.0.2', '127.0.0.3', '127.0.0.2', '127.0.0.3'],
  );
});

test('100 devices all come back to a broker that was killed, each loss counted once', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  const environment = makeEnvironment();
  const userClass = makeClass({ host: broker.host, reconnect: { first: 0.1, max: 0.2 }, timeout: 20 });
  const users = Array.from({ length: 100 }, () => userOf(t, userClass, environment));
  await Promise.all(users.map(({ client, clientId }) => client.subscribe(`echo/${clientId}`, { qos: 1 })));
  const echo = ({ client, clientId }: MqttUser): Promise<MqttResponse> =>
    client.exchange(`echo/${clientId}`, 'x', { qos: 1, matches: () => true, type: 'echo', name: 'receive' });
  await Promise.all(users.map(echo));
  await broker.kill();
  const later = users.map(echo);
  await broker.startAgain();
  const answers = await Promise.all(later);
  const failed = answers.filter(({ ok }) => !ok);
  // Those that were written before the loss was known.
  for (const { failure } of failed) assert.match(String(failure), /^connection lost: /);
  assert.deepEqual(
    (await Promise.all(users.map(echo))).filter(({ ok }) => !ok),
    [],
  );
  const rows = environment.stats
    .drain()
    .entries.map(({ name, numRequests, numFailures }) => [name, numRequests - numFailures, numFailures]);
  const rowOf = (name: string): unknown[] => rows.find(([known]) => known === name)?.slice(1) ?? [];
  assert.deepEqual(rowOf('connect'), [100, 0]);
  assert.deepEqual(rowOf('disconnect'), [0, 100]);
  assert.equal(rowOf('reconnect')[0], 100);
  assert.deepEqual(rowOf('receive'), [300 - failed.length, 0]);
});
