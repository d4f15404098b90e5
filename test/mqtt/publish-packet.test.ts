import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { publishPacket } from '../../src/mqtt/publish-packet.ts';
import { until } from '../e2e/until.ts';
import { codec, FakeBroker } from './fake-broker.ts';
import { makeUser, rowsOf } from './user-under-test.ts';

test('a message is what mqtt-packet makes of it, whatever its topic, length and flags', () => {
  const length = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 16_000, max: 17_000 }));
  const payload = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    length.map((bytes) => 'x'.repeat(bytes)),
    length.map((bytes) => Buffer.alloc(bytes, 7)),
  );
  const topic = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[+#\0]/.test(text));
  fc.assert(
    fc.property(
      topic,
      payload,
      fc.constantFrom(0, 1, 2),
      fc.boolean(),
      fc.integer({ min: 1, max: 65_535 }),
      fc.constantFrom(4, 5),
      (name, bytes, qos, retain, messageId, protocolVersion) => {
        const wanted = codec.generate(
          { cmd: 'publish', topic: name, payload: bytes, qos, retain, dup: false, messageId },
          { protocolVersion },
        );
        assert.deepEqual(publishPacket(name, bytes, { qos, retain }, messageId, protocolVersion), wanted);
      },
    ),
  );
});

test('so it is at the lengths where its head grows', () => {
  for (const length of [0x80, 0x4000]) {
    for (let bytes = length - 10; bytes < length + 10; bytes++) {
      const payload = 'x'.repeat(bytes);
      const wanted = codec.generate({ cmd: 'publish', topic: 'a', payload, qos: 0 }, { protocolVersion: 4 });
      assert.deepEqual(publishPacket('a', payload, { qos: 0 }, 0, 4), wanted);
    }
  }
});

for (const protocolVersion of [4, 5] as const) {
  test(`messages of all kinds arrive as they were sent, in their order: version ${protocolVersion}`, async (t) => {
    const broker = await FakeBroker.start(t);
    const { client } = makeUser(t, { host: broker.host, protocolVersion });
    await client.connect();
    const large = 'x'.repeat(100_000);
    const properties = { userProperties: { a: 'b' } };
    const answers = await Promise.all([
      client.publish('a', 'short'),
      client.publish('b', Buffer.from('bytes'), { qos: 1, retain: true }),
      client.publish('c', new Uint8Array([1, 2]), { qos: 2, properties }),
      client.publish('d', '', { qos: 1 }),
      client.publish('a', large),
      // Behind what fills the socket.
      client.publish('e', 'last', { qos: 1 }),
    ]);
    assert.deepEqual(new Set(answers.map(({ failure }) => failure)), new Set([undefined]));
    assert.deepEqual(
      broker.packets
        .flatMap((packet) => (packet.cmd === 'publish' ? [packet] : []))
        .map(({ topic, payload, qos, retain }) => [topic, (payload as Buffer).toString('latin1'), qos, retain]),
      [
        ['a', 'short', 0, false],
        ['b', 'bytes', 1, true],
        ['c', '\x01\x02', 2, false],
        ['d', '', 1, false],
        ['a', large, 0, false],
        ['e', 'last', 1, false],
      ],
    );
    const [withProperties] = broker.packets.flatMap((packet) => (packet.topic === 'c' ? [packet] : []));
    const { userProperties } = (withProperties as { properties?: typeof properties }).properties ?? {};
    assert.deepEqual({ ...userProperties }, protocolVersion === 5 ? { a: 'b' } : {});
  });
}

for (const length of [10_000, 100_000]) {
  test(`a full socket is waited for with QoS 0, and its loss fails what waits: ${length} bytes`, async (t) => {
    const broker = await FakeBroker.start(t);
    const user = makeUser(t, { host: broker.host, reconnect: false });
    await user.client.connect();
    broker.guests[0]?.socket.pause();
    let sent = 0;
    const text = 'x'.repeat(length);
    const flood = async (): Promise<string | undefined> => {
      for (;;) {
        const { failure } = await user.client.publish('a', text);
        if (failure !== undefined) return failure;
        sent++;
      }
    };
    const end = flood();
    const looks: number[] = [];
    await until('it stands still', () => looks.push(sent) > 1 && looks.at(-1) === looks.at(-2), { every: 0.1 });
    const stuck = sent;
    broker.guests[0]?.socket.resume();
    await until('it goes on', () => sent > stuck + 100, { every: 0.01 });
    broker.cut();
    assert.match((await end) ?? '', /^connection lost: /);
    assert.ok(rowsOf(user).includes(`MQTT publish:0:a ${sent + 1} (1 failed)`));
  });
}

/** How often the user's socket is written. */
function countWrites(t: TestContext, { port }: FakeBroker): () => number {
  let writes = 0;
  const write = Socket.prototype._write;
  t.mock.method(Socket.prototype, '_write', function (this: Socket, ...given: Parameters<typeof write>) {
    if (this.remotePort === port) writes++;
    write.apply(this, given);
  });
  return () => writes;
}

test('messages of one moment leave together', async (t) => {
  const broker = await FakeBroker.start(t);
  const { client } = makeUser(t, { host: broker.host });
  await client.connect();
  const writes = countWrites(t, broker);
  await Promise.all([
    client.publish('a', 'x', { qos: 1 }),
    client.publish('b', 'x'),
    client.publish('c', 'x', { qos: 2 }),
  ]);
  // The second one is PUBREL.
  assert.equal(writes(), 2);
});

test('an acknowledgement and the next message leave together', async (t) => {
  const broker = await FakeBroker.start(t);
  const { client } = makeUser(t, { host: broker.host });
  await client.connect();
  const guest = broker.guests[0];
  const writes = countWrites(t, broker);
  client.onMessage(async ({ topic }) => {
    if (topic !== 'a') return;
    for (let turn = 0; turn < 10; turn++) await undefined;
    await client.publish('b', 'x', { qos: 1 });
  });
  guest?.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 1, messageId: 7 });
  await until('both have come', () => broker.count('puback') === 1 && broker.count('publish') === 1, { every: 0.005 });
  assert.equal(writes(), 1);
});
