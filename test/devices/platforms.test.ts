import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlatformName, platformOf, platforms } from '../../src/devices/platforms.ts';

test('all presets are there', () => {
  assert.deepEqual(
    [...platforms.keys()],
    [
      ...['gcp', 'clearblade', 'emqx', 'aws-custom', 'aws-mtls', 'azure-eventgrid', 'hivemq', 'mosquitto-jwt'],
      ...['thingsboard', 'plain'],
    ],
  );
});

test('a platform is found by its name', () => {
  assert.equal(platformOf('emqx'), platforms.get('emqx'));
});

test('an object is taken as it is', () => {
  const own = { ...platformOf('emqx'), keepalive: 30 };
  assert.equal(platformOf(own), own);
});

test('a mistyped name is an error with the nearest one', () => {
  assert.throws(() => platformOf('clearblad' as PlatformName), {
    name: 'UsageError',
    message: "there is no platform 'clearblad'; did you mean 'clearblade'?",
  });
});

test('a name that is near none is an error with all of them', () => {
  assert.throws(() => platformOf('something' as PlatformName), {
    name: 'UsageError',
    message: /there are gcp, .*plain$/,
  });
});

test('what is no text and no object is an error', () => {
  assert.throws(() => platformOf(null as unknown as PlatformName), { name: 'UsageError' });
});

test('only what speaks MQTT 5 renews a token on the same connection', () => {
  for (const [name, { renewal, protocolVersions }] of platforms) {
    assert.ok(renewal === 'reconnect' || protocolVersions.every((version) => version === 5), name);
  }
});

test('no preset keeps a connection alive for longer than brokers allow', () => {
  for (const [name, { keepalive }] of platforms) assert.ok(keepalive >= 30 && keepalive <= 1200, name);
});
