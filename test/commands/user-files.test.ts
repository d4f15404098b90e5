import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { userFiles } from '../../src/commands/user-files.ts';
import { userFolder } from '../swarm/user-folder.ts';

/** What `-f` means in a folder with these files, as paths in it. */
async function meant(t: TestContext, names: readonly string[], given?: string): Promise<string[]> {
  const folder = await userFolder(t, Object.fromEntries(names.map((name) => [name, ''])));
  const before = process.cwd();
  process.chdir(folder);
  try {
    return userFiles(given);
  } finally {
    process.chdir(before);
  }
}

test('a file is itself, whether it is there or not', async (t) => {
  assert.deepEqual(await meant(t, ['a.ts'], 'a.ts'), ['a.ts']);
  assert.deepEqual(await meant(t, [], 'gone.ts'), ['gone.ts']);
});

test('several files are separated by commas', async (t) => {
  assert.deepEqual(await meant(t, ['a.ts', 'b.mjs'], 'a.ts, b.mjs'), ['a.ts', 'b.mjs']);
});

test('a folder is its user files, also in folders, in a fixed order', async (t) => {
  const names = ['z.ts', 'b.mts', 'a/x.js', 'a/y.mjs', 'readme.md', 'c.d.ts', 'data.json'];
  assert.deepEqual(await meant(t, names, '.'), ['a/x.js', 'a/y.mjs', 'b.mts', 'z.ts']);
});

test('what begins with a dot or an underscore, and packages, are no user files', async (t) => {
  const names = ['a.ts', '_lib.ts', '.hidden.ts', '_lib/b.ts', 'node_modules/p/index.js'];
  assert.deepEqual(await meant(t, names, '.'), ['a.ts']);
});

test('a folder without user files is refused', async (t) => {
  await assert.rejects(meant(t, ['users/readme.md'], 'users'), {
    name: 'UsageError',
    message: 'the folder users holds no user file (.ts .mts .js .mjs)',
  });
});

test('the TypeScript twin of a Python file is meant, for charts that were made for Python', async (t) => {
  assert.deepEqual(await meant(t, ['x/locustfile.py', 'x/locustfile.ts'], 'x/locustfile.py'), ['x/locustfile.ts']);
  assert.deepEqual(await meant(t, ['locustfile.mjs'], 'locustfile.py'), ['locustfile.mjs']);
});

test('a Python file without a twin stays what it is, to be refused by name', async (t) => {
  assert.deepEqual(await meant(t, ['locustfile.py'], 'locustfile.py'), ['locustfile.py']);
});

test('without -f it is the locustfile of this folder', async (t) => {
  assert.deepEqual(await meant(t, ['locustfile.js', 'locustfile.ts', 'a.ts']), ['locustfile.ts']);
});

test('without -f and without a locustfile it is said what to do', async (t) => {
  await assert.rejects(meant(t, ['a.ts']), {
    name: 'UsageError',
    message: /^no user file: give one with -f users\.ts/,
  });
});

test('-f - is refused: that is Python code', async (t) => {
  await assert.rejects(meant(t, [], '-'), { name: 'UsageError', message: /own user file: -f users\.ts$/ });
});

test('an absolute folder gives absolute files', async (t) => {
  const folder = await userFolder(t, { 'a.ts': '', 'sub/b.ts': '' });
  assert.deepEqual(userFiles(folder), [join(folder, 'a.ts'), join(folder, 'sub/b.ts')]);
});

test('an absolute folder is read even where a folder above it begins with a dot or an underscore', async (t) => {
  const folder = await userFolder(t, { '_work/.ci/node_modules/users/a.ts': '' });
  const users = join(folder, '_work/.ci/node_modules/users');
  assert.deepEqual(userFiles(users), [join(users, 'a.ts')]);
});
