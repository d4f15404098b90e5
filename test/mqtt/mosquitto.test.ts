import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mosquitto } from '../tools/mosquitto.ts';
import { counted, makeUser, rowsOf } from './user-under-test.ts';

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
      const { client, ...user } = makeUser(t, { host: broker.host, protocolVersion });
      await client.subscribe('a', { qos });
      const answer = await client.exchange('a', 'hello', {
        qos,
        matches: (message) => message.text() === 'hello',
        type: 'echo',
        name: 'receive',
      });
      assert.deepEqual([answer.message?.text(), answer.message?.qos, answer.failure], ['hello', qos, undefined]);
      assert.deepEqual(rowsOf(user as never), [
        'MQTT connect 1',
        `MQTT subscribe:${qos}:a 1`,
        `MQTT publish:${qos}:a 1`,
        'echo receive 1',
      ]);
    });
  }
}
