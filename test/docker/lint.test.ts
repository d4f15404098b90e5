import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectFolder } from '../tools/katydid.ts';
import { findLinters } from '../tools/linters.ts';
import { need } from '../tools/need.ts';
import { run, tryRun } from '../tools/run.ts';

const dockerfiles = ['docker/Dockerfile', 'docker/targets/go/Dockerfile', 'docker/targets/python/Dockerfile'];
const scripts = [
  'docker/build',
  'docker/entrypoint',
  'docker/healthcheck',
  'test/docker/run',
  'test/docker/base-images',
  'test/docker/compose',
  ...['run', 'build', 'node', 'init'].map((name) => `test/cluster/${name}`),
];

test('hadolint has nothing to say of any Dockerfile', async (t) => {
  const linters = await need(t, findLinters);
  if (linters === undefined) return;
  const found = await tryRun(join(linters, 'hadolint'), dockerfiles, { cwd: projectFolder });
  assert.deepEqual(found, { code: 0, output: '' });
});

test('yamllint has nothing to say of the compose file and the pipeline', async (t) => {
  const linters = await need(t, findLinters);
  if (linters === undefined) return;
  const rules =
    '{extends: default, rules: {line-length: {max: 140}, document-start: disable, truthy: {check-keys: false}}}';
  const files = ['docker/docker-compose.yml', '.github/workflows/images.yml'];
  const found = await tryRun(join(linters, 'python'), ['-m', 'yamllint', '-d', rules, ...files], {
    cwd: projectFolder,
  });
  assert.deepEqual(found, { code: 0, output: '' });
});

test('each Dockerfile is understood by builders without BuildKit', async () => {
  for (const file of dockerfiles) {
    const text = await readFile(join(projectFolder, file), 'utf8');
    assert.doesNotMatch(text, /--link|<<-?["']?[A-Z]|^# *syntax=|--mount/m, file);
  }
});

for (const script of scripts) {
  test(`${script} is a shell script without errors of syntax`, async () => {
    const path = join(projectFolder, script);
    const [first = ''] = (await readFile(path, 'utf8')).split('\n');
    await run(first.includes('bash') ? 'bash' : 'sh', ['-n', path]);
  });
}
