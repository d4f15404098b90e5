import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { DeviceLogin } from '../../../src/devices/login.ts';
import { key } from '../../http/target.ts';
import { heard, pairOf, payload, refusal, Scene, values } from './scene.ts';

const tls = { cert: key('server'), key: key('server-key') };
const ca = key('authority');

test('clocks may differ by the skew', async (t) => {
  const scene = await Scene.start(t, { skew: 60 });
  const login = scene.login('LTK00001', { lifetime: '30' }, Date.now() - 60_000);
  const device = await scene.connect(login);
  await device.subscribeAsync(scene.topics().commands);
  await scene.echoOf(device, payload(1));
});

test('Google lets clocks differ by 10 minutes, and no more', async (t) => {
  const scene = await Scene.start(t);
  await scene.connect(scene.login('LTK00001', { lifetime: '60' }, Date.now() - 600_000));
  const late = scene.login('LTK00001', { lifetime: '60' }, Date.now() - 700_000);
  assert.equal(await refusal(scene.connect(late)), 5);
});

const certificate = { ca, cert: key('client'), key: key('client-key') };

test('aws-mtls: a device whose certificate has the registered key is let in', async (t) => {
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
  await scene.connect(new DeviceLogin(scene.rules, { id: 'LTK00001', privateKey }, values).next());
  assert.equal(await refusal(scene.connect(scene.login())), 5);
});

test('only the project that was named is let in', async (t) => {
  const scene = await Scene.start(t, { values: { project: 'p' } });
  await scene.connect();
  assert.equal(await refusal(scene.connect(scene.login('LTK00001', { project: 'q' }))), 5);
  assert.deepEqual([...scene.echo.counters.refused], [['client id', 1]]);
});
