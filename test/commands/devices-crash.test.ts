import assert from 'node:assert/strict';
import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDevices } from '../../src/devices/creation.ts';
import { deviceIds } from '../../src/devices/device-id.ts';
import { readDeviceList } from '../../src/devices/device-list.ts';
import { registerDevices } from '../../src/devices/registration.ts';
import { RegistryFile, readRegistry } from '../../src/devices/registry-file.ts';
import { verifyDevices } from '../../src/devices/verification.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { start } from './devices-program.ts';

/** Resolves when a file whose name begins so appears in the folder for the `times`th time. */
function appears(folder: string, beginning: string, times: number): Promise<void> {
  return new Promise((resolve) => {
    const seen = new Set<string>();
    const watcher = watch(folder, (_, name) => {
      if (name?.startsWith(beginning)) seen.add(name);
      if (seen.size < times) return;
      watcher.close();
      resolve();
    });
  });
}

const moments: readonly (readonly [when: string, file: string, times: number])[] = [
  ['while its first rows are written', '.devicelist.csv.', 1],
  ['while further rows are written', '.devicelist.csv.', 3],
  ['while it registers', '.deviceregistry.csv.', 2],
];

for (const [when, file, times] of moments) {
  test(`killed ${when}, it leaves whole rows, and the next run goes on`, async (t) => {
    const folder = await userFolder(t, {});
    const [list, registry] = [join(folder, 'devicelist.csv'), join(folder, 'deviceregistry.csv')];
    const appeared = appears(folder, file, times);
    const { child, ran } = start(folder, ['create', '1', '100000']);
    await appeared;
    child.kill('SIGKILL');
    assert.equal((await ran).signal, 'SIGKILL');

    const left = existsSync(list) ? readDeviceList(list).map(({ id }) => id) : [];
    assert.deepEqual(left, deviceIds('LTK', 5, 1, left.length));
    const known = existsSync(registry) ? readRegistry(registry) : [];
    assert.ok(known.length <= left.length, `${known.length} registered, ${left.length} listed`);

    const back = new RegistryFile(registry);
    const ids = deviceIds('LTK', 6, 200_000, 200_001);
    await createDevices({ listPath: list, registry: back, ids, algorithm: 'ES256' });
    await registerDevices(readDeviceList(list), back);
    assert.deepEqual(await verifyDevices(list, back), { devices: left.length + 2, problems: [] });
    assert.deepEqual(readdirSync(folder).sort(), ['devicelist.csv', 'deviceregistry.csv']);
  });
}

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} in mid-run: what was created is kept on both sides, and said`, async (t) => {
    const folder = await userFolder(t, {});
    const appeared = appears(folder, '.deviceregistry.csv.', 1);
    const { child, ran } = start(folder, ['create', '1', '100000']);
    await appeared;
    child.kill(signal);
    const { code, stderr } = await ran;
    const count = readDeviceList(join(folder, 'devicelist.csv')).length;
    assert.equal(code, expected);
    assert.match(
      stderr,
      new RegExp(
        `^katydid: interrupted; ${count} of 100000 devices were created: LTK00001\\.\\.\\w+\\n` +
          `katydid: what was created is kept; go on with katydid devices create ${count + 1} 100000, and the same flags\\n$`,
      ),
    );
    assert.equal(readRegistry(join(folder, 'deviceregistry.csv')).length, count);
    assert.deepEqual(readdirSync(folder).sort(), ['devicelist.csv', 'deviceregistry.csv']);
  });
}

test('of two programs at once that make the same devices one is refused', async (t) => {
  const folder = await userFolder(t, {});
  const programs = [start(folder, ['create', '1', '200']), start(folder, ['create', '1', '200'])];
  const ran = await Promise.all(programs.map((program) => program.ran));
  assert.deepEqual(ran.map(({ code }) => code).sort(), [0, 2]);
  assert.equal(readDeviceList(join(folder, 'devicelist.csv')).length, 200);
});
