import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import type { MqttMessage } from '../../src/mqtt/message.ts';
import { events } from '../../src/user/events.ts';
import { until } from '../e2e/until.ts';
import { type Answers, FakeBroker } from './fake-broker.ts';
import { counted, failuresOf, makeUser, rowsOf, type Statics } from './user-under-test.ts';

async function start(t: TestContext, answers?: Answers, statics: Statics = {}) {
  const broker = await FakeBroker.start(t, answers);
  const user = makeUser(t, { host: broker.host, ...statics });
  await user.client.connect();
  return { broker, user, client: user.client };
}

const silent: Answers = ({ cmd }) => cmd === 'publish';

test('its time is from just before the publishing to the arrival, its length the answer’s', async (t) => {
  const { user, client } = await start(t, (packet, guest) => {
    if (packet.cmd !== 'publish') return false;
    setTimeout(() => guest.send({ ...packet, payload: 'a longer answer' }), 20);
    return true;
  });
  const before = performance.now();
  const answer = await client.exchange('a', 'x', { matches: () => true, name: 'echo' });
  const receivedAt = answer.message?.receivedAt ?? 0;
  assert.ok(answer.elapsed >= 19 && answer.elapsed <= receivedAt - before, `${answer.elapsed} ${receivedAt - before}`);
  assert.equal(answer.responseLength, 'a longer answer'.length);
  const [, , echo] = counted(user).entries;
  assert.deepEqual([echo?.name, echo?.totalContentLength], ['echo', 15]);
});

test('without a name it is counted as exchange, with its QoS and topic', async (t) => {
  const { user, client } = await start(t);
  await client.exchange('a/b', 'x', { matches: () => true });
  assert.deepEqual(rowsOf(user), ['MQTT connect 1', 'MQTT publish:0:a/b 1', 'MQTT exchange:0:a/b 1']);
});

test('an answer that does not come is a failure of its own name, or of the name for that', async (t) => {
  const { user, client } = await start(t, silent);
  const options = { matches: () => true, timeout: 0.02, type: 'echo', name: 'receive' };
  const answer = await client.exchange('a', 'x', options);
  assert.deepEqual([answer.failure, answer.message], ['timeout after 0.02 s', undefined]);
  await client.exchange('a', 'x', { ...options, timeoutName: 'timeout' });
  assert.deepEqual(rowsOf(user), [
    'MQTT connect 1',
    'MQTT publish:0:a 2',
    'echo receive 1 (1 failed)',
    'echo timeout 1 (1 failed)',
  ]);
});

test('a message that is refused is one failure, and ends the exchange', async (t) => {
  const { user, client } = await start(
    t,
    ({ cmd, messageId }, guest) =>
      cmd === 'publish' ? guest.send({ cmd: 'puback', messageId, reasonCode: 0x87 }) : false,
    { protocolVersion: 5 },
  );
  const answer = await client.exchange('a', 'x', { qos: 1, matches: () => true });
  assert.deepEqual([answer.failure, answer.reasonCode], ['refused: Not authorized (0x87)', 0x87]);
  assert.deepEqual(rowsOf(user), ['MQTT connect 1', 'MQTT publish:1:a 1 (1 failed)']);
});

test('several at once have each their own answer, in whatever order', async (t) => {
  const held: (() => void)[] = [];
  const { client } = await start(t, (packet, guest) => {
    if (packet.cmd !== 'publish') return false;
    held.push(() => guest.send(packet as never));
    return true;
  });
  const answers = ['one', 'two', 'three'].map((text) =>
    client.exchange('a', text, { matches: (message) => message.text() === text }),
  );
  await until('all have come', () => held.length === 3, { every: 0.005 });
  for (const send of held.reverse()) send();
  assert.deepEqual(
    (await Promise.all(answers)).map(({ message }) => message?.text()),
    ['one', 'two', 'three'],
  );
});

test('in MQTT 5 the correlation data say which answer is whose, on a topic of the client’s own', async (t) => {
  const { broker, user, client } = await start(
    t,
    (packet, guest) => {
      if (packet.cmd !== 'publish') return false;
      const { responseTopic, correlationData } = packet.properties ?? {};
      guest.send({
        ...packet,
        topic: responseTopic,
        payload: 'of another',
        properties: { correlationData: Buffer.of(1) },
      });
      guest.send({
        ...packet,
        topic: responseTopic,
        payload: `for ${packet.payload}`,
        properties: { correlationData },
      });
      return true;
    },
    { protocolVersion: 5 },
  );
  const answers = await Promise.all(['a', 'b'].map((text) => client.exchange('questions', text, {})));
  assert.deepEqual(
    answers.map(({ message }) => [message?.text(), message?.topic]),
    [
      ['for a', `responses/${user.clientId}`],
      ['for b', `responses/${user.clientId}`],
    ],
  );
  await client.exchange('questions', 'c', {});
  assert.equal(broker.packets.filter(({ cmd }) => cmd === 'subscribe').length, 1);
  assert.ok(rowsOf(user).includes('MQTT subscribe:0:responses/{id} 1'));
});

test('in MQTT 3.1.1 it must be said what matches', async (t) => {
  const { user, client } = await start(t);
  await assert.rejects(client.exchange('a', 'x', {}), UsageError);
  assert.deepEqual(rowsOf(user), ['MQTT connect 1']);
});

test('what matches throws is the error of the task, and nothing is counted', async (t) => {
  const { user, client } = await start(t);
  const wrong = (): never => {
    throw new Error('broken');
  };
  await assert.rejects(client.exchange('a', 'x', { matches: wrong }), /broken/);
  assert.deepEqual(rowsOf(user), ['MQTT connect 1', 'MQTT publish:0:a 1']);
});

test('listeners hear what no exchange waits for, with the time of its arrival', async (t) => {
  const { broker, client } = await start(t);
  const heard: MqttMessage[] = [];
  const listener = client.onMessage((message) => heard.push(message));
  await client.exchange('a', 'mine', { matches: (message) => message.text() === 'mine' });
  const before = performance.now();
  broker.guests[0]?.send({ cmd: 'publish', topic: 'b', payload: 'news', qos: 1, messageId: 7, retain: true });
  await until('it has come', () => heard.length === 1, { every: 0.005 });
  const [message] = heard;
  assert.deepEqual([message?.topic, message?.text(), message?.qos, message?.retain], ['b', 'news', 1, true]);
  assert.ok((message?.receivedAt ?? 0) >= before);
  client.offMessage(listener);
  broker.guests[0]?.send({ cmd: 'publish', topic: 'b', payload: 'news', qos: 1, messageId: 8 });
  await until('both are acknowledged', () => broker.count('puback') === 2, { every: 0.005 });
  assert.equal(heard.length, 1);
});

test('a listener that throws is an exception of the user; the others hear the message', async (t) => {
  const { user, client } = await start(t);
  const thrown: string[] = [];
  const listener = events.userError.addListener(({ exception, user: whose }) => {
    if (whose === user) thrown.push(exception.message);
  });
  t.after(() => events.userError.removeListener(listener));
  client.onMessage(() => {
    throw new Error('broken');
  });
  client.onMessage(async () => {
    throw new Error('broken later');
  });
  let heard = 0;
  client.onMessage(() => heard++);
  await client.publish('a', 'x', { qos: 1 });
  await until('all have heard it', () => heard === 1 && thrown.length === 2, { every: 0.005 });
  assert.deepEqual(thrown, ['broken', 'broken later']);
});

test('the request event has the response, the context and the host', async (t) => {
  const { user, client } = await start(t);
  const heard: unknown[] = [];
  const listener = events.request.addListener(({ name, context, response, url }) => {
    heard.push([name, context, (response as { name: string }).name, url]);
  });
  t.after(() => events.request.removeListener(listener));
  await client.publish('a', 'x', { context: { place: 1 } });
  assert.deepEqual(heard, [['publish:0:a', { place: 1 }, 'publish:0:a', user.host]]);
});

test('what is wrong with a call is an error of the task, and nothing is counted', async (t) => {
  const { user, client } = await start(t, undefined, {
    platform: 'thingsboard',
    devices: [{ id: 'a', privateKey: '' }],
  });
  const wrong: readonly [Promise<unknown>, RegExp][] = [
    [client.publish('', 'x'), /the topic is ''/],
    [client.publish('a/#', 'x'), /\+ and # are for subscriptions/],
    [client.publish('a', 5 as never), /of the type number/],
    [client.publish('a', 'x', { qos: 3 as never }), /qos is 3; 0, 1 or 2 is expected/],
    [client.publish('a', 'x', { qos: 2 }), /qos is 2; the platform takes no more than 1/],
    [
      client.publish('a', 'x', { retained: true } as never),
      /publish has no option 'retained'; did you mean 'retain'\?/,
    ],
    [client.publish('a', 'x', { timeout: -1 }), /timeout is -1; seconds above 0/],
    [client.subscribe('a/b#'), /no filter of topics/],
    [client.subscribe('a/#/b'), /no filter of topics/],
    [client.unsubscribe(''), /the topic is ''/],
  ];
  for (const [answer, text] of wrong)
    await assert.rejects(answer, (thrown) => thrown instanceof UsageError && text.test(thrown.message));
  assert.deepEqual([rowsOf(user), failuresOf(user)], [['MQTT connect 1'], []]);
});
