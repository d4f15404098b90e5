import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Image, planOf } from '../../docker/start/plan.ts';
import { probeOf } from '../../docker/start/probe.ts';

/** An image with these files mounted, by path below its folders `home`, `mnt` and `lotest`. */
function imageWith(
  t: TestContext,
  files: readonly string[],
  locust?: string,
  configured?: string,
): Image & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'katydid-image-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folders = ['home', 'mnt', 'lotest'].map((name) => join(root, name));
  for (const folder of folders) mkdirSync(folder);
  for (const file of files) writeFileSync(join(root, file), '');
  const program = (name: string): string | undefined => (name === 'sh' ? '/bin/sh' : undefined);
  return {
    root,
    node: 'node',
    cli: 'cli.js',
    locust,
    example: '/app/users/website.ts',
    folders,
    program,
    configured: () => configured,
  };
}

const locust = '/opt/python-locust/bin/locust';

test('a command of katydid is katydid', (t) => {
  const argv = ['target', 'website', '--address', '0.0.0.0'];
  assert.deepEqual(planOf(argv, {}, imageWith(t, [])).argv, ['cli.js', ...argv]);
});

test('any other program on PATH is that program', (t) => {
  const { program, argv } = planOf(['sh', '-c', 'id'], {}, imageWith(t, []));
  assert.deepEqual([program, ...argv], ['/bin/sh', '-c', 'id']);
});

test('without anything it is the help', (t) => {
  assert.deepEqual(planOf([], {}, imageWith(t, [])).argv, ['cli.js', '--help']);
});

test('TARGET_HOST and LOCUST_MASTER are told in the variables of Locust, which win', (t) => {
  const image = imageWith(t, []);
  const own = { TARGET_HOST: 'http://site:8080', LOCUST_MASTER: 'master:5000', LOCUST_MODE: 'worker' };
  const { env } = planOf([], own, image);
  assert.equal(env.LOCUST_HOST, 'http://site:8080');
  assert.equal(env.LOCUST_MASTER_NODE_HOST, 'master');
  assert.equal(env.LOCUST_MASTER_NODE_PORT, '5000');
  assert.equal(planOf([], { ...own, LOCUST_HOST: 'http://other' }, image).env.LOCUST_HOST, 'http://other');
  const without = planOf([], { LOCUST_MASTER: 'master', LOCUST_MODE: 'worker' }, image).env;
  assert.equal(without.LOCUST_MASTER_NODE_HOST, 'master');
  assert.equal(without.LOCUST_MASTER_NODE_PORT, undefined);
});

test('LOCUST_MODE=worker is a worker, with the user file that is mounted', (t) => {
  const image = imageWith(t, ['mnt/users.ts']);
  const { argv, env } = planOf(['--processes', '2'], { LOCUST_MODE: 'worker' }, image);
  assert.deepEqual(argv, ['cli.js', '--worker', '--processes', '2']);
  assert.equal(env.LOCUST_LOCUSTFILE, join(image.root, 'mnt/users.ts'));
});

test('a mode without any user file runs the example, and says so', (t) => {
  const plan = planOf([], { LOCUST_MODE: 'worker' }, imageWith(t, []));
  assert.equal(plan.env.LOCUST_LOCUSTFILE, '/app/users/website.ts');
  assert.match(plan.note ?? '', /no user file is in \/home\/locust, \/mnt\/locust, \/lotest\/src/);
});

test('arguments alone never run the example', (t) => {
  const plan = planOf(['--worker'], {}, imageWith(t, []));
  assert.equal(plan.env.LOCUST_LOCUSTFILE, undefined);
});

test('LOCUST_MODE=standalone is a run without a master, or a whole swarm where there is a Locust', (t) => {
  const files = ['home/locustfile.ts'];
  const mode = { LOCUST_MODE: 'standalone' };
  assert.deepEqual(planOf(['-t', '5s'], mode, imageWith(t, files)).argv, ['cli.js', '--headless', '-t', '5s']);
  const image = imageWith(t, files, locust);
  const up = ['cli.js', 'up', '--locust', locust, '--web-host', '0.0.0.0'];
  assert.deepEqual(planOf([], mode, image).argv, up);
  assert.deepEqual(planOf(['--headless'], mode, image).argv, ['cli.js', '--headless']);
});

test('a mode that there is not is refused', (t) => {
  assert.throws(
    () => planOf([], { LOCUST_MODE: 'slave' }, imageWith(t, [])),
    /standalone, master, worker are possible/,
  );
});

test('an image without Locust refuses to be a master', (t) => {
  assert.throws(() => planOf(['--master'], {}, imageWith(t, [])), /take the image katydid-locust/);
});

for (const [name, given] of [
  ['-f main.py', ['-f', 'main.py']],
  ['-fmain.py', ['-fmain.py']],
  ['--locustfile=main.py', ['--locustfile=main.py']],
  ['--locustfile main.py', ['--locustfile', 'main.py']],
  ['a folder that is not there', ['-f', '/elsewhere/main.py']],
] as const) {
  test(`${name} is its TypeScript twin in a mounted folder`, (t) => {
    const image = imageWith(t, ['mnt/main.ts'], locust);
    const worker = planOf([...given, '--worker'], {}, image);
    assert.deepEqual(worker.argv, ['cli.js', '--worker']);
    assert.equal(worker.env.LOCUST_LOCUSTFILE, join(image.root, 'mnt/main.ts'));
    const master = planOf(['--master', ...given], {}, image);
    assert.deepEqual([master.program, ...master.argv], [locust, '--master']);
    assert.deepEqual(master.stubOf, [join(image.root, 'mnt/main.ts')]);
  });
}

test('LOCUST_LOCUSTFILE is mapped as -f is, and hidden from the master, which gets a stub', (t) => {
  const image = imageWith(t, ['mnt/main.ts'], locust);
  const env = { LOCUST_LOCUSTFILE: join(image.root, 'mnt/main.py') };
  assert.equal(planOf(['--worker'], env, image).env.LOCUST_LOCUSTFILE, join(image.root, 'mnt/main.ts'));
  const master = planOf(['--master'], env, image);
  assert.deepEqual(master.stubOf, [join(image.root, 'mnt/main.ts')]);
  assert.equal(master.env.LOCUST_LOCUSTFILE, undefined);
});

test('a file that a configuration file names is not overruled by others that lie there', (t) => {
  const image = imageWith(t, ['home/locustfile.ts', 'home/mine.ts'], undefined, 'mine.ts');
  assert.equal(planOf(['--worker'], {}, image).env.LOCUST_LOCUSTFILE, join(image.root, 'home/mine.ts'));
});

test('a file that is Python only is left to the master as it is', (t) => {
  const image = imageWith(t, ['mnt/main.py'], locust);
  const file = join(image.root, 'mnt/main.py');
  const plan = planOf(['--master', '-f', file], {}, image);
  assert.deepEqual(plan.argv, ['-f', file, '--master']);
  assert.equal(plan.stubOf, undefined);
});

test('the file of the usual name is taken before others, and all files of a folder where none has it', (t) => {
  const image = imageWith(t, ['home/locustfile.mts', 'mnt/other.ts']);
  assert.equal(planOf(['--worker'], {}, image).env.LOCUST_LOCUSTFILE, join(image.root, 'home/locustfile.mts'));
  const two = imageWith(t, ['mnt/a.ts', 'mnt/b.ts', 'mnt/notes.txt']);
  const both = ['mnt/a.ts', 'mnt/b.ts'].map((file) => join(two.root, file)).join(',');
  assert.equal(planOf(['--worker'], {}, two).env.LOCUST_LOCUSTFILE, both);
});

test('what only workers understand is kept from the master', (t) => {
  const image = imageWith(t, ['home/locustfile.ts'], locust);
  const argv = ['--master', '--processes', '4', '--health-port=8081', '--tags', 'a', '--log-format', 'json'];
  const plan = planOf(argv, { LOCUST_PROCESSES: '4' }, image);
  assert.deepEqual(plan.argv, ['--master', '--tags', 'a']);
  assert.equal(plan.env.LOCUST_PROCESSES, undefined);
});

test('arguments win over the variables that say what to be', (t) => {
  const image = imageWith(t, ['home/locustfile.ts'], locust);
  assert.equal(planOf(['-L', 'DEBUG', '--worker'], { LOCUST_MODE: 'master' }, image).role, 'worker');
  assert.equal(planOf([], { LOCUST_MODE_WORKER: '1', LOCUST_MODE: 'master' }, image).role, 'worker');
  assert.equal(planOf([], { LOCUST_MODE_MASTER: 'true' }, image).role, 'master');
});

test('the health of a worker, a master and a target is asked where each of them answers', (t) => {
  const image = imageWith(t, ['home/locustfile.ts'], locust);
  const urlOf = (argv: readonly string[], env = {}): string | undefined => probeOf(planOf(argv, env, image)).url;
  assert.equal(urlOf(['--worker'], { KATYDID_HEALTH_PORT: '8080' }), 'http://127.0.0.1:8080/healthz');
  assert.equal(urlOf(['--worker', '--health-port=81']), 'http://127.0.0.1:81/healthz');
  assert.equal(urlOf(['--master']), 'http://127.0.0.1:8089/');
  assert.equal(urlOf(['--master', '-P', '80', '--web-base-path', '/load']), 'http://127.0.0.1:80/load/');
  assert.equal(urlOf(['--master', '--headless']), undefined);
  assert.equal(urlOf(['target', 'website', '-p', '81']), 'http://127.0.0.1:81/');
  assert.equal(urlOf(['target', 'classifier']), 'http://127.0.0.1:8000/healthz');
  assert.equal(urlOf(['doctor']), undefined);
});
