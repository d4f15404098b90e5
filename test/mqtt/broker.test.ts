import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { brokerOf } from '../../src/mqtt/broker.ts';

const places: readonly [
  host: string,
  hostname: string,
  port: number,
  isSecure: boolean,
  address: string,
  webSocket?: string,
][] = [
  ['localhost', 'localhost', 1883, false, 'mqtt://localhost:1883'],
  ['localhost:1884', 'localhost', 1884, false, 'mqtt://localhost:1884'],
  ['mqtt://10.0.0.1', '10.0.0.1', 1883, false, 'mqtt://10.0.0.1:1883'],
  ['mqtts://broker.test', 'broker.test', 8883, true, 'mqtts://broker.test:8883'],
  ['MQTTS://broker.test:443', 'broker.test', 443, true, 'mqtts://broker.test:443'],
  ['mqtt://[::1]:1883', '::1', 1883, false, 'mqtt://[::1]:1883'],
  ['ws://broker.test', 'broker.test', 80, false, 'ws://broker.test:80', 'ws://broker.test:80/mqtt'],
  [
    'ws://broker.test:8083/path?a=b',
    'broker.test',
    8083,
    false,
    'ws://broker.test:8083',
    'ws://broker.test:8083/path?a=b',
  ],
  ['wss://broker.test', 'broker.test', 443, true, 'wss://broker.test:443', 'wss://broker.test:443/mqtt'],
  ['mqtt://broker.test/', 'broker.test', 1883, false, 'mqtt://broker.test:1883'],
];

for (const [host, hostname, port, isSecure, address, webSocket] of places) {
  test(`${host} leads somewhere`, () => {
    assert.deepEqual(brokerOf(host, false), { hostname, port, isSecure, address, webSocket });
  });
}

test('without a scheme it is secure where there is static tls', () => {
  assert.deepEqual(brokerOf('localhost', true), {
    hostname: 'localhost',
    port: 8883,
    isSecure: true,
    address: 'mqtts://localhost:8883',
    webSocket: undefined,
  });
});

for (const host of ['http://broker.test', 'mqtt://a/b', 'mqtt://a:99999', 'mqtt://', 'a b', 'tcp://a']) {
  test(`${host} leads nowhere`, () => {
    assert.throws(() => brokerOf(host, false), UsageError);
  });
}

for (const host of ['mqtt://user:hunter2@a', 'mqtt://:hunter2@a', 'user:hunter2@a', 'wss://user:hunter2@a/path']) {
  test(`the password in ${host} is refused, and not told`, () => {
    assert.throws(
      () => brokerOf(host, false),
      (error: Error) =>
        error instanceof UsageError && /get password/.test(error.message) && !/hunter2/.test(error.message),
    );
  });
}

test('no host at all is told as with HTTP', () => {
  assert.throws(() => brokerOf(undefined, false), /You must specify the host/);
});
