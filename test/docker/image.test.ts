// The image of katydid as a cluster runs it: read-only, without any capability, driven by an unmodified master.
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../e2e/until.ts';
import { type Row, readyOf, totalOf, WebApi } from '../e2e/web-api.ts';
import { run, tryRun } from '../tools/run.ts';
import { builtImages, type Images, userFolder } from './images.ts';
import { hardened, logged, Network, type Started } from './podman.ts';

const userFile = ['--volume', `${userFolder}:/mnt/locust:ro`];

interface Scene {
  readonly network: Network;
  readonly website: Started;
  readonly web: WebApi;
}

/** A website and an unmodified master, whose stub the image has printed. */
async function scene(t: TestContext, { katydid, locust }: Images): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'katydid-stub-'));
  t.after(() => rm(folder, { recursive: true }));
  const stub = await run('podman', [
    'run',
    '--rm',
    ...hardened,
    ...userFile,
    katydid,
    'locustfile',
    '-f',
    '/mnt/locust',
  ]);
  // Its user has another number.
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'locustfile.py'), stub.slice(stub.indexOf('"""')));
  const network = await Network.open(t);
  const website = await network.start('website', katydid, ['target', 'website', '--address', '0.0.0.0'], hardened);
  const flags = ['--publish', '127.0.0.1::8089', '--volume', `${folder}:/mnt/locust:ro`];
  const master = await network.start('master', locust, ['-f', '/mnt/locust/locustfile.py', '--master'], flags);
  const web = new WebApi(`http://${await master.address(8089)}`, '2.47.0');
  await until('the master answers', () => web.statistics());
  await logged(website, /listens on/);
  return { network, website, web };
}

/** Requests that the site has logged, by what the master calls them. */
async function served(website: Started): Promise<Readonly<Record<string, number>>> {
  const lines = (await website.logs()).split('\n');
  const count = (text: string): number => lines.filter((line) => line.includes(text)).length;
  return { '/login': count('Login Request'), '/profile': count('Profile Request') };
}

const requests = (rows: readonly Row[]): Readonly<Record<string, number>> =>
  Object.fromEntries(rows.flatMap(({ name, num_requests }) => (name === 'Aggregated' ? [] : [[name, num_requests]])));

test('a hardened worker does what a master in another container orders', { timeout: 240_000 }, async (t) => {
  const images = builtImages(t);
  if (images === undefined) return;
  const { network, website, web } = await scene(t, images);
  const flags = [...hardened, ...userFile, '--env', 'LOCUST_MODE=worker', '--env', 'LOCUST_MASTER=master'];
  const worker = await network.start('worker', images.katydid, ['--stop-timeout', '5'], flags);
  await until('the worker is ready', async () => readyOf(await web.statistics()) === 1);

  await t.test(
    'as user 1000, without any capability, unable to gain one, and with nothing it can write to',
    async () => {
      const status = await worker.exec('cat', '/proc/self/status');
      assert.match(status, /^Uid:\s+1000\s/m);
      assert.match(status, /^CapEff:\s+0+$/m);
      assert.match(status, /^NoNewPrivs:\s+1$/m);
      const write = await tryRun('podman', ['exec', worker.name, 'touch', '/home/locust/x']);
      assert.match(write.output, /Read-only file system/);
    },
  );

  await t.test('its health check is well, and so is that of a target', async () => {
    await run('podman', ['healthcheck', 'run', worker.name]);
    await run('podman', ['healthcheck', 'run', website.name]);
  });

  await t.test('what an orphan leaves is reaped', async () => {
    await worker.exec('sh', '-c', 'sleep 0.2 & sleep 0.3 & exit 0');
    await until('no orphan is left, not even as a zombie', async () => {
      const processes = await worker.exec('sh', '-c', 'cat /proc/[0-9]*/stat 2>/dev/null || true');
      return !/\(sleep\)| Z /.test(processes);
    });
  });

  await t.test('SIGTERM ends it with code 0, and with every request told to the master', async () => {
    await web.swarm(10, 10);
    await until('requests are made', async () => totalOf(await web.statistics()) > 50);
    assert.equal(await worker.end('TERM'), 0);
    const all = await served(website);
    assert.equal(all['/login'], 10);
    await until(
      'the master has the counts of the site',
      async () => {
        const counted = requests((await web.statistics()).stats);
        return counted['/login'] === all['/login'] && counted['/profile'] === all['/profile'];
      },
      { limit: 5, every: 0.3, show: () => all },
    );
  });
});

test('a run without a master needs nothing but TARGET_HOST', { timeout: 120_000 }, async (t) => {
  const images = builtImages(t);
  if (images === undefined) return;
  const network = await Network.open(t);
  const website = await network.start(
    'website',
    images.katydid,
    ['target', 'website', '--address', '0.0.0.0'],
    hardened,
  );
  await logged(website, /listens on/);
  const mode = ['--env', 'LOCUST_MODE=standalone', '--env', 'TARGET_HOST=http://website:8080'];
  const alone = await network.start(
    'alone',
    images.katydid,
    ['-u', '3', '-r', '3', '-t', '3s'],
    [...hardened, ...mode],
  );
  assert.equal(await alone.ended(), 0);
  const log = await alone.logs();
  assert.match(log, /no user file is in .*running \/app\/users\/website\.ts/);
  assert.match(log, /POST +\/login +3 +0\(0\.00%\)/);
  assert.equal((await served(website))['/login'], 3);
});

test('the images are small', async (t) => {
  const images = builtImages(t);
  if (images === undefined) return;
  const megabytes = async (image: string): Promise<number> =>
    Number(await run('podman', ['image', 'inspect', image, '--format', '{{.Size}}'])) / 1e6;
  const [worker, both] = [await megabytes(images.katydid), await megabytes(images.katydidLocust)];
  t.diagnostic(`katydid: ${worker.toFixed(0)} MB, katydid-locust: ${both.toFixed(0)} MB`);
  assert.ok(worker < 250, `katydid has ${worker} MB`);
});
