import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import jsonwebtoken from 'jsonwebtoken';
import { makeKeyPair, publicKeyOf } from '../../src/devices/key.ts';
import { mintToken, type SigningKey, secretKeyOf, signingKeyOf } from '../../src/devices/token.ts';

const now = Date.parse('2026-11-21T16:00:00.123Z');
const clock = Math.floor(now / 1000);
const { privateKey: ec } = makeKeyPair('ES256');
const { privateKey: rsa } = makeKeyPair('RS256');
const es256 = signingKeyOf('LTK00001', ec);

const pemOf = (type: 'ec' | 'rsa' | 'ed25519', options: object): string =>
  // The types know no call for any kind of key.
  (generateKeyPairSync as unknown as (type: string, options: object) => { privateKey: string })(type, {
    ...options,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

function read(text: string): { header: Record<string, unknown>; payload: Record<string, unknown> } {
  const [header = '', payload = ''] = text.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  return { header: JSON.parse(header), payload: JSON.parse(payload) };
}

const keys: readonly (readonly [string, SigningKey, string])[] = [
  ['ES256', es256, publicKeyOf(ec)],
  ['RS256', signingKeyOf('LTK00001', rsa), publicKeyOf(rsa)],
  ['HS256', secretKeyOf('LTK00001', 'a secret'), 'a secret'],
];
for (const [algorithm, key, verifier] of keys) {
  test(`a token of ${algorithm} verifies, with this algorithm only`, () => {
    const { text } = mintToken(key, { lifetime: 60 }, now, 0);
    jsonwebtoken.verify(text, verifier, { algorithms: [algorithm as 'ES256'], clockTimestamp: clock });
    assert.equal(read(text).header.alg, algorithm);
  });

  test(`a token of ${algorithm} is base64url without padding`, () => {
    for (let at = 0; at < 20; at++) {
      const { text } = mintToken(key, { lifetime: 60, subject: 'x'.repeat(at) }, now, 0);
      assert.match(text, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
    }
  });
}

test('a token says from when it is and until when, in whole seconds', () => {
  const { payload } = read(mintToken(es256, { lifetime: 3600 }, now, 0).text);
  assert.deepEqual(payload, { iat: clock, exp: clock + 3600 });
});

test('a token says for whom, from whom and of whom it is', () => {
  const content = { lifetime: 60, audience: 'p', issuer: 'i', subject: 's', claims: { acl: ['a'] } };
  const { aud, iss, sub, acl } = read(mintToken(es256, content, now, 0).text).payload;
  assert.deepEqual({ aud, iss, sub, acl }, { aud: 'p', iss: 'i', sub: 's', acl: ['a'] });
});

test('the times of a token win over claims of the same name', () => {
  const { payload } = read(mintToken(es256, { lifetime: 60, claims: { exp: 1, iat: 1 } }, now, 0).text);
  assert.deepEqual(payload, { iat: clock, exp: clock + 60 });
});

test('the id of the key stands in the header', () => {
  assert.equal(read(mintToken(es256, { lifetime: 60, keyId: 'k1' }, now, 0).text).header.kid, 'k1');
});

test('a lifetime with a fraction is not made longer, but is a second at least', () => {
  const lives = [1.9, 0.2].map((lifetime) => {
    const { payload } = read(mintToken(es256, { lifetime }, now, 0).text);
    return Number(payload.exp) - Number(payload.iat);
  });
  assert.deepEqual(lives, [1, 1]);
});

test('a token knows its own times in milliseconds', () => {
  const { issuedAt, expiresAt } = mintToken(es256, { lifetime: 60 }, now, 0);
  assert.deepEqual({ issuedAt, expiresAt }, { issuedAt: now, expiresAt: (clock + 60) * 1000 });
});

test('it is to be renewed at 80 % of its life, and up to 10 % earlier', () => {
  const life = (clock + 1000) * 1000 - now;
  const parts = [0, 1].map((random) => (mintToken(es256, { lifetime: 1000 }, now, random).renewAt - now) / life);
  assert.ok(Math.abs((parts[0] ?? 0) - 0.8) < 1e-9 && Math.abs((parts[1] ?? 0) - 0.7) < 1e-9, String(parts));
});

test('without an algorithm the key says it', () => {
  assert.deepEqual([signingKeyOf('d', ec).algorithm, signingKeyOf('d', rsa).algorithm], ['ES256', 'RS256']);
});

const wrong: readonly (readonly [string, string, 'ES256' | 'RS256' | undefined, RegExp])[] = [
  [
    'an RSA key for ES256',
    rsa,
    'ES256',
    /^the private key of LTK00001 is an RSA key of 2048 bits; for ES256 a P-256 key/,
  ],
  ['a P-256 key for RS256', ec, 'RS256', /is an EC key of the curve prime256v1; for RS256 an RSA key/],
  [
    'a key of another curve',
    pemOf('ec', { namedCurve: 'P-384' }),
    undefined,
    /is an EC key of the curve secp384r1; a P-256/,
  ],
  [
    'an RSA key that is too short',
    pemOf('rsa', { modulusLength: 1024 }),
    undefined,
    /is an RSA key of 1024 bits; .*2048/,
  ],
  ['a key of another kind', pemOf('ed25519', {}), undefined, /is a key of the type ed25519; /],
  ['a public key', publicKeyOf(ec), undefined, /is none, but a public one$/],
  ['a text that is no key', 'not a key', undefined, /^the private key of LTK00001 cannot be used: no key: /],
];
for (const [what, pem, algorithm, message] of wrong) {
  test(`${what} is an error of one line that does not show the key`, () => {
    assert.throws(
      () => signingKeyOf('LTK00001', pem, algorithm),
      (error: Error) => {
        assert.equal(error.name, 'UsageError');
        assert.match(error.message, message);
        const shown = inspect(error, { depth: 9, showHidden: true });
        const lines = pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'));
        assert.ok(!error.message.includes('\n') && lines.every((line) => !shown.includes(line)));
        return true;
      },
    );
  });
}

test('an empty secret is an error', () => {
  assert.throws(() => secretKeyOf('LTK00001', ''), { name: 'UsageError', message: /secret .*LTK00001 is empty/ });
});

test('a signing key shows nothing of itself', () => {
  const shown = inspect(secretKeyOf('d', 'hush-hush'), { depth: 9, showHidden: true }) + JSON.stringify(es256);
  assert.ok(!shown.includes('hush') && !shown.includes('MIGH'), shown);
});
