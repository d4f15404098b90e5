import assert from 'node:assert/strict';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import mqtt, { type MqttClient } from 'mqtt';
import { type RunningEcho, startEcho } from '../../../src/targets/echo/echo.ts';
import type { EchoOptions } from '../../../src/targets/echo/options.ts';
import { key } from '../../http/target.ts';
import { Mosquitto } from '../../tools/mosquitto.ts';
import { heard, lineLike, lines, payload } from './scene.ts';

async function application(t: TestContext, options: EchoOptions): Promise<RunningEcho> {
  lines.length = 0;
  const echo = await startEcho(options);
  t.after(() => echo.close());
  return echo;
}

async function device(t: TestContext, url: string): Promise<MqttClient> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 100 });
  t.after(() => client.end(true));
  await client.subscribeAsync('/devices/LTK00001/commands/#');
  return client;
}

async function echoOf(client: MqttClient): Promise<readonly [string, string]> {
  const answered = heard<[string, Buffer]>(client, 'message');
  client.publish('/devices/LTK00001/events', payload(12), { qos: 1 });
  const [topic, text] = await answered;
  return [topic, text.toString()];
}

test('the application answers behind Mosquitto', async (t) => {
  const url = (await Mosquitto.start(t))?.host;
  if (url === undefined) return;
  const echo = await application(t, { broker: url });
  assert.deepEqual(await echoOf(await device(t, url)), ['/devices/LTK00001/commands', payload(12)]);
  assert.match(await lineLike(/ echoed /), /^INFO echoed LTK00001 payload 12 at .*Z took \d+\.\d ms$/);
  assert.deepEqual([echo.counters.received, echo.counters.echoed], [1, 1]);
});

test('it drops what it is told to drop there, too', async (t) => {
  const url = (await Mosquitto.start(t))?.host;
  if (url === undefined) return;
  const echo = await application(t, { broker: url, lossEvery: 2 });
  const client = await device(t, url);
  await echoOf(client);
  client.publish('/devices/LTK00001/events', payload(13), { qos: 1 });
  await lineLike(/^INFO lost LTK00001 payload 13 at /);
  await echoOf(client);
  assert.equal(echo.counters.lost, 1);
});

test('it comes back when Mosquitto was killed and started again', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  const echo = await application(t, { broker: broker.host });
  await broker.kill();
  await lineLike(/^WARNING .* is lost(: .*)?; it is tried again after 1, 2, 4 … 30 s$/);
  await broker.startAgain();
  while (echo.counters.connects < 2) await heardLine();
  await echoOf(await device(t, broker.host));
});

/** A line of the log after those that are there. */
async function heardLine(): Promise<void> {
  lines.length = 0;
  await lineLike(/ is connected to /);
}

test('it waits for a broker that is not there yet', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  await broker.kill();
  lines.length = 0;
  const starting = startEcho({ broker: broker.host });
  await lineLike(/^WARNING mqtt:\/\/127\.0\.0\.1:\d+\/? cannot be reached: .*ECONNREFUSED/);
  await broker.startAgain();
  await (await starting).close();
});

/** A row of Mosquitto's password file: PBKDF2 with SHA-512. */
function passwordRow(name: string, password: string): string {
  const [salt, rounds] = [randomBytes(12), 101];
  const hash = pbkdf2Sync(password, salt, rounds, 64, 'sha512');
  return `${name}:$7$${rounds}$${salt.toString('base64')}$${hash.toString('base64')}\n`;
}

test('it logs in with a name and a password, and a refusal is an error', async (t) => {
  const config = 'allow_anonymous false\npassword_file FOLDER/passwords';
  const url = (await Mosquitto.start(t, { config, files: { passwords: passwordRow('echo', 'secret') } }))?.host;
  if (url === undefined) return;
  await application(t, { broker: url, username: 'echo', password: 'secret' });
  await assert.rejects(startEcho({ broker: url, username: 'echo', password: 'other' }), {
    name: 'UsageError',
    message: new RegExp(`^${url}/?: Connection refused: .*; KATYDID_MQTT_USERNAME and _PASSWORD say who it is$`),
  });
});

test('it comes by TLS, with the authority that it was told', async (t) => {
  const config = 'allow_anonymous true\ncertfile FOLDER/server.pem\nkeyfile FOLDER/key.pem';
  const files = { 'server.pem': key('server'), 'key.pem': key('server-key') };
  const broker = await Mosquitto.start(t, { config, files });
  if (broker === undefined) return;
  const url = broker.host.replace('mqtt:', 'mqtts:');
  await application(t, { broker: url, tls: { ca: key('authority') } });
  assert.match(await lineLike(/ is connected to /), /subscribed to \/devices\/\+\/events$/);
});

test('a password in the URL is in no line of the log', async (t) => {
  const broker = await Mosquitto.start(t);
  if (broker === undefined) return;
  await application(t, { broker: `mqtt://ada:secret@127.0.0.1:${broker.port}` });
  assert.equal(lines.join().includes('secret'), false);
});

test('a broker that is none, or that cannot tell the devices apart, is an error', async () => {
  await assert.rejects(startEcho({ broker: '127.0.0.1:1883' }), { name: 'UsageError', message: /a URL such as mqtt:/ });
  await assert.rejects(startEcho({ broker: 'mqtt://127.0.0.1:1', platform: 'thingsboard' }), {
    name: 'UsageError',
    message: /^the topic v1\/devices\/me\/telemetry does not say which device it is; only the embedded broker knows/,
  });
});
