import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import type { RegisteredDevice } from '../../src/devices/device.ts';
import { oneLine } from '../../src/devices/pem.ts';
import { exportDevices, exportFormats } from '../../src/devices/public-keys.ts';
import { ec, rsa } from './made-keys.ts';

const devices: readonly RegisteredDevice[] = [
  { id: 'LTK00001', algorithm: 'ES256', publicKey: ec.publicKey },
  { id: 'LTK00002', algorithm: 'RS256', publicKey: rsa.publicKey },
];

test('CSV is a header and a row a device', () => {
  const rows = ['id,publicKey', `LTK00001,${oneLine(ec.publicKey)}`, `LTK00002,${oneLine(rsa.publicKey)}`, ''];
  assert.equal(exportDevices(devices, 'csv'), rows.join('\n'));
});

test('a token of a device verifies with its key of the key set', () => {
  const { keys } = JSON.parse(exportDevices(devices, 'jwks'));
  for (const [at, { privateKey }] of [ec, rsa].entries()) {
    const { kid, alg, use, ...jwk } = keys[at];
    const token = jsonwebtoken.sign({ aud: 'p' }, privateKey, { algorithm: alg });
    jsonwebtoken.verify(token, createPublicKey({ key: jwk, format: 'jwk' }), { algorithms: [alg] });
    assert.deepEqual([kid, use], [devices[at]?.id, 'sig']);
  }
});

test('a key set holds nothing that is private', () => {
  const { keys } = JSON.parse(exportDevices(devices, 'jwks'));
  const privateParts = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];
  assert.deepEqual(
    keys.flatMap((key: object) => privateParts.filter((part) => part in key)),
    [],
  );
});

test("EMQX's rules let each device to its own topics, and no one else anywhere", () => {
  assert.deepEqual(exportDevices(devices.slice(0, 1), 'emqx-acl').split('\n'), [
    '{allow, {clientid, "LTK00001"}, publish, ["devices/LTK00001/events", "devices/LTK00001/events/#"]}.',
    '{allow, {clientid, "LTK00001"}, subscribe, ["devices/LTK00001/commands/#"]}.',
    '{deny, all}.',
    '',
  ]);
});

for (const format of exportFormats) {
  test(`${format} of no devices is well-formed`, () => {
    assert.notEqual(exportDevices([], format), '');
  });
}
