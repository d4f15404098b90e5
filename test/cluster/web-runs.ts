// A load test of a website, and what happens to it.
import assert from 'node:assert/strict';
import { helm, kubectl, Master, type Stats, until } from './cluster.ts';
import { chart, file, names, noFailures, nothingLeft, site, step } from './steps.ts';

export async function ownMaster(): Promise<void> {
  await step('install, all pods ready', async () => {
    await helm('install', 'load', ...chart, ...site);
    return undefined;
  });
  await step('helm test', async () => {
    const output = await helm('test', 'load', '--logs', '--timeout', '120s');
    return /\d+ requests, .*/.exec(output)?.[0];
  });
  const master = await Master.find('load-katydid-site-web');
  await step('20 users through the Service on 2 workers', async () => {
    await master.workers(2);
    await master.swarm(20);
    await master.balanced(20, 2);
    return undefined;
  });
  await step('2 workers become 4 in mid-run, 20 users balanced', async () => {
    await helm('upgrade', 'load', ...chart, ...site, '--set', 'worker.replicas=4');
    await master.balanced(20, 4);
    return undefined;
  });
  await step('a pod deleted in mid-run, its successor has its share of 20 users', async () => {
    const ofPod = ({ workers }: Stats): string | undefined => workers.find(({ id }) => id.includes('-site-1_'))?.id;
    const before = ofPod(await master.stats());
    await kubectl('delete', 'pod', 'load-katydid-site-1');
    await until(
      'another worker',
      () => master.stats(),
      (now) => ![undefined, before].includes(ofPod(now)),
    );
    await master.balanced(20, 4);
    return undefined;
  });
  await step('stop', async () => noFailures(await master.stop()));
  await step('rollout of new user files (master and workers anew)', async () => {
    await helm('upgrade', 'load', ...chart, ...file('site.ts', 'users/new-site.ts'));
    await master.workers(2);
    await master.swarm(4);
    await until(
      'requests',
      () => master.stats(),
      (now) => names(now).includes('second'),
    );
    const stats = await master.stop();
    assert.ok(!names(stats).includes('first'));
    return noFailures(stats);
  });
  await step('upgrade to 3 workers, a PodDisruptionBudget fewer, a network policy more', async () => {
    const more = ['worker.replicas=3', 'worker.pdb.enabled=false', 'networkPolicy.enabled=true'];
    await helm(
      'upgrade',
      'load',
      ...chart,
      ...file('site.ts', 'users/new-site.ts'),
      ...more.flatMap((set) => ['--set', set]),
    );
    await master.workers(3);
    return undefined;
  });
  await step('rollback to the first revision', async () => {
    await helm('rollback', 'load', '1', '--wait', '--timeout', '150s');
    await master.workers(2);
    await master.swarm(4);
    await until(
      'requests',
      () => master.stats(),
      (now) => names(now).includes('first'),
    );
    return noFailures(await master.stop());
  });
}

export async function externalMaster(): Promise<void> {
  await helm('upgrade', '--install', 'load', ...chart, ...site);
  await step('a second release with the first one as its external master; helm test of it', async () => {
    const external = ['master.enabled=false', 'master.external.host=load-katydid-site-master'];
    await helm('install', 'more', ...chart, ...site, ...external.flatMap((set) => ['--set', set]));
    const output = await helm('test', 'more', '--logs', '--timeout', '120s');
    assert.equal(new Set(output.match(/http\S+: ready/g)).size, 2, output);
    const master = await Master.find('load-katydid-site-web');
    await master.workers(4);
    await master.swarm(8);
    await master.balanced(8, 4);
    return noFailures(await master.stop());
  });
  const told =
    'jsonpath={range .items[*]}{.status.containerStatuses[0].ready} {.status.containerStatuses[0].restartCount} {end}';
  const workers = (): Promise<string> => kubectl('get', 'pods', '-l', 'katydid/workers=site', '-o', told);
  const service = 'load-katydid-site-web';
  await step('the master killed: its successor has all workers, none of which was started anew', async () => {
    const master = ['pod', '-l', 'katydid/master=site'];
    await kubectl('delete', ...master, '--grace-period=0', '--force');
    await kubectl('wait', '--for=condition=Ready', ...master, '--timeout=90s');
    await (await Master.find(service)).workers(4);
    await until('ready workers', workers, (found) => found === 'true 0 '.repeat(4));
    return undefined;
  });
  await step('the master ended in order: its workers quit, are unready, and wait for the next one', async () => {
    await kubectl('scale', 'deployment', 'load-katydid-site-master', '--replicas=0');
    await until('unready workers', workers, (found) => found === 'false 1 '.repeat(4));
    await kubectl('scale', 'deployment', 'load-katydid-site-master', '--replicas=1');
    await (await Master.find(service)).workers(4);
    await until('ready workers', workers, (found) => found === 'true 1 '.repeat(4));
    return undefined;
  });
  await step('uninstall, nothing left', async () => {
    for (const release of ['more', 'load']) await helm('uninstall', release, '--wait', '--timeout', '90s');
    await nothingLeft();
    return undefined;
  });
}
