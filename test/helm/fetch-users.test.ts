import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { userFolder } from '../swarm/user-folder.ts';
import { run } from '../tools/run.ts';
import { chartFolder } from './chart.ts';

const git = (folder: string, ...args: readonly string[]): Promise<string> =>
  run('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], { cwd: folder });

/** A repository whose file had one text at the tag `v1` and has another now; with its first commit. */
async function repository(t: TestContext): Promise<{ readonly folder: string; readonly first: string }> {
  const folder = await userFolder(t, { 'load/site.ts': 'first' });
  await git(folder, 'init', '-q', '-b', 'main');
  await git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  await git(folder, 'add', '.');
  await git(folder, 'commit', '-qm', 'first');
  await git(folder, 'tag', 'v1');
  const first = (await git(folder, 'rev-parse', 'HEAD')).trim();
  await run('sh', ['-c', 'printf second >load/site.ts'], { cwd: folder });
  await git(folder, 'commit', '-qam', 'second');
  return { folder, first };
}

suite('users from git', () => {
  test('a tag, a commit and a branch each give the files as they were there', async (t) => {
    const { folder, first } = await repository(t);
    const target = await userFolder(t, {});
    for (const [ref, text] of [
      ['v1', 'first'],
      [first, 'first'],
      ['main', 'second'],
    ] as const) {
      const users = join(target, ref);
      const variables = [`GIT_URL=file://${folder}`, `GIT_REF=${ref}`, `GIT_FOLDER=${users}`];
      const script = await readFile(join(chartFolder, 'files', 'fetch-users.sh'), 'utf8');
      const output = await run('env', [...variables, 'sh', '-c', script]);
      assert.equal(await readFile(join(users, 'load', 'site.ts'), 'utf8'), text);
      if (ref !== 'main') assert.match(output, new RegExp(`users at ${first}`));
    }
  });

  test('a place that is not there ends the pod', async (t) => {
    const { folder } = await repository(t);
    const users = await userFolder(t, {});
    const script = await readFile(join(chartFolder, 'files', 'fetch-users.sh'), 'utf8');
    const variables = [`GIT_URL=file://${folder}`, 'GIT_REF=none', `GIT_FOLDER=${users}`];
    await assert.rejects(run('env', [...variables, 'sh', '-c', script]), /none/);
  });
});
