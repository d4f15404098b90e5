// Devices with their keys, each on one pod.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../tools/katydid.ts';
import { run } from '../tools/run.ts';
import { helm, kubectl, Master, requestsByName, type Stats, until } from './cluster.ts';
import { chart, file, noFailures, nothingLeft, step } from './steps.ts';

export async function devices(): Promise<void> {
  await step('30 devices from a Secret on 3 pods: no two have one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'katydid-devices-'));
    const ids = Array.from({ length: 30 }, (_, at) => `device-${at}`);
    await writeFile(join(folder, 'devicelist.csv'), ['device', ...ids].join('\n'));
    await kubectl('create', 'secret', 'generic', 'devices', `--from-file=${folder}/devicelist.csv`);
    const own = ['workers[0].name=iot', 'workers[0].users=devices.ts', 'workers[0].replicas=3'];
    own.push('workers[0].shard.enabled=true', 'workers[0].devices.existingSecret=devices');
    await helm(
      'install',
      'load',
      ...chart,
      ...file('devices.ts', 'users/devices.ts'),
      ...own.flatMap((set) => ['--set', set]),
    );
    const master = await Master.find('load-katydid-iot-web');
    await master.workers(3);
    await master.swarm(30);
    await until(
      'requests of all devices',
      () => master.stats(),
      (now) => now.stats.length === 31,
    );
    noFailures(await master.stop());
    const all: string[] = [];
    for (const at of [0, 1, 2]) all.push(...(await requestsByName(`load-katydid-iot-${at}`)).keys());
    assert.deepEqual(all.sort(), [...ids].sort());
    const mode = await kubectl(
      'exec',
      'load-katydid-iot-0',
      '--',
      'stat',
      '-Lc',
      '%a %g',
      '/var/run/secrets/devices/devicelist.csv',
    );
    assert.equal(mode.trim(), '440 1000');
    return `${all.length} devices, files with mode and group ${mode.trim()}`;
  });
  await step('uninstall, nothing left', async () => {
    await helm('uninstall', 'load', '--wait', '--timeout', '90s');
    await kubectl('delete', 'secret', 'devices');
    await nothingLeft();
    return undefined;
  });
}

export async function mqtt(): Promise<void> {
  await step('12 devices on 3 pods log in at an MQTT broker with their own keys', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'katydid-devices-'));
    const katydid = ['--import', import.meta.resolve('tsx'), join(projectFolder, 'src', 'cli.ts')];
    await run(process.execPath, [...katydid, 'devices', 'create', '1', '12'], { cwd: folder });
    await kubectl('create', 'secret', 'generic', 'devices', `--from-file=${folder}/devicelist.csv`);
    await kubectl('create', 'secret', 'generic', 'registry', `--from-file=${folder}/deviceregistry.csv`);
    await rm(folder, { recursive: true });
    const own = ['name=iot', 'users=iot.ts', 'replicas=3', 'target=echo', 'shard.enabled=true'];
    const sets = [...own, 'devices.existingSecret=devices'].map((set) => `workers[0].${set}`);
    sets.push('users.source=image', 'targets.echo.existingSecret=registry');
    await helm('install', 'load', ...chart, ...sets.flatMap((set) => ['--set', set]));
    const master = await Master.find('load-katydid-iot-web');
    await master.workers(3);
    await master.swarm(12);
    const heard = (now: Stats): number => now.stats.find(({ name }) => name === 'receive')?.num_requests ?? 0;
    await until(
      '100 echoes',
      () => master.stats(),
      (now) => heard(now) >= 100,
    );
    const stats = await master.stop();
    noFailures(stats);
    const ranges: string[] = [];
    for (const at of [0, 1, 2]) {
      const [range = 'none'] =
        /LTK\d+\.\.LTK\d+ \(4 of 12\)/.exec(await kubectl('logs', `load-katydid-iot-${at}`)) ?? [];
      ranges.push(range.slice(0, 18));
    }
    assert.deepEqual(ranges, ['LTK00001..LTK00004', 'LTK00005..LTK00008', 'LTK00009..LTK00012']);
    return `${heard(stats)} echoes, none lost; ${ranges.join(', ')}`;
  });
  await helm('uninstall', 'load', '--wait', '--timeout', '90s');
  await kubectl('delete', 'secret', 'devices', 'registry');
  await nothingLeft();
}
