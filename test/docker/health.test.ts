// What a worker's container says of its health while its master comes, goes and comes again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../e2e/until.ts';
import { run, tryRun } from '../tools/run.ts';
import { builtImages, userFolder } from './images.ts';
import { hardened, Network } from './podman.ts';

const users = ['--volume', `${userFolder}:/mnt/locust:ro`];

test('the health of a worker in a container', { timeout: 240_000 }, async (t) => {
  const images = builtImages(t);
  if (images === undefined) return;
  const network = await Network.open(t);
  const flags = (mode: string): string[] => [...hardened, ...users, '--env', `LOCUST_MODE=${mode}`];
  const ofWorker = [...flags('worker'), '--env', 'LOCUST_MASTER=master', '--publish', '127.0.0.1::8080'];
  const worker = await network.start('worker', images.katydid, [], ofWorker);
  const url = `http://${await worker.address(8080)}`;
  const status = async (path: string): Promise<number> => (await fetch(url + path)).status;
  const ready = (): Promise<boolean> => status('/readyz').then((code) => code === 200);
  /** What the image's HEALTHCHECK makes of it, as the engine runs it. */
  const check = async (): Promise<number> => (await tryRun('podman', ['healthcheck', 'run', worker.name])).code;

  await t.test('before there is a master it is alive and healthy, and not ready', async () => {
    await until('it is alive', async () => (await status('/healthz')) === 200);
    assert.deepEqual([await status('/readyz'), await check()], [503, 0]);
  });

  const master = await network.start('master', images.katydidLocust, [], flags('master'));

  await t.test('it is ready as soon as a master knows it', async () => {
    await until('it is ready', ready, { limit: 30 });
    assert.deepEqual([await status('/healthz'), await check()], [200, 0]);
  });

  await t.test('when the master is killed it is alive and healthy, and not ready', async () => {
    await master.end('KILL');
    const begun = Date.now();
    await until('it is not ready', async () => (await status('/readyz')) === 503, { limit: 30 });
    t.diagnostic(`not ready ${((Date.now() - begun) / 1000).toFixed(1)} s after the master was killed`);
    assert.deepEqual([await status('/healthz'), await check()], [200, 0]);
  });

  await t.test('it is ready again when the master is there again, without having been started anew', async () => {
    await run('podman', ['start', master.name]);
    const begun = Date.now();
    await until('it is ready', ready, { limit: 40 });
    t.diagnostic(`ready ${((Date.now() - begun) / 1000).toFixed(1)} s after the master was started again`);
    assert.equal(await run('podman', ['inspect', '--format', '{{.RestartCount}}', worker.name]), '0\n');
  });

  await t.test('it is unhealthy when it answers nothing any more', async () => {
    const pids = await worker.exec('sh', '-c', 'grep -l "[c]li.js" /proc/[0-9]*/cmdline | cut -d/ -f3');
    await worker.exec('sh', '-c', `kill -STOP ${pids.trim().replaceAll('\n', ' ')}`);
    assert.notEqual(await check(), 0);
  });
});
