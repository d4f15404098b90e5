import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import type { Arguments } from '../../src/commands/arguments.ts';
import { setUpLog } from '../../src/commands/logging.ts';
import { log, setLogLevel, setLogSink } from '../../src/log.ts';
import { userFolder } from '../swarm/user-folder.ts';

const args = (given: Record<string, unknown>): Arguments => ({ _: [], ...given });

afterEach(() => {
  setLogLevel('INFO');
  setLogSink(() => {});
});

test('the log goes to a file, and each line is kept besides', async (t) => {
  const folder = await userFolder(t, {});
  const logfile = join(folder, 'katydid.log');
  const kept: string[] = [];
  setUpLog(args({ logfile }), (line) => kept.push(line));
  log.info('one');
  log.warning('two');
  const lines = (await readFile(logfile, 'utf8')).split('\n');
  assert.deepEqual(lines, [...kept, '']);
  assert.match(kept[1] ?? '', /\/WARNING\/katydid: two$/);
});

test('lines below the level are not made', async (t) => {
  const folder = await userFolder(t, {});
  const kept: string[] = [];
  const level = setUpLog(args({ loglevel: 'error', logfile: join(folder, 'x.log') }), (line) => kept.push(line));
  log.warning('one');
  log.error('two');
  assert.equal(level, 'ERROR');
  assert.equal(kept.length, 1);
});

test('a level that there is not is refused, with the nearest one', () => {
  assert.throws(() => setUpLog(args({ loglevel: 'warnign' })), {
    name: 'UsageError',
    message: '--loglevel is WARNIGN; did you mean WARNING?',
  });
});

test('a file that cannot be written is refused at once', () => {
  assert.throws(() => setUpLog(args({ logfile: '/no/such/folder/x.log' })), {
    name: 'UsageError',
    message: /^--logfile \/no\/such\/folder\/x\.log cannot be written: /,
  });
});

test('a log file on a full disk is told of once, and its lines are shown instead', () => {
  const [shown, lost]: [string[], string[]] = [[], []];
  setUpLog(
    { _: [], logfile: '/dev/full' },
    undefined,
    (text) => shown.push(text),
    (reason) => lost.push(reason),
  );
  log.warning('first');
  log.warning('second');
  assert.deepEqual(lost, ['ENOSPC: no space left on device, write']);
  assert.deepEqual(
    shown.map((text) => text.replace(/^\[.*katydid: |\n$/g, '')),
    [
      'first',
      'katydid: --logfile /dev/full can no longer be written: ENOSPC: no space left on device, write',
      'second',
    ],
  );
});
