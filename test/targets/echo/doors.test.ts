import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { UsageError } from '../../../src/errors.ts';
import { startEcho } from '../../../src/targets/echo/echo.ts';
import { key } from '../../http/target.ts';
import { payload, refusal, Scene } from './scene.ts';

const tls = { cert: key('server'), key: key('server-key') };
const ca = key('authority');

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
  for (const [at, protocols] of [
    [url, ['chat']],
    [url.replace('/mqtt', '/other'), ['mqtt']],
  ] as const) {
    const socket = new WebSocket(at, [...protocols]);
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode));
      socket.once('open', () => resolve('it was let in'));
      socket.once('error', () => resolve('no status'));
    });
    assert.equal(status, 400);
  }
});

test('with an authority, only its clients come in', async (t) => {
  const scene = await Scene.start(t, { ports: { mqtts: 0 }, tls: { ...tls, ca } });
  await scene.connect(scene.login(), { ca, cert: key('client'), key: key('client-key') }, 'mqtts');
  await assert.rejects(scene.connect(scene.login(), { ca }, 'mqtts'));
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
