import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { targetOf } from '../../src/grpc/target.ts';

const hosts: readonly (readonly [host: string, address: string, isSecure: boolean, isMany: boolean])[] = [
  ['localhost:50051', 'localhost:50051', false, false],
  ['[::1]:50051', '[::1]:50051', false, false],
  ['http://api.test:50051', 'api.test:50051', false, false],
  ['http://api.test:50051/', 'api.test:50051', false, false],
  ['HTTPS://api.test', 'api.test:443', true, false],
  ['http://api.test', 'api.test:80', false, false],
  ['https://[::1]:443', '[::1]:443', true, false],
  ['dns:///api.test:50051', 'dns:///api.test:50051', false, true],
  ['ipv4:10.0.0.1:1', 'ipv4:10.0.0.1:1', false, false],
  ['ipv4:10.0.0.1:1,10.0.0.2:1', 'ipv4:10.0.0.1:1,10.0.0.2:1', false, true],
  ['unix:/run/api.sock', 'unix:/run/api.sock', false, false],
];
for (const [host, address, isSecure, isMany] of hosts) {
  test(`${host} is ${address}`, () => {
    assert.deepEqual(targetOf(host, false), { address, isSecure, isMany });
  });
}

test('with TLS of the class, only http:// is plain', () => {
  assert.equal(targetOf('localhost:1', true).isSecure, true);
  assert.equal(targetOf('dns:///api.test:1', true).isSecure, true);
  assert.equal(targetOf('http://localhost:1', true).isSecure, false);
});

for (const host of [
  'localhost',
  'http://api.test/v1',
  'http://a:b@api.test',
  'ftp://api.test',
  'a b:1',
  '::1:50051',
  'https://',
]) {
  test(`'${host}' is refused`, () => {
    assert.throws(
      () => targetOf(host, false),
      (thrown: unknown) => thrown instanceof UsageError && thrown.message.startsWith(`the host is '${host}'; `),
    );
  });
}

test('no host is told as with HTTP', () => {
  assert.throws(() => targetOf(undefined, false), /You must specify the host/);
});
