import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import { heard, payload, refusal, Scene } from './scene.ts';

/** Packets of MQTT 5 on a bare connection. */
class Bare {
  readonly #socket: Socket;
  readonly #packets: Packet[] = [];
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = parser({ protocolVersion: 5 });
    reader.on('packet', (packet) => {
      this.#packets.push(packet);
      this.#wake();
    });
    socket.on('data', (chunk) => reader.parse(chunk));
    socket.on('error', () => {});
  }

  static async connect(t: TestContext, scene: Scene, more: Partial<IConnectPacket> = {}): Promise<Bare> {
    const socket = createConnection(scene.echo.ports.get('mqtt') ?? 0, '127.0.0.1');
    t.after(() => socket.destroy());
    const bare = new Bare(socket);
    const connect = {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clientId: 'LTK00001',
      clean: true,
    } as const;
    bare.send({ ...connect, keepalive: 60, ...more });
    return bare;
  }

  /** As Event Grid wants it. */
  static device(t: TestContext, scene: Scene, lifetime = '3600'): Promise<Bare> {
    const { authenticationMethod = '', authenticationData = '' } = scene.login('LTK00001', { lifetime });
    return Bare.connect(t, scene, {
      properties: { authenticationMethod, authenticationData: Buffer.from(authenticationData) },
    });
  }

  send(packet: Packet): void {
    this.#socket.write(generate(packet, { protocolVersion: 5 }));
  }

  /** The next packet. */
  async next(): Promise<Packet> {
    while (this.#packets.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#packets.shift() as Packet;
  }

  get ended(): Promise<unknown> {
    return once(this.#socket, 'close');
  }
}

const azure = { platform: 'azure-eventgrid', skew: 0 } as const;
const method = 'CUSTOM-JWT';

test('the authentication method is said again, and what the broker does not do', async (t) => {
  const bare = await Bare.device(t, await Scene.start(t, azure));
  const { reasonCode, properties } = (await bare.next()) as Extract<Packet, { cmd: 'connack' }>;
  assert.equal(reasonCode, 0);
  assert.deepEqual(
    { ...properties },
    { authenticationMethod: method, subscriptionIdentifiersAvailable: false, sharedSubscriptionAvailable: false },
  );
});

test('another authentication method is refused as such', async (t) => {
  const scene = await Scene.start(t, azure);
  const authenticationData = Buffer.from(scene.login().authenticationData ?? '');
  const bare = await Bare.connect(t, scene, {
    properties: { authenticationMethod: 'OAUTH2-JWT', authenticationData },
  });
  assert.equal(((await bare.next()) as { reasonCode?: number }).reasonCode, 0x8c);
});

test('an authentication method is refused where the platform has none', async (t) => {
  const scene = await Scene.start(t, { platform: 'plain' });
  const bare = await Bare.connect(t, scene, { properties: { authenticationMethod: method } });
  assert.equal(((await bare.next()) as { reasonCode?: number }).reasonCode, 0x8c);
});

test('a fresh token is taken on the same connection', async (t) => {
  const scene = await Scene.start(t, azure);
  const bare = await Bare.device(t, scene);
  await bare.next();
  const authenticationData = Buffer.from(scene.login().authenticationData ?? '');
  bare.send({ cmd: 'auth', reasonCode: 0x19, properties: { authenticationMethod: method, authenticationData } });
  const { cmd, reasonCode } = (await bare.next()) as { cmd: string; reasonCode?: number };
  assert.deepEqual([cmd, reasonCode], ['auth', 0]);
  assert.equal(scene.echo.counters.renewals, 1);
});

test('a token that is not right ends the connection, with the reason', async (t) => {
  const scene = await Scene.start(t, azure);
  const bare = await Bare.device(t, scene);
  await bare.next();
  const authenticationData = Buffer.from(scene.login('LTK00002').authenticationData ?? '');
  bare.send({ cmd: 'auth', reasonCode: 0x19, properties: { authenticationMethod: method, authenticationData } });
  const { cmd, reasonCode } = (await bare.next()) as { cmd: string; reasonCode?: number };
  assert.deepEqual([cmd, reasonCode], ['disconnect', 0x87]);
  await bare.ended;
  assert.deepEqual([...scene.echo.counters.closed], [['renewal', 1]]);
});

test('an AUTH that nobody asked for is a protocol error', async (t) => {
  const bare = await Bare.device(t, await Scene.start(t, azure));
  await bare.next();
  bare.send({ cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod: method } });
  assert.equal(((await bare.next()) as { reasonCode?: number }).reasonCode, 0x82);
});

test('the end of a token is said', async (t) => {
  const bare = await Bare.device(t, await Scene.start(t, azure), '2');
  await bare.next();
  const { cmd, reasonCode } = (await bare.next()) as { cmd: string; reasonCode?: number };
  assert.deepEqual([cmd, reasonCode], ['disconnect', 0x87]);
});

test('a connection that another takes the place of is told so', async (t) => {
  const scene = await Scene.start(t, azure);
  const first = await Bare.device(t, scene);
  await first.next();
  await (await Bare.device(t, scene)).next();
  const { cmd, reasonCode } = (await first.next()) as { cmd: string; reasonCode?: number };
  assert.deepEqual([cmd, reasonCode], ['disconnect', 0x8e]);
});

test('a client without an id is given one', async (t) => {
  const bare = await Bare.connect(t, await Scene.start(t, { platform: 'plain' }), { clientId: '' });
  const { properties } = (await bare.next()) as Extract<Packet, { cmd: 'connack' }>;
  assert.match(properties?.assignedClientIdentifier ?? '', /^[\w-]{36}$/);
});

test('a foreign subscription is refused with a reason, one of its own granted', async (t) => {
  const bare = await Bare.device(t, await Scene.start(t, azure));
  await bare.next();
  bare.send({
    cmd: 'subscribe',
    messageId: 7,
    subscriptions: [
      { topic: 'devices/LTK00002/commands/#', qos: 0 },
      { topic: 'devices/LTK00001/commands/#', qos: 1 },
    ],
  });
  assert.deepEqual(((await bare.next()) as { granted?: unknown }).granted, [0x87, 1]);
});

test('each topic of an UNSUBSCRIBE has its reason code', async (t) => {
  const bare = await Bare.device(t, await Scene.start(t, azure));
  await bare.next();
  bare.send({ cmd: 'unsubscribe', messageId: 7, unsubscriptions: ['a', 'b', 'c'] });
  assert.deepEqual(((await bare.next()) as { granted?: unknown }).granted, [0, 0, 0]);
});

for (const qos of [0, 1, 2] as const) {
  test(`payloads and answers go with QoS ${qos}`, async (t) => {
    const scene = await Scene.start(t, { platform: 'emqx' });
    const device = await scene.connect(scene.login(), { protocolVersion: 5 });
    await device.subscribeAsync(scene.topics().commands, { qos });
    const answered = heard<[string, Buffer]>(device, 'message');
    await device.publishAsync(scene.topics().events, payload(1), { qos, properties: { contentType: 'x' } });
    const [topic, text] = await answered;
    assert.deepEqual([topic, text.toString()], ['devices/LTK00001/commands', payload(1)]);
  });
}

for (const [reason, isSent] of [
  [0, false],
  [4, true],
] as const) {
  test(`the last will is ${isSent ? 'sent' : 'not sent'} after a DISCONNECT with reason ${reason}`, async (t) => {
    const scene = await Scene.start(t, { platform: 'plain' });
    const watcher = await scene.connect({ clientId: 'watcher' });
    await watcher.subscribeAsync('#');
    const heardTopics: string[] = [];
    watcher.on('message', (topic) => heardTopics.push(topic));
    const will = { topic: 'last', payload: Buffer.from('will'), qos: 0, retain: false } as const;
    const bare = await Bare.connect(t, scene, { clientId: 'mortal', will });
    await bare.next();
    const { ended } = bare;
    bare.send({ cmd: 'disconnect', reasonCode: reason });
    await ended;
    await watcher.publishAsync('after', '', { qos: 1 });
    while (!heardTopics.includes('after')) await heard(watcher, 'message');
    assert.deepEqual(heardTopics, isSent ? ['last', 'after'] : ['after']);
  });
}

test('a large payload comes back whole', async (t) => {
  const scene = await Scene.start(t, { platform: 'emqx', logsPayloads: false });
  const device = await scene.connect(scene.login(), { protocolVersion: 5 });
  await device.subscribeAsync(scene.topics().commands);
  const text = 'x'.repeat(2_000_000);
  assert.equal((await scene.echoOf(device, text))[1] === text, true);
});

test('bytes that are no packet end the connection', async (t) => {
  const scene = await Scene.start(t, { platform: 'plain' });
  const socket = createConnection(scene.echo.ports.get('mqtt') ?? 0, '127.0.0.1');
  socket.write(Buffer.from('\x10\x0e\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x01a\xf8\x00\xff\xff', 'latin1'));
  await once(socket, 'close');
});

test('a refused token is said in the words of MQTT 5', async (t) => {
  const scene = await Scene.start(t, { platform: 'hivemq' });
  const login = { ...scene.login(), password: scene.login('LTK00002').password ?? '' };
  assert.equal(await refusal(scene.connect(login, { protocolVersion: 5 })), 0x87);
});

test('nobody takes the place of another with two CONNECTs at once', async (t) => {
  const scene = await Scene.start(t, { platform: 'emqx' });
  const device = await scene.listening('LTK00001', { protocolVersion: 5 });
  const { username = '', password = '' } = scene.login('LTK00002');
  const connectOf = (clientId: string): Buffer => {
    const login = { clientId, username, password: Buffer.from(password) };
    const connect = { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, keepalive: 0 } as const;
    return generate({ ...connect, ...login }, { protocolVersion: 5 });
  };
  const socket = createConnection(scene.echo.ports.get('mqtt') ?? 0, '127.0.0.1');
  socket.write(Buffer.concat([connectOf('LTK00001'), connectOf('LTK00002')]));
  await once(socket.resume(), 'close');
  assert.equal((await scene.echoOf(device, payload(1)))[1], payload(1));
});
