import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { until } from '../e2e/until.ts';
import { type Answers, FakeBroker } from './fake-broker.ts';
import { counted, failuresOf, makeUser, rowsOf, type Statics } from './user-under-test.ts';

const fast = { first: 0.01, max: 0.02 };

async function start(t: TestContext, answers?: Answers, statics: Statics = {}) {
  const broker = await FakeBroker.start(t, answers);
  const user = makeUser(t, { host: broker.host, reconnect: fast, ...statics });
  return { broker, user, client: user.client };
}

test('a SUBACK that refuses is a failure', async (t) => {
  const { user, client } = await start(t, ({ cmd, messageId }, guest) =>
    cmd === 'subscribe' ? guest.send({ cmd: 'suback', messageId, granted: [0x80] }) : false,
  );
  const answer = await client.subscribe('a');
  assert.deepEqual(
    [answer.ok, answer.reasonCode, answer.error?.message],
    [false, 0x80, 'refused: Unspecified error (0x80)'],
  );
  assert.deepEqual(failuresOf(user), ['subscribe:0:a: refused: Unspecified error (0x80)']);
});

for (const [qos, cmd, code, text] of [
  [1, 'puback', 0x97, 'Quota exceeded (0x97)'],
  [2, 'pubrec', 0x87, 'Not authorized (0x87)'],
  [2, 'pubcomp', 0x92, 'Packet identifier not found (0x92)'],
] as const) {
  test(`a reason code in ${cmd.toUpperCase()} is a failure in MQTT 5`, async (t) => {
    const question = { puback: 'publish', pubrec: 'publish', pubcomp: 'pubrel' }[cmd];
    const { user, client } = await start(
      t,
      (packet, guest) =>
        packet.cmd === question ? guest.send({ cmd, messageId: packet.messageId, reasonCode: code }) : false,
      { protocolVersion: 5 },
    );
    assert.equal((await client.publish('a', 'x', { qos })).reasonCode, code);
    assert.deepEqual(failuresOf(user), [`publish:${qos}:a: refused: ${text}`]);
  });
}

test('that nobody has subscribed is none', async (t) => {
  const { client } = await start(
    t,
    ({ cmd, messageId }, guest) =>
      cmd === 'publish' ? guest.send({ cmd: 'puback', messageId, reasonCode: 16 }) : false,
    { protocolVersion: 5 },
  );
  assert.equal((await client.publish('a', 'x', { qos: 1 })).failure, undefined);
});

test('an UNSUBACK that refuses is a failure in MQTT 5', async (t) => {
  const { user, client } = await start(
    t,
    ({ cmd, messageId }, guest) =>
      cmd === 'unsubscribe' ? guest.send({ cmd: 'unsuback', messageId, granted: [0x87] }) : false,
    { protocolVersion: 5 },
  );
  await client.unsubscribe('a');
  assert.deepEqual(failuresOf(user), ['unsubscribe:a: refused: Not authorized (0x87)']);
});

test('what is not acknowledged in time has failed, and its late acknowledgement is nothing', async (t) => {
  const late: (() => void)[] = [];
  const { user, client, broker } = await start(
    t,
    ({ cmd, messageId }, guest) => {
      if (cmd !== 'publish') return false;
      late.push(() => guest.send({ cmd: 'puback', messageId }));
      return true;
    },
    { timeout: 0.05 },
  );
  const answers = [client.publish('a', 'x', { qos: 1 }), client.publish('a', 'x', { qos: 1, timeout: 0.02 })];
  assert.deepEqual(
    (await Promise.all(answers)).map(({ failure }) => failure),
    ['timeout after 0.05 s', 'timeout after 0.02 s'],
  );
  for (const send of late) send();
  assert.equal((await client.subscribe('a')).failure, undefined);
  assert.deepEqual(failuresOf(user), ['publish:1:a: timeout after 0.02 s', 'publish:1:a: timeout after 0.05 s']);
  assert.equal(broker.count('connect'), 1);
});

test('what is in flight when the connection is lost has failed once, and is not sent again', async (t) => {
  const { user, client, broker } = await start(t, ({ cmd }) => cmd === 'publish' || cmd === 'subscribe');
  await client.connect();
  const answers = [
    client.publish('a', 'x', { qos: 1 }),
    client.publish('a', 'x', { qos: 2 }),
    client.subscribe('b'),
    client.exchange('c', 'x', { matches: () => true, name: 'echo' }),
    client.exchange('c', 'x', { qos: 1, matches: () => true, name: 'echo' }),
  ];
  await until('all have come', () => broker.packets.length === 6, { every: 0.005 });
  broker.cut();
  for (const answer of answers) assert.equal((await answer).failure, 'connection lost: Connection reset by peer');
  await until('it is connected again', () => broker.count('connect') === 2, { every: 0.005 });
  await client.connect();
  assert.deepEqual(
    counted(user).entries.map(({ name, numRequests, numFailures }) => `${name} ${numRequests} ${numFailures}`),
    [
      'connect 1 0',
      'publish:0:c 1 0',
      'publish:1:a 1 1',
      'publish:2:a 1 1',
      'subscribe:0:b 1 1',
      'publish:1:c 1 1',
      'echo 1 1',
      'disconnect 1 1',
      'reconnect 1 0',
    ],
  );
  assert.equal(broker.count('publish'), 4);
});

test('a broker that is not there is one failure for each try, with pauses', async (t) => {
  const { user, client, broker } = await start(t, undefined, { reconnect: { first: 0.02, max: 0.08 } });
  Object.assign(user.constructor, { host: 'mqtt://127.0.0.1:1' });
  const connected = client.connect();
  const begun = performance.now();
  await until('there were some tries', () => (user.environment.stats as unknown) && performance.now() - begun > 200, {
    every: 0.01,
  });
  Object.assign(user.constructor, { host: broker.host });
  assert.equal((await connected).failure, undefined);
  const [entry] = counted(user).entries;
  assert.equal(entry?.name, 'connect');
  assert.ok((entry?.numFailures ?? 0) >= 2 && (entry?.numFailures ?? 0) <= 8, String(entry?.numFailures));
  assert.equal(entry?.numRequests, (entry?.numFailures ?? 0) + 1);
});

test('where nobody listens is told with what was not there', async (t) => {
  const { user, client } = await start(t, undefined, { host: 'mqtts://127.0.0.1:1', reconnect: false });
  await client.connect();
  assert.deepEqual(failuresOf(user), ['connect: Connection refused (mqtts://127.0.0.1:1)']);
});

for (const [version, code, text] of [
  [4, 5, 'Not authorized (0x05)'],
  [4, 4, 'Bad user name or password (0x04)'],
  [4, 2, 'Identifier rejected (0x02)'],
  [5, 0x87, 'Not authorized (0x87)'],
  [5, 0x89, 'Server busy (0x89)'],
] as const) {
  test(`a CONNACK that refuses is a failure of one try: ${text}`, async (t) => {
    const { user, client } = await start(
      t,
      ({ cmd }, guest) =>
        cmd === 'connect'
          ? guest.send({ cmd: 'connack', returnCode: code, reasonCode: code, sessionPresent: false })
          : false,
      { protocolVersion: version, reconnect: false },
    );
    const answer = await client.connect();
    assert.deepEqual([answer.ok, answer.reasonCode], [false, code]);
    assert.deepEqual(failuresOf(user), [`connect: refused: ${text}`]);
  });
}

test('no CONNACK at all is a time-out, and the socket is closed', async (t) => {
  const { user, client, broker } = await start(t, () => true, { timeout: 0.05, reconnect: false });
  await client.connect();
  assert.deepEqual(failuresOf(user), [`connect: timeout after 0.05 s (${broker.host})`]);
  await broker.untilOpen(0);
});

test('a broker that hangs up before CONNACK is a failure', async (t) => {
  const { user, client, broker } = await start(t, (_packet, guest) => guest.socket.end(), { reconnect: false });
  await client.connect();
  assert.deepEqual(failuresOf(user), [`connect: closed by the broker (${broker.host})`]);
});

test('a session that another client took over says so', async (t) => {
  const { user, client, broker } = await start(t, undefined, { protocolVersion: 5 });
  await client.connect();
  broker.guests[0]?.send({ cmd: 'disconnect', reasonCode: 0x8e });
  await until('it is connected again', () => broker.count('connect') === 2, { every: 0.005 });
  await client.connect();
  assert.deepEqual(failuresOf(user), ['disconnect: connection lost: Session taken over (0x8E)']);
});

test('operations wait while there is no connection, and begin with it', async (t) => {
  let isDown = true;
  const { user, client } = await start(t, ({ cmd }, guest) => cmd === 'connect' && isDown && guest.socket.destroy());
  const answers = [client.subscribe('a'), client.publish('a', 'x', { qos: 1 }), client.publish('a', 'xx')];
  await until('it was tried', () => rowsOf(user).length > 0, { every: 0.005 });
  isDown = false;
  assert.deepEqual(
    (await Promise.all(answers)).map(({ ok, elapsed }) => [ok, elapsed < 1000]),
    [
      [true, true],
      [true, true],
      [true, true],
    ],
  );
});

test('they wait no longer than the time-out, and say why there is none', async (t) => {
  const { user, client, broker } = await start(t, ({ cmd }, guest) => cmd === 'connect' && guest.socket.end(), {
    timeout: 0.05,
  });
  const answer = await client.publish('a', 'x');
  const failure = `not connected: closed by the broker (${broker.host})`;
  assert.equal(answer.failure, failure);
  assert.ok(answer.elapsed >= 45);
  assert.ok(failuresOf(user).includes(`publish:0:a: ${failure}`));
});

test('without reconnect an operation fails with the one try', async (t) => {
  const { user, client, broker } = await start(t, ({ cmd }, guest) => cmd === 'connect' && guest.socket.end(), {
    reconnect: false,
  });
  await client.publish('a', 'x');
  assert.deepEqual(failuresOf(user), [
    `connect: closed by the broker (${broker.host})`,
    `publish:0:a: not connected: closed by the broker (${broker.host})`,
  ]);
  assert.equal(broker.count('connect'), 1);
});
