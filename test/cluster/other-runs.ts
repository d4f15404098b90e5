// The autoscaler, and users on a volume.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../tools/run.ts';
import { helm, kubectl, Master, until } from './cluster.ts';
import { chart, file, noFailures, nothingLeft, place, step } from './steps.ts';

export async function autoscaling(): Promise<void> {
  const set = [
    'worker.autoscaling.enabled=true',
    'worker.autoscaling.minReplicas=1',
    'worker.autoscaling.maxReplicas=3',
  ];
  const busy = ['workers[0].name=busy', 'workers[0].users=busy.ts', ...set];
  await step('1 worker under load becomes 3 by the autoscaler, which have users', async () => {
    await helm(
      'install',
      'load',
      ...chart,
      ...file('busy.ts', 'users/busy.ts'),
      ...busy.flatMap((value) => ['--set', value]),
    );
    const master = await Master.find('load-katydid-busy-web');
    await master.workers(1);
    await master.swarm(6);
    await until(
      '3 workers',
      () => master.stats(),
      ({ workers }) => workers.length === 3,
      180,
    );
    await master.balanced(6, 3);
    return noFailures(await master.stop());
  });
  await helm('uninstall', 'load', '--wait', '--timeout', '90s');
  await nothingLeft();
}

export async function claim(folder: string): Promise<void> {
  await step('users on a volume', async () => {
    await mkdir(join(folder, 'nightly'), { recursive: true });
    await run('cp', [place('users/site.ts'), join(folder, 'nightly', 'site.ts')]);
    const volume = join(folder, 'volume.json');
    const size = { storage: '1Mi' };
    const spec = { accessModes: ['ReadOnlyMany'], storageClassName: 'own' };
    const items = [
      { kind: 'PersistentVolume', spec: { ...spec, capacity: size, hostPath: { path: folder } } },
      { kind: 'PersistentVolumeClaim', spec: { ...spec, resources: { requests: size } } },
    ].map((item) => ({ apiVersion: 'v1', ...item, metadata: { name: 'users' } }));
    await writeFile(volume, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await kubectl('apply', '-f', volume);
    const set = ['users.source=pvc', 'users.pvc.existingClaim=users', 'users.pvc.subPath=nightly'];
    await helm('install', 'load', ...chart, ...set.flatMap((value) => ['--set', value]));
    return /\d+ requests, .*/.exec(await helm('test', 'load', '--logs', '--timeout', '120s'))?.[0];
  });
  await helm('uninstall', 'load', '--wait', '--timeout', '90s');
  await kubectl('delete', 'pvc,pv', 'users');
  await nothingLeft();
}
