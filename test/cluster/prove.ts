// Installs the chart on the cluster that this runs in, and does to it what happens to a load test: see `run`.
import { join } from 'node:path';
import { run } from '../tools/run.ts';
import { kubectl, namespace } from './cluster.ts';
import { devices, mqtt } from './device-runs.ts';
import { repository } from './git-runs.ts';
import { autoscaling, claim } from './other-runs.ts';
import { figures } from './steps.ts';
import { externalMaster, ownMaster } from './web-runs.ts';

const parts: Readonly<Record<string, () => Promise<void>>> = {
  ownMaster,
  externalMaster,
  devices,
  mqtt,
  autoscaling,
  claim: async () => claim(join(process.env.KATYDID_CLUSTER ?? '/var/tmp/katydid-cluster', 'volume')),
  repository,
};

await run('sh', ['-c', `kubectl get namespace ${namespace} >/dev/null 2>&1 || kubectl create namespace ${namespace}`]);
await kubectl('label', '--overwrite', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted');
const wanted = process.argv.slice(2);
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) await part();
}
process.stdout.write(`${figures.length} steps\n`);
