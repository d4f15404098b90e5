import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { RunFolder, runFolderOf } from '../../src/harvest/run-folder.ts';
import { temporaryFolder } from '../report/temporary-folder.ts';

const places: readonly (readonly [given: string, folder: string])[] = [
  ['night-1', 'runs/night-1'],
  ['runs/night-1/', 'runs/night-1'],
  ['2026/night', 'runs/2026/night'],
  ['a/../b', 'runs/b'],
];

for (const [given, folder] of places) {
  test(`a run's folder: ${given}`, () => assert.equal(runFolderOf('runs', given), folder));
}

for (const given of ['', '.', '..', '../x', '/tmp/x', 'a/../..', 'runs/..']) {
  test(`no run's folder: '${given}'`, () => {
    assert.throws(() => runFolderOf('runs', given), /^UsageError: RUN_DIR is '.*'; a name such as night-1 is expected/);
  });
}

test('files are there when it is finished, not before', async (t) => {
  const place = await temporaryFolder(t);
  const making = new RunFolder(join(place, 'runs', 'a'), false);
  await writeFile(join(making.path, 'x'), '1');
  assert.ok(!(await readdir(join(place, 'runs'))).includes('a'));
  making.finish();
  assert.deepEqual(await readdir(join(place, 'runs')), ['a']);
  assert.deepEqual(await readdir(join(place, 'runs', 'a')), ['x']);
});

test('a folder that holds anything is refused, an empty one is not', async (t) => {
  const place = await temporaryFolder(t);
  new RunFolder(place, false).discard();
  await writeFile(join(place, 'x'), '');
  assert.throws(() => new RunFolder(place, false), /exists; --force overwrites what a harvest has in it/);
});

test('by force its own files are overwritten, and others stay', async (t) => {
  const place = join(await temporaryFolder(t), 'a');
  await mkdir(place);
  for (const name of ['x', 'other']) await writeFile(join(place, name), 'old');
  const making = new RunFolder(place, true);
  await writeFile(join(making.path, 'x'), 'new');
  making.finish();
  assert.equal(await readFile(join(place, 'x'), 'utf8'), 'new');
  assert.equal(await readFile(join(place, 'other'), 'utf8'), 'old');
});

test('what is discarded leaves nothing', async (t) => {
  const place = await temporaryFolder(t);
  const making = new RunFolder(join(place, 'a'), false);
  await writeFile(join(making.path, 'x'), '1');
  making.discard();
  assert.deepEqual(await readdir(place), []);
});

test('where no folder can be made, one line says so', async (t) => {
  const place = await temporaryFolder(t);
  await writeFile(join(place, 'file'), '');
  assert.throws(() => new RunFolder(join(place, 'file', 'a'), false), /^UsageError: .* cannot be written: /);
});
