import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { oneLine } from '../../src/devices/pem.ts';
import { ec } from '../devices/made-keys.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { katydidDevices, start } from './devices-program.ts';

test('one broken key hides no other device of the list', async (t) => {
  const broken = '-----BEGIN PRIVATE KEY----- AAAA -----END PRIVATE KEY-----';
  const folder = await userFolder(t, { 'devicelist.csv': `LTK00001,${oneLine(ec.privateKey)}\nX1,${broken}\n` });
  const { code, stdout, stderr } = await katydidDevices(folder, ['list']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^X1 +- +yes +no$/m);
});

test('a reader that is slow gets all of it', async (t) => {
  const folder = await userFolder(t, {});
  const ids = Array.from({ length: 10_000 }, (_, at) => `LTK${at}`);
  const rows = ids.map((id) => `${id},ES256,${oneLine(ec.publicKey)}\n`);
  writeFileSync(join(folder, 'deviceregistry.csv'), rows.join(''));
  const { child, ran } = start(folder, ['list', '--json']);
  child.stdout.pause();
  setTimeout(() => child.stdout.resume(), 3000);
  const { code, stdout } = await ran;
  assert.deepEqual([code, JSON.parse(stdout).length], [0, 10_000]);
});
