import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import jsonwebtoken, { type JwtPayload } from 'jsonwebtoken';
import { makeKeyPair } from '../../src/devices/key.ts';
import { DeviceLogin, type Login } from '../../src/devices/login.ts';
import { oneLine } from '../../src/devices/pem.ts';
import type { DevicePlatform } from '../../src/devices/platform.ts';
import { type PlatformName, platformOf } from '../../src/devices/platforms.ts';

const now = Date.parse('2026-11-21T16:00:00Z');
const { privateKey, publicKey } = makeKeyPair('ES256');
const device = { id: 'LTK00001', privateKey };
const google = { project: 'my-project', region: 'us-central1', registry: 'my-registry' };

const loginOf = (platform: PlatformName | DevicePlatform, values: Record<string, string> = {}): DeviceLogin =>
  new DeviceLogin(platformOf(platform), device, values, () => 0);

function claims(text: string | undefined, key: string = publicKey): JwtPayload {
  return jsonwebtoken.verify(text ?? '', key, { clockTimestamp: now / 1000 }) as JwtPayload;
}

/** A login with TOKEN wherever its token stands. */
function shape(login: Login): Record<string, unknown> {
  const { token, authenticationData, ...texts } = login;
  const masked = Object.entries(texts).map(([name, text]) => [name, text.replace(token?.text ?? '\0', 'TOKEN')]);
  const data =
    authenticationData &&
    Buffer.from(authenticationData)
      .toString()
      .replace(token?.text ?? '\0', 'TOKEN');
  return { ...Object.fromEntries(masked), ...(data === undefined ? {} : { authenticationData: data }) };
}

const path = 'projects/my-project/locations/us-central1/registries/my-registry/devices/LTK00001';
const shapes: readonly (readonly [PlatformName, Record<string, string>, object])[] = [
  ['gcp', google, { clientId: path, username: 'unused', password: 'TOKEN' }],
  ['clearblade', google, { clientId: path, username: 'unused', password: 'TOKEN' }],
  ['emqx', {}, { clientId: 'LTK00001', username: 'LTK00001', password: 'TOKEN' }],
  [
    'aws-custom',
    { authorizer: 'Keeper' },
    { clientId: 'LTK00001', username: 'LTK00001?x-amz-customauthorizer-name=Keeper', password: 'TOKEN' },
  ],
  ['aws-mtls', {}, { clientId: 'LTK00001' }],
  [
    'azure-eventgrid',
    { audience: 'https://n.ts.eventgrid.azure.net/', issuer: 'me' },
    { clientId: 'LTK00001', authenticationMethod: 'CUSTOM-JWT', authenticationData: 'TOKEN' },
  ],
  ['hivemq', {}, { clientId: 'LTK00001', username: 'LTK00001', password: 'TOKEN' }],
  ['mosquitto-jwt', {}, { clientId: 'LTK00001', username: 'LTK00001', password: 'TOKEN' }],
  ['thingsboard', {}, { clientId: 'LTK00001', username: 'LTK00001' }],
  ['plain', {}, { clientId: 'LTK00001' }],
];
for (const [name, values, expected] of shapes) {
  test(`what a device says to ${name}`, () => {
    assert.deepEqual(shape(loginOf(name, values).next(now)), expected);
  });
}

const said: readonly (readonly [PlatformName, Record<string, string>, object])[] = [
  ['gcp', google, { aud: 'my-project' }],
  ['clearblade', google, { aud: 'my-project' }],
  ['mosquitto-jwt', {}, { sub: 'LTK00001' }],
  ['azure-eventgrid', { audience: 'a', issuer: 'i' }, { aud: 'a', iss: 'i', sub: 'LTK00001' }],
];
for (const [name, values, expected] of said) {
  test(`what the token for ${name} says`, () => {
    const { iat, exp, ...rest } = claims(loginOf(name, values).next(now).token?.text);
    assert.deepEqual(rest, expected);
  });
}

test('a token lives for an hour if nobody says otherwise', () => {
  const { iat = 0, exp = 0 } = claims(loginOf('gcp', google).next(now).token?.text);
  assert.equal(exp - iat, 3600);
});

test('the value lifetime says how long a token lives', () => {
  const { iat = 0, exp = 0 } = claims(loginOf('gcp', { ...google, lifetime: '2' }).next(now).token?.text);
  assert.equal(exp - iat, 2);
});

test('each login has a fresh token', () => {
  const login = loginOf('gcp', google);
  const [first, second] = [login.next(now), login.next(now + 60_000)];
  assert.notEqual(first.token?.text, second.token?.text);
  assert.equal(second.token?.issuedAt, now + 60_000);
  assert.equal(second.password, second.token?.text);
});

test('without a time a login is of now', () => {
  const before = Date.now();
  const issuedAt = loginOf('emqx').next().token?.issuedAt ?? 0;
  assert.ok(issuedAt >= before && issuedAt <= Date.now());
});

test('the random part of the renewal is drawn anew for each token', () => {
  const draws = [0, 1];
  const login = new DeviceLogin(platformOf('emqx'), device, {}, () => draws.shift() ?? 0);
  const [first, second] = [login.next(now), login.next(now)].map(({ token }) => (token?.renewAt ?? 0) - now);
  assert.deepEqual([first, second], [2_880_000, 2_520_000]);
});

test('a secret among the values signs with HS256, without a key', () => {
  const login = new DeviceLogin(platformOf('emqx'), { id: 'd', privateKey: '' }, { secret: 'hush' });
  const { text = '' } = login.next(now).token ?? {};
  assert.equal(claims(text, 'hush').sub, 'd');
});

test('HS256 without a secret is an error', () => {
  assert.throws(() => loginOf({ ...platformOf('emqx'), token: { algorithm: 'HS256' } }), { name: 'UsageError' });
});

test('a key on one line, as the old kit wrote it, is read', () => {
  const login = new DeviceLogin(platformOf('emqx'), { id: 'd', privateKey: oneLine(privateKey) }, {});
  assert.equal(claims(login.next(now).token?.text).sub, 'd');
});

test('a platform without tokens needs no key', () => {
  new DeviceLogin(platformOf('plain'), { id: 'd', privateKey: '' }, {}).next();
});

test('a missing value is an error at once, not at the login', () => {
  assert.throws(() => loginOf('gcp', { project: 'p' }), { name: 'UsageError', message: /\{region\}/ });
});

test('texts in claims are filled in wherever they stand', () => {
  const platform = { ...platformOf('emqx'), token: { claims: { acl: [{ topic: '{device}/#', qos: 1 }], all: null } } };
  const { acl, all } = claims(loginOf(platform).next(now).token?.text);
  assert.deepEqual({ acl, all }, { acl: [{ topic: 'LTK00001/#', qos: 1 }], all: null });
});

test('the token may stand in the user name', () => {
  const { token, username } = loginOf({ ...platformOf('emqx'), username: 'jwt:{token}' }).next(now);
  assert.equal(username, `jwt:${token?.text}`);
});

test('a value cannot take the place of the device', () => {
  assert.equal(loginOf('emqx', { device: 'another' }).next(now).clientId, 'LTK00001');
});

test('the topics of a device are filled in', () => {
  assert.deepEqual(loginOf('gcp', google).topics, {
    events: '/devices/LTK00001/events',
    state: '/devices/LTK00001/state',
    config: '/devices/LTK00001/config',
    commands: '/devices/LTK00001/commands/#',
  });
});

test('a login shows neither key nor secret when it is printed', () => {
  const login = loginOf('gcp', { ...google, secret: 'hush-hush' });
  const keyed = loginOf('gcp', google);
  const shown = [login, keyed]
    .map((each) => inspect(each, { depth: 9, showHidden: true }) + JSON.stringify(each))
    .join();
  assert.ok(!shown.includes('hush') && !shown.includes('PRIVATE') && !shown.includes('token'), shown);
});

test('a key of the wrong kind is an error when the login is made', () => {
  const platform = { ...platformOf('gcp'), token: { algorithm: 'RS256' as const } };
  assert.throws(() => loginOf(platform, google), { name: 'UsageError', message: /LTK00001 .*RS256/ });
});

test('a secret that was left empty is none: the key signs', () => {
  assert.equal(claims(loginOf('emqx', { secret: '' }).next(now).token?.text).sub, 'LTK00001');
});
