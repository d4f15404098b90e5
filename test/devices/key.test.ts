import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, createSecretKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { algorithmOf, isSameKey, makeKeyPairAside, parseKey, publicKeyOf } from '../../src/devices/key.ts';
import { oneLine } from '../../src/devices/pem.ts';
import { UsageError } from '../../src/errors.ts';
import { ec, otherEc, piecesOf, rsa } from './made-keys.ts';

test('an ES256 key is one of P-256, PKCS#8', () => {
  assert.match(ec.privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
  assert.match(ec.publicKey, /^-----BEGIN PUBLIC KEY-----\n/);
  assert.equal(createPrivateKey(ec.privateKey).asymmetricKeyDetails?.namedCurve, 'prime256v1');
});

test('an RS256 key is one of RSA with 2048 bits', () => {
  assert.equal(createPrivateKey(rsa.privateKey).asymmetricKeyDetails?.modulusLength, 2048);
});

for (const algorithm of ['ES256', 'RS256'] as const) {
  test(`a pair of ${algorithm} belongs together`, async () => {
    const { privateKey, publicKey } = await makeKeyPairAside(algorithm);
    const data = Buffer.from('data');
    assert.equal(verify('sha256', data, publicKey, sign('sha256', data, privateKey)), true);
    assert.deepEqual([algorithmOf(privateKey), algorithmOf(publicKey)], [algorithm, algorithm]);
  });
}

test('every key is another', () => {
  assert.notEqual(ec.privateKey, otherEc.privateKey);
});

test('the algorithm is told of a KeyObject, a secret too', () => {
  assert.equal(algorithmOf(createPublicKey(rsa.publicKey)), 'RS256');
  assert.equal(algorithmOf(createSecretKey(Buffer.from('secret'))), 'HS256');
});

test('keys of another curve or kind are refused', () => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  assert.throws(() => algorithmOf(p384), /the curve secp384r1; P-256 \(ES256\) or RSA \(RS256\) is expected/);
  assert.throws(() => algorithmOf(generateKeyPairSync('ed25519').publicKey), /the type ed25519/);
});

test('SEC 1 and PKCS#1 are read, on one line too', () => {
  const sec1 = createPrivateKey(ec.privateKey).export({ type: 'sec1', format: 'pem' }).toString();
  const pkcs1 = createPrivateKey(rsa.privateKey).export({ type: 'pkcs1', format: 'pem' }).toString();
  const publicPkcs1 = createPublicKey(rsa.publicKey).export({ type: 'pkcs1', format: 'pem' }).toString();
  assert.equal(publicKeyOf(oneLine(sec1)), ec.publicKey);
  assert.equal(publicKeyOf(oneLine(pkcs1)), rsa.publicKey);
  assert.equal(publicKeyOf(publicPkcs1), rsa.publicKey);
});

test('keys are the same or not, however their lines are broken', () => {
  assert.equal(isSameKey(oneLine(ec.publicKey), ec.publicKey), true);
  assert.equal(isSameKey(ec.publicKey, otherEc.publicKey), false);
});

test('what is no key is a UsageError that holds nothing of it', () => {
  const torn = `${ec.privateKey.slice(0, 90)}\n-----END PRIVATE KEY-----\n`.replace(/(.{64})\n(.{1,3}).*\n/, '$1\n');
  for (const text of [torn, ec.privateKey.slice(0, 100), 'secret']) {
    assert.throws(
      () => parseKey(text),
      (error: Error) =>
        error instanceof UsageError &&
        error.cause === undefined &&
        !piecesOf(ec.privateKey).some((piece) => error.message.includes(piece)),
    );
  }
});
