import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { heard, lineLike, payload, refusal, Scene } from './scene.ts';

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

test('a subscription that was not granted is not kept with the session either', async (t) => {
  const scene = await Scene.start(t);
  const login = scene.login('LTK00002');
  const offline = await scene.connect(login, { clean: false });
  const filters = ['/devices/LTK00002/commands/#', '/devices/LTK00001/commands/#'];
  await assert.rejects(offline.subscribeAsync(filters, { qos: 1 }));
  await offline.endAsync();
  const one = await scene.listening('LTK00001');
  await scene.echoOf(one, payload(1));
  const topics: string[] = [];
  const again = await scene.reconnected(login, (topic) => topics.push(topic));
  await scene.echoOf(again, payload(2), 'LTK00002');
  assert.deepEqual(topics, ['/devices/LTK00002/commands']);
});

test("a device does not hear another's attributes, though all have the same topic", async (t) => {
  const scene = await Scene.start(t, { platform: 'thingsboard' });
  const [one, two] = [await scene.listening('LTK00001'), await scene.listening('LTK00002')];
  const topics: string[] = [];
  two.on('message', (topic) => topics.push(topic));
  await two.subscribeAsync('v1/devices/me/attributes');
  await one.publishAsync('v1/devices/me/attributes', 'mine', { qos: 1, retain: true });
  await scene.echoOf(two, payload(1), 'LTK00002');
  assert.deepEqual(topics, ['v1/devices/me/rpc/request/1']);
});

test('where anybody is let in, nobody speaks as a broker of the same cluster', async (t) => {
  const scene = await Scene.start(t, { platform: 'plain' });
  const device = await scene.listening('LTK00001');
  const stranger = await scene.connect(scene.login('stranger'));
  stranger.publish('$SYS/another/new/clients', 'LTK00001');
  await heard(stranger, 'close');
  await scene.echoOf(device, payload(1));
});

test('a shared subscription is not granted: nothing would come', async (t) => {
  const scene = await Scene.start(t, { platform: 'plain' });
  await assert.rejects((await scene.connect()).subscribeAsync('$share/group/devices/#'));
});

test('a name of more than a word is one in the log', async (t) => {
  const scene = await Scene.start(t, { platform: 'plain' });
  const device = await scene.connect();
  device.publish('devices/a\n echoed LTK00001 payload 9 at/events', payload(1));
  assert.match(await lineLike(/echoed/), /^INFO echoed a··echoed·LTK00001·payload·9·at payload 1 at /);
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
  const login = scene.login('LTK00001', { lifetime: '2' });
  const device = await scene.connect(login);
  await heard(device, 'close');
  assert.ok(Date.now() >= (login.token?.expiresAt ?? 0), `${Date.now() - started} ms`);
  assert.deepEqual([...scene.echo.counters.closed], [['expired', 1]]);
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
