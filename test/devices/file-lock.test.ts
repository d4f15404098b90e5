import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lockFile } from '../../src/devices/file-lock.ts';
import { UsageError } from '../../src/errors.ts';
import { userFolder } from '../swarm/user-folder.ts';

async function pathIn(t: TestContext): Promise<string> {
  return join(await userFolder(t, {}), 'list.csv');
}

const holder = (more: object): string =>
  JSON.stringify({ pid: 1, host: hostname(), startedAt: '', nonce: 'x', ...more });

/** The pid of a process that is no more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'close');
  return child.pid ?? 0;
}

test('a lock is held until it is released', async (t) => {
  const path = await pathIn(t);
  const lock = await lockFile(path);
  await assert.rejects(lockFile(path, 0), UsageError);
  lock.release();
  (await lockFile(path, 0)).release();
});

test('who waits gets it when it is released', async (t) => {
  const path = await pathIn(t);
  const lock = await lockFile(path);
  const waiting = lockFile(path);
  lock.release();
  (await waiting).release();
});

test('the error names the process that holds it, and the lock', async (t) => {
  const path = await pathIn(t);
  const lock = await lockFile(path);
  t.after(() => lock.release());
  const message = new RegExp(`list\\.csv is being changed by process ${process.pid}; .*list\\.csv\\.lock`);
  await assert.rejects(lockFile(path, 0), message);
});

test('the lock of a dead process is taken over', async (t) => {
  const path = await pathIn(t);
  writeFileSync(`${path}.lock`, holder({ pid: await deadPid() }));
  (await lockFile(path, 0)).release();
});

test('a living process that is a later one with the same pid holds nothing', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const path = await pathIn(t);
  writeFileSync(`${path}.lock`, holder({ pid: process.pid, startedAt: '1' }));
  (await lockFile(path, 0)).release();
});

test('of a process on another machine nothing is known: its lock holds', async (t) => {
  const path = await pathIn(t);
  writeFileSync(`${path}.lock`, holder({ pid: await deadPid(), host: 'elsewhere' }));
  await assert.rejects(lockFile(path, 0), /changed by process \d+ on elsewhere/);
});

test('an empty lock holds for a moment only', async (t) => {
  const path = await pathIn(t);
  writeFileSync(`${path}.lock`, '');
  await assert.rejects(lockFile(path, 0), /changed by another process/);
  utimesSync(`${path}.lock`, 0, 0);
  (await lockFile(path, 0)).release();
});

test('of many that want it, one at a time has it', async (t) => {
  const path = await pathIn(t);
  writeFileSync(`${path}.lock`, holder({ pid: await deadPid() }));
  let holders = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const lock = await lockFile(path);
      most = Math.max(most, ++holders);
      await new Promise((resolve) => setImmediate(resolve));
      lock.check();
      holders--;
      lock.release();
    }),
  );
  assert.equal(most, 1);
  assert.deepEqual(readdirSync(join(path, '..')), []);
});

test('a lock that was taken away is noticed, and not released for its new holder', async (t) => {
  const path = await pathIn(t);
  const lock = await lockFile(path);
  const other = holder({ nonce: 'another' });
  writeFileSync(`${path}.lock`, other);
  assert.throws(() => lock.check(), /was taken away/);
  lock.release();
  assert.equal(readFileSync(`${path}.lock`, 'utf8'), other);
});

test('a folder in which no lock can be made is told', async () => {
  await assert.rejects(lockFile('/nowhere/list.csv'), /UsageError: \/nowhere\/list\.csv\.lock cannot be made: ENOENT/);
  assert.equal(existsSync('/nowhere'), false);
});
