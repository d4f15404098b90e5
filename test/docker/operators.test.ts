// One image for master and workers, with the very arguments that Locust's operators and the DeliveryHero chart give.
import assert from 'node:assert/strict';
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../e2e/until.ts';
import { readyOf, totalOf, WebApi } from '../e2e/web-api.ts';
import { builtImages, userFolder } from './images.ts';
import { hardened, logged, Network, type Started } from './podman.ts';

const timeout = 240_000;

/** A folder to be mounted as a ConfigMap is, with the user file under this name. */
async function folderWith(t: TestContext, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'katydid-users-'));
  t.after(() => rm(folder, { recursive: true }));
  await chmod(folder, 0o755);
  await copyFile(join(userFolder, 'locustfile.ts'), join(folder, name));
  return folder;
}

async function website(network: Network, image: string): Promise<Started> {
  const site = await network.start('website', image, ['target', 'website', '--address', '0.0.0.0'], hardened);
  await logged(site, /listens on/);
  return site;
}

const logins = async (site: Started): Promise<number> => (await site.logs()).split('Login Request').length - 1;

/** What the last table of a master says of a name: requests and failures. */
function summed(log: string, name: string): readonly number[] {
  const [, requests, failures] = [...log.matchAll(new RegExp(`${name} +(\\d+) +(\\d+)\\(`, 'g'))].at(-1) ?? [];
  return [Number(requests), Number(failures)];
}

test('the operator locust-k8s-operator: BuildMasterCommand and BuildWorkerCommand', { timeout }, async (t) => {
  const images = builtImages(t);
  if (images === undefined) return;
  const network = await Network.open(t);
  const site = await website(network, images.katydid);
  const flags = [...hardened, '--volume', `${await folderWith(t, 'demo_test.ts')}:/lotest/src`];
  const seed =
    '--locustfile /lotest/src/demo_test.py --host http://website:8080 --users 5 --spawn-rate 5 --run-time 4s';
  const forMaster = ['--master', '--master-port=5557', '--expect-workers=2', '--autostart', '--autoquit', '1'];
  const more = ['--enable-rebalancing', '--only-summary'];
  const master = await network.start(
    'demo-master',
    images.katydidLocust,
    [...seed.split(' '), ...forMaster, ...more],
    flags,
  );
  const forWorker = [...seed.split(' '), '--worker', '--master-port=5557', '--master-host=demo-master'];
  const workers = [
    await network.start('demo-worker-0', images.katydidLocust, forWorker, flags),
    await network.start('demo-worker-1', images.katydidLocust, ['--otel', ...forWorker], flags),
  ];
  assert.equal(await master.ended(), 0);
  for (const worker of workers) assert.equal(await worker.ended(), 0);
  const log = await master.logs();
  assert.deepEqual(summed(log, '/login'), [5, 0]);
  assert.equal(await logins(site), 5);
});

test("Locust's own operator: the same arguments for both, after --master or --worker", { timeout }, async (t) => {
  const images = builtImages(t);
  if (images === undefined) return;
  const network = await Network.open(t);
  const site = await website(network, images.katydid);
  const flags = [...hardened, '--volume', `${await folderWith(t, 'locustfile.ts')}:/home/locust:ro`];
  const both = '--host http://website:8080 -u 5 -r 5 -t 4s --autostart --autoquit 1 --only-summary --log-format json';
  const args = both.split(' ');
  const master = await network.start('demo-master', images.katydidLocust, ['--master', ...args], flags);
  const forWorker = ['--worker', '--master-host', 'demo-master', ...args];
  const worker = await network.start('demo-worker', images.katydidLocust, forWorker, flags);
  assert.equal(await master.ended(), 0);
  assert.equal(await worker.ended(), 0);
  const log = await master.logs();
  assert.deepEqual(summed(log, '/login'), [5, 0]);
  assert.equal(await logins(site), 5);
});

/** As the chart's ConfigMap has it, with its defaults. */
const chartEntrypoint = `#!/bin/sh

set -eu

if [ -f "/packages/requirements.txt" ]; then
    echo "Installing pip packages from requirements file: /packages/requirements.txt"
    pip install --no-cache-dir -r "/packages/requirements.txt"
else
    echo "WARNING: Requirements file not found: /packages/requirements.txt"
fi

exec /opt/venv/bin/locust $@
`;

test('the DeliveryHero chart: its entrypoint, its variables, and flags with a blank inside', { timeout }, async (t) => {
  const images = builtImages(t);
  if (images === undefined) return;
  const network = await Network.open(t);
  const site = await website(network, images.katydid);
  const config = await folderWith(t, 'unused.ts');
  await writeFile(join(config, 'docker-entrypoint.sh'), chartEntrypoint);
  const users = await folderWith(t, 'main.ts');
  const env = (given: Readonly<Record<string, string>>): string[] =>
    Object.entries(given).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const common = { LOCUST_HOST: 'http://website:8080', LOCUST_LOCUSTFILE: '/mnt/locust/main.py' };
  const mounts = ['--volume', `${users}:/mnt/locust`, '--volume', `${config}:/config`];
  const flags = [...hardened, '--entrypoint', 'sh', ...mounts];
  const script = '/config/docker-entrypoint.sh';
  const published = ['--publish', '127.0.0.1::8090', ...env({ ...common, LOCUST_LOGLEVEL: 'INFO' })];
  const forMaster = [script, '--master', '--web-port 8090'];
  const master = await network.start('example', images.katydidLocust, forMaster, [...flags, ...published]);
  const master0 = { LOCUST_MASTER_NODE_HOST: 'example', LOCUST_MASTER_NODE_PORT: '5557' };
  const own = env({ ...common, ...master0, LOCUST_LOGLEVEL: 'INFO' });
  const worker = await network.start('worker', images.katydidLocust, [script, '--worker'], [...flags, ...own]);
  // The image without Python does as well for the chart's workers.
  const second = await network.start('second', images.katydid, [script, '--worker'], [...flags, ...own]);
  const web = new WebApi(`http://${await master.address(8090)}`, '2.47.0');
  await until('the workers are ready', async () => readyOf(await web.statistics()) === 2, { limit: 40 });
  await web.swarm(5, 5);
  await until('requests are made', async () => totalOf(await web.statistics()) > 30);
  for (const container of [worker, second]) assert.equal(await container.end('TERM'), 0);
  assert.equal(await master.end('TERM'), 0);
  assert.ok((await logins(site)) >= 5);
});
