import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cached } from './cache.ts';

const given = process.env.KATYDID_TOOLS;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katydid-tools-'));
  process.env.KATYDID_TOOLS = folder;
});
after(async () => {
  if (given === undefined) delete process.env.KATYDID_TOOLS;
  else process.env.KATYDID_TOOLS = given;
  await rm(folder, { recursive: true, force: true });
});

test('a tool asked for twice at once is made once', async () => {
  let made = 0;
  const make = async (draft: string): Promise<void> => {
    made++;
    await mkdir(draft);
  };
  const homes = await Promise.all([cached('once', make), cached('once', make)]);
  assert.equal(made, 1);
  assert.deepEqual(homes, [join(folder, 'once'), join(folder, 'once')]);
});

test('what could not be made whole leaves nothing behind', async () => {
  const make = async (draft: string): Promise<void> => {
    await mkdir(draft);
    throw new Error('the network is down');
  };
  await assert.rejects(cached('torn', make), /the network is down/);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('torn')),
    [],
  );
});

test('the lock of a maker that died is taken over', async () => {
  // no process has this id: it is above what any system hands out
  await writeFile(join(folder, 'orphan.lock'), '2147483646');
  const home = await cached('orphan', async (draft) => {
    await mkdir(draft);
  });
  assert.equal(home, join(folder, 'orphan'));
});
