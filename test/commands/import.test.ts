import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { begin, logLine } from '../recording/made-log.ts';
import { userFolder } from '../swarm/user-folder.ts';

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const log = ['GET /', 'GET /users/5', 'GET /'].map((line, at) => logLine(begin + at, line)).join('\n');

/** Runs `katydid import` in this folder, with this text as its standard input. */
function katydid(folder: string, argv: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), cli, 'import', ...argv], {
    cwd: folder,
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

function folderWithLog(t: TestContext): Promise<string> {
  return userFolder(t, { 'access.log': log });
}

test('the file goes where it was told, what was read to stderr', async (t) => {
  const folder = await folderWithLog(t);
  const { code, stdout, stderr } = await katydid(folder, [
    'access.log',
    '-o',
    'users/recorded.ts',
    '-H',
    'http://test',
  ]);
  assert.deepEqual([code, stdout], [0, '']);
  assert.match(stderr, /^read +3 lines of access\.log/);
  assert.match(stderr, /^wrote +users\/recorded\.ts; try it: katydid -f users\/recorded\.ts --headless -u 1 -t 30s$/m);
  const written = await readFile(join(folder, 'users/recorded.ts'), 'utf8');
  assert.match(written, /^\/\/ Made by: katydid import access\.log -o users\/recorded\.ts -H http:\/\/test\n/);
  assert.match(written, /static host = 'http:\/\/test';/);
});

test('a file that exists is only overwritten with --force', async (t) => {
  const folder = await folderWithLog(t);
  assert.equal((await katydid(folder, ['access.log', '-o', 'access.log'])).code, 2);
  assert.equal(await readFile(join(folder, 'access.log'), 'utf8'), log);
  const refused = await katydid(folder, ['access.log', '-o', 'access.log']);
  assert.equal(refused.stderr, 'katydid: access.log exists; --force overwrites it, or give another name with -o\n');
  assert.equal((await katydid(folder, ['access.log', '-o', 'access.log', '--force'])).code, 0);
  assert.match(await readFile(join(folder, 'access.log'), 'utf8'), /export class RecordedUser/);
});

test('standard input is read, the file goes to stdout', async (t) => {
  const { code, stdout, stderr } = await katydid(await userFolder(t, {}), ['-'], log);
  assert.equal(code, 0);
  assert.match(stdout, /export class RecordedUser/);
  assert.match(stderr, /^read +3 lines of standard input/);
});

test('paths are chosen by expressions, of which there may be several', async (t) => {
  const argv = ['--exclude', '^/users', '--exclude', '^/x', 'access.log', '--methods', 'get'];
  const { stdout } = await katydid(await folderWithLog(t), argv);
  assert.doesNotMatch(stdout, /users\//);
  assert.match(stdout, /From 2 requests/);
});

test('it has a help of its own', async (t) => {
  const { code, stdout, stderr } = await katydid(await userFolder(t, {}), ['-h']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^katydid import access\.log/);
});

const mistakes: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
  [[], /^katydid: which logs\?/],
  [['gone.log'], /^katydid: gone\.log cannot be read: ENOENT/],
  [['access.log', '--include', '('], /^katydid: --include is no regular expression: /],
  [['access.log', '--values', '0'], /^katydid: --values must be a whole number from 1 to 100000; 0 was given/],
  [['access.log', '--session-gap', 'x'], /^katydid: --session-gap is 'x'; a time such as/],
  [['access.log', '--host', 'shop'], /^katydid: --host is 'shop'; a base URL/],
  [['access.log', '--format', 'csv'], /^katydid: Invalid values/],
  [['access.log', '--exlude', 'x'], /^katydid: unknown flag --exlude; did you mean --exclude\?/],
];

for (const [argv, message] of mistakes) {
  test(`a mistake is told in a line: ${argv.join(' ')}`, async (t) => {
    const { code, stdout, stderr } = await katydid(await folderWithLog(t), argv);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
  });
}
