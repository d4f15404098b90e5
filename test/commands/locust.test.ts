import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findLocust } from '../../src/commands/locust.ts';
import { setLogSink } from '../../src/log.ts';
import { userFolder } from '../swarm/user-folder.ts';

/** The path of a program that says this of its version. */
async function program(t: TestContext, said: string): Promise<string> {
  setLogSink(() => {});
  const folder = await userFolder(t, { locust: `#!/bin/sh\necho "${said}"\n` });
  await chmod(join(folder, 'locust'), 0o755);
  return join(folder, 'locust');
}

test('the Locust that was given is taken', async (t) => {
  const path = await program(t, 'locust 2.47.0 from /x/locust (Python 3.11)');
  assert.equal(await findLocust(path), path);
});

test('the oldest Locust that will do is 2.12', async (t) => {
  const path = await program(t, 'locust 2.12.1');
  assert.equal(await findLocust(path), path);
  const old = await program(t, 'locust 2.11.1');
  await assert.rejects(findLocust(old), { name: 'UsageError', message: /is locust 2\.11\.1; Locust 2\.12 or newer/ });
});

test('a program that is no Locust is refused', async (t) => {
  await assert.rejects(findLocust('/no/such/locust'), {
    name: 'UsageError',
    message: /^\/no\/such\/locust is no Locust/,
  });
  const other = await program(t, 'bash 5.2');
  await assert.rejects(findLocust(other), { name: 'UsageError' });
});

test('without one given it is that on PATH', async (t) => {
  const path = await program(t, 'locust 2.20.1');
  const before = process.env.PATH;
  t.after(() => {
    process.env.PATH = before;
  });
  process.env.PATH = `${join(path, '..')}:${before}`;
  assert.equal(await findLocust(), path);
});
