import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { checkServerIdentity } from 'node:tls';
import { UsageError } from '../../../src/errors.ts';
import { startEcho } from '../../../src/targets/echo/echo.ts';
import { key } from '../../http/target.ts';
import { heard, lineLike, lines, pairOf, payload, refusal, Scene } from './scene.ts';

const tls = { cert: key('server'), key: key('server-key') };
const ca = key('authority');

test("a device that publishes to another's topic is cut off", async (t) => {
  const scene = await Scene.start(t);
  const device = await scene.connect();
  device.publish('/devices/LTK00002/events', payload(1));
  await heard(device, 'close');
  assert.deepEqual([...scene.echo.counters.closed], [['foreign topic', 1]]);
  assert.equal(scene.echo.counters.received, 0);
});

test('a device may publish its state, and below its events', async (t) => {
  const scene = await Scene.start(t);
  const device = await scene.connect();
  await device.publishAsync('/devices/LTK00001/state', 'well', { qos: 1 });
  await device.publishAsync('/devices/LTK00001/events/alarms', 'well', { qos: 1 });
  assert.equal(scene.echo.counters.closed.size, 0);
});

test('a device may not publish its own commands', async (t) => {
  const scene = await Scene.start(t);
  const device = await scene.connect();
  device.publish('/devices/LTK00001/commands', payload(1));
  await heard(device, 'close');
});

for (const filter of [
  '/devices/LTK00002/commands/#',
  '/devices/+/commands/#',
  '#',
  '/devices/LTK00001/events',
  '$SYS/#',
]) {
  test(`a subscription to ${filter} is not granted`, async (t) => {
    const scene = await Scene.start(t);
    const device = await scene.connect();
    await assert.rejects(device.subscribeAsync(filter));
    // and is not in force either
    assert.deepEqual(await scene.echoOf(await scene.listening('LTK00002'), payload(1), 'LTK00002'), [
      '/devices/LTK00002/commands',
      payload(1),
    ]);
    assert.equal(device.connected, true);
  });
}

test('config and commands are granted with the quality of service that was asked for', async (t) => {
  const scene = await Scene.start(t);
  const device = await scene.connect();
  const granted = await device.subscribeAsync({
    '/devices/LTK00001/config': { qos: 1 },
    '/devices/LTK00001/commands/#': { qos: 0 },
  });
  assert.deepEqual(
    granted.map(({ qos }) => qos),
    [1, 0],
  );
});

test('QoS 2 is neither granted nor taken where the platform has it not', async (t) => {
  const scene = await Scene.start(t);
  const device = await scene.connect();
  await assert.rejects(device.subscribeAsync('/devices/LTK00001/commands/#', { qos: 2 }));
  device.publish('/devices/LTK00001/events', payload(1), { qos: 2 });
  await heard(device, 'close');
  assert.deepEqual([...scene.echo.counters.closed], [['quality of service', 1]]);
});

test('QoS 2 is taken where the platform has it', async (t) => {
  const scene = await Scene.start(t, { platform: 'emqx' });
  const device = await scene.listening();
  await device.publishAsync('devices/LTK00001/events', payload(1), { qos: 2 });
  assert.equal(scene.echo.counters.received, 1);
});

test('an answer goes to the device that sent the payload only', async (t) => {
  const scene = await Scene.start(t, { platform: 'thingsboard' });
  const [one, two] = [await scene.listening('LTK00001'), await scene.listening('LTK00002')];
  const heardByTwo: string[] = [];
  two.on('message', (_, text) => heardByTwo.push(text.toString()));
  await scene.echoOf(one, payload(1));
  await scene.echoOf(two, payload(2), 'LTK00002');
  assert.deepEqual(heardByTwo, [payload(2)]);
});

test('a second connection of a device ends the first, and that is said', async (t) => {
  const scene = await Scene.start(t);
  const first = await scene.connect();
  const closed = heard(first, 'close');
  const second = await scene.listening();
  await closed;
  await scene.echoOf(second, payload(1));
  assert.deepEqual([...scene.echo.counters.closed], [['taken over', 1]]);
});

test('who is refused does not end the connection of the device that it says to be', async (t) => {
  const scene = await Scene.start(t);
  const device = await scene.listening();
  const login = { ...scene.login(), password: scene.login('LTK00002').password ?? '' };
  assert.equal(await refusal(scene.connect(login)), 5);
  await scene.echoOf(device, payload(1));
});

test('a connection ends with its token', async (t) => {
  const scene = await Scene.start(t, { skew: 0 });
  const started = Date.now();
  const login = scene.login('LTK00001', { lifetime: '1' });
  const device = await scene.connect(login);
  await heard(device, 'close');
  assert.ok(Date.now() >= (login.token?.expiresAt ?? 0), `${Date.now() - started} ms`);
  assert.deepEqual([...scene.echo.counters.closed], [['expired', 1]]);
});

test('clocks may differ by the skew', async (t) => {
  const scene = await Scene.start(t, { skew: 60 });
  const login = scene.login('LTK00001', { lifetime: '30' }, Date.now() - 60_000);
  const device = await scene.connect(login);
  assert.equal(device.connected, true);
});

test('Google lets clocks differ by 10 minutes, and no more', async (t) => {
  const scene = await Scene.start(t);
  await scene.connect(scene.login('LTK00001', { lifetime: '60' }, Date.now() - 600_000));
  const late = scene.login('LTK00001', { lifetime: '60' }, Date.now() - 700_000);
  assert.equal(await refusal(scene.connect(late)), 5);
});

test('a device that is registered later is let in without a restart', async (t) => {
  const scene = await Scene.start(t);
  assert.equal(await refusal(scene.connect(scene.login('LTK00101'))), 5);
  scene.register('LTK00101');
  await scene.echoOf(await scene.listening('LTK00101'), payload(1, 'LTK00101'), 'LTK00101');
});

test('a device that is registered no more is refused', async (t) => {
  const scene = await Scene.start(t);
  (await scene.connect()).end();
  writeFileSync(scene.registry, 'id,algorithm,publicKey\n');
  assert.equal(await refusal(scene.connect()), 5);
});

test("a device's new key takes the place of the old one", async (t) => {
  const scene = await Scene.start(t, { ids: [] });
  scene.register('LTK00001', pairOf('old').publicKey);
  assert.equal(await refusal(scene.connect()), 5);
  writeFileSync(scene.registry, 'id,algorithm,publicKey\n');
  scene.register('LTK00001');
  await scene.connect();
});

test('a registry that is not there is said once, and waited for', async (t) => {
  const scene = await Scene.start(t, { ids: [] });
  rmSync(scene.registry);
  assert.equal(await refusal(scene.connect()), 5);
  assert.equal(await refusal(scene.connect()), 5);
  assert.equal(lines.filter((line) => line.includes('there is no registry')).length, 1);
  writeFileSync(scene.registry, 'id,algorithm,publicKey\n');
  scene.register('LTK00001');
  await scene.connect();
});

test('a registry that is damaged leaves what was known, and is said', async (t) => {
  const scene = await Scene.start(t);
  writeFileSync(scene.registry, 'id,algorithm,publicKey\nLTK00001,ES256,torn');
  await scene.connect();
  assert.match(await lineLike(/cannot be read/), /^WARNING registry .* cannot be read: /);
});

for (const door of ['ws', 'wss', 'mqtts'] as const) {
  test(`a device comes by ${door}, too`, async (t) => {
    const scene = await Scene.start(t, { ports: { [door]: 0 }, ...(door === 'ws' ? {} : { tls }) });
    const device = await scene.listening('LTK00001', { ca }, door);
    assert.deepEqual(await scene.echoOf(device, payload(1)), ['/devices/LTK00001/commands', payload(1)]);
  });

  test(`a refusal is said by ${door}, too`, async (t) => {
    const scene = await Scene.start(t, { ports: { [door]: 0 }, ...(door === 'ws' ? {} : { tls }) });
    assert.equal(await refusal(scene.connect(scene.login('LTK00003'), { ca }, door)), 5);
  });
}

test('a websocket that does not speak MQTT is refused', async (t) => {
  const scene = await Scene.start(t, { ports: { ws: 0 } });
  const url = scene.url('ws');
  const { WebSocket } = await import('ws');
  for (const [at, protocols] of [
    [url, ['chat']],
    [url.replace('/mqtt', '/other'), ['mqtt']],
  ] as const) {
    const socket = new WebSocket(at, [...protocols]);
    await new Promise((resolve) => socket.once('error', resolve));
  }
});

test('with an authority, only its clients come in', async (t) => {
  const scene = await Scene.start(t, { ports: { mqtts: 0 }, tls: { ...tls, ca } });
  await scene.connect(scene.login(), { ca, cert: key('client'), key: key('client-key') }, 'mqtts');
  await assert.rejects(scene.connect(scene.login(), { ca }, 'mqtts'));
});

const certificate = { ca, cert: key('client'), key: key('client-key'), checkServerIdentity };

test('aws-mtls: a device whose certificate has the registered key is let in', async (t) => {
  const { createPublicKey } = await import('node:crypto');
  const scene = await Scene.start(t, { platform: 'aws-mtls', ports: { mqtts: 0 }, tls, ids: [] });
  const publicKey = createPublicKey(key('client')).export({ type: 'spki', format: 'pem' }).toString();
  scene.register('LTK00001', publicKey);
  const device = await scene.connect(scene.login(), certificate, 'mqtts');
  await device.subscribeAsync(scene.topics().commands);
  assert.deepEqual(await scene.echoOf(device, payload(1)), ['devices/LTK00001/commands', payload(1)]);
});

test('aws-mtls: another certificate, or none, is refused', async (t) => {
  const scene = await Scene.start(t, { platform: 'aws-mtls', ports: { mqtts: 0 }, tls });
  assert.equal(await refusal(scene.connect(scene.login(), certificate, 'mqtts')), 5);
  assert.equal(await refusal(scene.connect(scene.login(), { ca }, 'mqtts')), 5);
  assert.deepEqual([...scene.echo.counters.refused], [['certificate', 2]]);
});

test('plain: anybody publishes anywhere, and the topic says whom to answer', async (t) => {
  const scene = await Scene.start(t, { platform: 'plain', ids: [] });
  const client = await scene.connect({ clientId: 'anybody' });
  await client.subscribeAsync('#', { qos: 2 });
  const answered = heard<[string, Buffer]>(client, 'message');
  client.publish('devices/lamp/events', payload(1));
  await answered;
  const [topic] = await heard<[string, Buffer]>(client, 'message');
  assert.equal(topic, 'devices/lamp/commands');
});

test('plain: user name and password are asked for if they are given', async (t) => {
  const scene = await Scene.start(t, { platform: 'plain', username: 'ada', password: 'secret' });
  await scene.connect({ clientId: 'a', username: 'ada', password: 'secret' });
  assert.equal(await refusal(scene.connect({ clientId: 'b', username: 'ada', password: 'other' })), 4);
  assert.equal(await refusal(scene.connect({ clientId: 'c' })), 4);
});

test('HS256: the secret that all devices share is the key', async (t) => {
  const scene = await Scene.start(t, { platform: 'emqx', values: { secret: 'a secret of all devices, long' } });
  await scene.connect(scene.login('LTK00001', { secret: 'a secret of all devices, long' }));
  assert.equal(await refusal(scene.connect(scene.login('LTK00001', { secret: 'another' }))), 5);
  assert.equal(await refusal(scene.connect(scene.login('LTK00001'))), 5);
});

test('RS256: an RSA key verifies', async (t) => {
  const scene = await Scene.start(t, { ids: [] });
  const { publicKey, privateKey } = pairOf('LTK00001', 'RS256');
  writeFileSync(scene.registry, `id,algorithm,publicKey\nLTK00001,RS256,${publicKey.trim().replaceAll('\n', ' ')}\n`);
  const { DeviceLogin } = await import('../../../src/devices/login.ts');
  const values = { project: 'p', region: 'r', registry: 'g' };
  await scene.connect(new DeviceLogin(scene.rules, { id: 'LTK00001', privateKey }, values).next());
  assert.equal(await refusal(scene.connect(scene.login())), 5);
});

test('only the project that was named is let in', async (t) => {
  const scene = await Scene.start(t, { values: { project: 'p' } });
  await scene.connect();
  assert.equal(await refusal(scene.connect(scene.login('LTK00001', { project: 'q' }))), 5);
  assert.deepEqual([...scene.echo.counters.refused], [['client id', 1]]);
});

test('a client of MQTT 5 is refused in its own words where the platform does not speak it', async (t) => {
  const scene = await Scene.start(t);
  assert.equal(await refusal(scene.connect(scene.login(), { protocolVersion: 5 })), 0x84);
});

test('a client of MQTT 3.1.1 is refused in its own words where the platform speaks 5 only', async (t) => {
  const scene = await Scene.start(t, { platform: 'azure-eventgrid' });
  assert.equal(await refusal(scene.connect(scene.login(), { protocolVersion: 4 })), 1);
});

test('what is no MQTT is cut off', async (t) => {
  const scene = await Scene.start(t);
  const socket = createConnection(scene.echo.ports.get('mqtt') ?? 0, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
});

test('a CONNECT that comes byte by byte is read', async (t) => {
  const scene = await Scene.start(t, { platform: 'plain' });
  const socket = createConnection(scene.echo.ports.get('mqtt') ?? 0, '127.0.0.1').setNoDelay(true);
  const answered = new Promise<Buffer>((resolve) => socket.once('data', resolve));
  const connect = Buffer.from('\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a', 'latin1');
  for (const byte of connect) {
    await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    await turn();
  }
  assert.deepEqual([...(await answered)], [0x20, 2, 0, 0]);
  socket.destroy();
});

test('a hundred devices at once are all answered', async (t) => {
  const ids = Array.from({ length: 100 }, (_, at) => `LTK${String(at + 1).padStart(5, '0')}`);
  const scene = await Scene.start(t, { ids });
  const answers = await Promise.all(ids.map(async (id) => scene.echoOf(await scene.listening(id), payload(1, id), id)));
  assert.deepEqual(
    answers,
    ids.map((id) => [`/devices/${id}/commands`, payload(1, id)]),
  );
  const { counters } = scene.echo;
  // An answer is there before the broker says that it is.
  while (counters.echoed < 100) await turn();
  const { connects, received, echoed, refused } = counters;
  assert.deepEqual([connects, received, echoed, refused.size], [100, 100, 100, 0]);
});

test('what cannot be is said before anything listens', async () => {
  for (const [options, message] of [
    [{ ports: { mqtts: 0 } }, /^--mqtts needs a certificate and its key; give --tls-cert and --tls-key/],
    [{ ports: { mqtt: 0 }, tls }, /^a certificate was given, but nothing to use it for; give --mqtts or --wss$/],
    [{ platform: 'aws-mtls', ports: { mqtt: 0 } }, /known by their certificates; give --mqtts or --wss$/],
    [{ platform: 'gpc' as 'gcp' }, /^there is no platform 'gpc'; did you mean 'gcp'\?$/],
    [{ loss: 2 }, /^the loss is 2; a part from 0 to 1 is expected$/],
    [{ delay: [5, 1] }, /^the delay is 5\.\.1 ms; 50, or 10\.\.50, is expected$/],
    [{ lossEvery: 0 }, /^every 0th payload is to be lost; a whole number from 1 on is expected$/],
  ] as const) {
    await assert.rejects(startEcho(options), (error) => error instanceof UsageError && message.test(error.message));
  }
});

test('a port that is taken is an error that leaves nothing open', async (t) => {
  const { echo } = await Scene.start(t);
  const taken = echo.ports.get('mqtt') ?? 0;
  await assert.rejects(startEcho({ platform: 'plain', ports: { mqtt: 0, ws: taken } }), {
    name: 'UsageError',
    message: new RegExp(`^target echo cannot listen on 127\\.0\\.0\\.1:${taken}: .*EADDRINUSE.*; give another --ws$`),
  });
});
