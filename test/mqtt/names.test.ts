import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MqttUser } from '../../src/mqtt/mqtt-user.ts';
import { type MqttKind, Names, templateOf } from '../../src/mqtt/names.ts';
import { FakeBroker } from './fake-broker.ts';
import { rowsOf, userOf } from './user-under-test.ts';

const templates: readonly [topic: string, template: string][] = [
  ['/devices/LTK00001/events', '/devices/{id}/events'],
  ['LTK00001', '{id}'],
  ['LTK00001/LTK00001', '{id}/{id}'],
  ['devices/LTK000011/events', 'devices/LTK000011/events'],
  ['devices/events', 'devices/events'],
  ['/devices/LTK00001/#', '/devices/{id}/#'],
];

for (const [topic, template] of templates) {
  test(`${topic} is counted as ${template}`, () => {
    assert.equal(templateOf(topic, 'LTK00001'), template);
  });
}

test('a name is asked for once for each topic and QoS', () => {
  const asked: string[] = [];
  const naming = {
    nameOf(kind: MqttKind, qos: number, topic: string): string {
      asked.push(`${kind} ${qos} ${topic}`);
      return topic;
    },
  };
  const names = new Names(naming, 2);
  for (let time = 0; time < 3; time++) {
    for (const topic of ['a', 'b']) {
      for (const qos of [0, 1] as const) assert.equal(names.publish(qos, topic), topic);
      assert.equal(names.exchange(0, topic), topic);
    }
  }
  assert.deepEqual(asked, ['publish 0 a', 'publish 1 a', 'exchange 0 a', 'publish 0 b', 'publish 1 b', 'exchange 0 b']);
});

test('topics that never come again are not kept for ever', () => {
  let asked = 0;
  const names = new Names({ nameOf: () => `${++asked}` }, 2);
  for (let at = 0; at < 2000; at++) names.publish(0, `a/${at}`);
  names.publish(0, 'a/0');
  assert.equal(asked, 2001);
});

test('a class may name its entries itself: the old kit’s names', async (t) => {
  const broker = await FakeBroker.start(t);
  class Device extends MqttUser {
    static override host = broker.host;
    override nameOf(kind: MqttKind): string {
      return kind;
    }
  }
  const user = userOf(t, Device);
  await user.client.subscribe('a/b');
  await user.client.publish('a/b', 'x');
  await user.client.publish('a/b', 'x', { name: 'a name' });
  await user.client.unsubscribe('a/b');
  await user.client.disconnect();
  assert.deepEqual(rowsOf(user), [
    'MQTT connect 1',
    'MQTT subscribe 1',
    'MQTT publish 1',
    'MQTT a name 1',
    'MQTT unsubscribe 1',
    'MQTT disconnect 1',
  ]);
});
