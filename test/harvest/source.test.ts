import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { logSources, unpacked } from '../../src/harvest/source.ts';
import { temporaryFolder } from '../report/temporary-folder.ts';

const stdin = Readable.from([]);

async function folderWithLogs(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'deep', 'er'), { recursive: true });
  for (const name of ['b.log', 'a.log', 'deep/er/c']) await writeFile(join(folder, name), `${name}\n`);
  await symlink(join(folder, 'a.log'), join(folder, 'link.log'));
  await symlink(join(folder, 'gone'), join(folder, 'broken.log'));
  await symlink(folder, join(folder, 'deep', 'loop'));
  return folder;
}

test('a folder is read with all files in it, each once, and no link without end', async (t) => {
  const folder = await folderWithLogs(t);
  const names = logSources([folder], stdin).map(({ name }) => relative(folder, name));
  assert.deepEqual(names, ['a.log', 'b.log', join('deep', 'er', 'c')]);
});

test('a file that is named twice is read once', async (t) => {
  const folder = await folderWithLogs(t);
  const words = [join(folder, 'b.log'), folder, '-', '-'];
  const names = logSources(words, stdin).map(({ name }) => relative(folder, name));
  assert.equal(names.length, 4);
});

test('a file that is not there is refused, and so is a folder without files', async (t) => {
  const folder = await temporaryFolder(t);
  assert.throws(() => logSources([join(folder, 'gone')], stdin), /gone cannot be read: ENOENT/);
  assert.throws(() => logSources([folder], stdin), /^UsageError: the folder .* holds no file$/);
});

test('an empty log has no bytes', async (t) => {
  const file = join(await temporaryFolder(t), 'empty');
  await writeFile(file, '');
  const [source] = logSources([file], stdin);
  assert.ok(source);
  for await (const chunk of unpacked(source)) assert.fail(chunk.toString());
});
