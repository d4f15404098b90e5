import assert from 'node:assert/strict';
import { test } from 'node:test';
import { key } from '../http/target.ts';
import { Mosquitto } from '../tools/mosquitto.ts';
import { serveSecurely } from './secure-broker.ts';
import { failuresOf, makeUser } from './user-under-test.ts';

const ca = key('authority');
const once = { reconnect: false } as const;

for (const scheme of ['mqtts', 'wss'] as const) {
  test(`${scheme}: a certificate of nobody known is a failure`, async (t) => {
    const user = makeUser(t, { ...once, host: await serveSecurely(t, scheme) });
    await user.client.connect();
    assert.match(failuresOf(user)[0] ?? '', /^connect: unable to verify the first certificate/);
  });

  test(`${scheme}: it is taken with its authority, or unseen`, async (t) => {
    const host = await serveSecurely(t, scheme);
    for (const tls of [{ ca }, { insecure: true }]) {
      const { client } = makeUser(t, { ...once, host, tls });
      await client.subscribe('a');
      const answer = await client.exchange('a', 'x', { matches: () => true });
      assert.equal(answer.message?.text(), 'x');
    }
  });

  test(`${scheme}: the name in the certificate must be that of the host`, async (t) => {
    const host = await serveSecurely(t, scheme);
    const wrong = makeUser(t, { ...once, host, tls: { ca, servername: 'other.test' } });
    await wrong.client.connect();
    assert.match(failuresOf(wrong)[0] ?? '', /altnames/);
    const right = makeUser(t, { ...once, host, tls: { ca, servername: 'server.test' } });
    assert.equal((await right.client.connect()).failure, undefined);
  });

  test(`${scheme}: a client certificate is shown to the broker that asks for one`, async (t) => {
    const host = await serveSecurely(t, scheme, true);
    const tls = { ca, cert: key('client'), key: key('client-key') };
    const known = makeUser(t, { ...once, host, tls });
    assert.equal((await known.client.publish('a', 'x', { qos: 1 })).failure, undefined);
    const unknown = makeUser(t, { ...once, host, tls: { ca } });
    await unknown.client.publish('a', 'x', { qos: 1 });
    assert.equal(failuresOf(unknown).length, 2);
  });
}

test('ws: an exchange', async (t) => {
  const { client } = makeUser(t, { ...once, host: await serveSecurely(t, 'ws') });
  await client.subscribe('a', { qos: 1 });
  assert.equal((await client.exchange('a', 'x', { qos: 1, matches: () => true })).message?.text(), 'x');
});

test('ws: a path that the broker does not know is a failure', async (t) => {
  const host = await serveSecurely(t, 'ws');
  const user = makeUser(t, { ...once, host: `${host}/other` });
  await user.client.connect();
  assert.deepEqual(failuresOf(user), [`connect: Unexpected server response: 400 (${host})`]);
});

test('a host without a scheme is secure with static tls', async (t) => {
  const host = await serveSecurely(t, 'mqtts');
  const { client } = makeUser(t, { ...once, host: host.replace('mqtts://', ''), tls: { ca } });
  assert.equal((await client.connect()).failure, undefined);
});

test('each device shows its own certificate', async (t) => {
  const broker = await Mosquitto.start(t, {
    config: `cafile FOLDER/ca.pem
certfile FOLDER/server.pem
keyfile FOLDER/server-key.pem
require_certificate true
use_identity_as_username true`,
    files: { 'ca.pem': ca, 'server.pem': key('server'), 'server-key.pem': key('server-key') },
  });
  if (broker === undefined) return;
  const device = { id: 'LTK00001', privateKey: String(key('client-key')), certificate: String(key('client')) };
  const statics = { ...once, host: `mqtts://127.0.0.1:${broker.port}`, platform: 'aws-mtls', tls: { ca } } as const;
  const { client } = makeUser(t, { ...statics, devices: [device] });
  assert.equal((await client.publish('a', 'x', { qos: 1 })).failure, undefined);
  const bare = makeUser(t, { ...statics, devices: [{ id: 'LTK00002', privateKey: device.privateKey }] });
  assert.notEqual((await bare.client.connect()).failure, undefined);
});
