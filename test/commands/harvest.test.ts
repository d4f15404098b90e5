import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { HarvestResult } from '../../src/harvest/result.ts';
import { until } from '../e2e/until.ts';
import { katydid, start } from '../harvest/katydid.ts';
import { echo, lineOf } from '../harvest/logs.ts';
import { userFolder } from '../swarm/user-folder.ts';

const span = ['2026-11-21T16:00:00Z', '2026-11-21T17:00:00Z'];
const log = `${[...echo('d', 1, 0, 80), ...echo('d', 2, 0, 180)].join('\n')}\n`;
const files = ['execution-times.csv', 'harvest.html', 'harvest.json', 'late.csv', 'lost.csv']
  .concat(['response-times.csv', 'run.log', 'unanswered.csv'])
  .sort();

function folderWithLog(t: TestContext): Promise<string> {
  return userFolder(t, { 'logs/a.log': log });
}

async function resultOf(folder: string, run: string): Promise<HarvestResult> {
  return JSON.parse(await readFile(join(folder, 'runs', run, 'harvest.json'), 'utf8')) as HarvestResult;
}

test('a run is harvested from a folder of logs, and told with bars', async (t) => {
  const folder = await folderWithLog(t);
  const { code, stdout, stderr } = await katydid(folder, ['harvest', '1.0', ...span, 'logs']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^published +2 payloads by 1 device$/m);
  assert.match(stdout, /^100 │█+ 1 50\.0%$/m);
  assert.match(stdout, /^wrote +runs\/1\.0; open runs\/1\.0\/harvest\.html$/m);
  assert.deepEqual((await readdir(join(folder, 'runs', '1.0'))).sort(), files);
  assert.equal((await resultOf(folder, '1.0')).payloads.received, 2);
  assert.match(await readFile(join(folder, 'runs/1.0/run.log'), 'utf8'), /^run +1\.0\n/);
});

test('standard input is read if no log is named, and for a dash', async (t) => {
  const folder = await folderWithLog(t);
  const piped = await katydid(folder, ['harvest', 'a', ...span, '--json'], { input: log });
  assert.equal((JSON.parse(piped.stdout) as HarvestResult).payloads.received, 2);
  const dash = await katydid(folder, ['harvest', 'b', ...span, 'logs/a.log', '-'], {
    input: echo('e', 1, 0, 80).join('\n'),
  });
  assert.equal(dash.code, 0, dash.stderr);
  assert.equal((await resultOf(folder, 'b')).payloads.received, 3);
});

test('a run that exists is only overwritten with --force', async (t) => {
  const folder = await folderWithLog(t);
  const argv = ['harvest', 'a', ...span, 'logs'];
  assert.equal((await katydid(folder, argv)).code, 0);
  const refused = await katydid(folder, argv);
  assert.deepEqual([refused.code, refused.stdout], [2, '']);
  assert.match(refused.stderr, /^katydid: runs\/a exists; --force overwrites .*\n$/);
  assert.equal((await katydid(folder, [...argv, '--force', '--bin', '1s'])).code, 0);
  assert.equal((await resultOf(folder, 'a')).binMilliseconds, 1000);
});

test('the logs of pods are read by kubectl', async (t) => {
  const folder = await folderWithLog(t);
  const program = join(folder, 'kubectl');
  await writeFile(program, '#!/bin/sh\necho "$@" >> asked\ncat logs/a.log\n');
  await chmod(program, 0o755);
  const argv = [
    'harvest',
    'a',
    ...span,
    '--kubectl',
    'app=iot',
    '--kubectl',
    'app=echo',
    '--kubectl-namespace',
    'load',
  ];
  const env = { PATH: `${folder}${delimiter}${process.env.PATH}` };
  const { code, stderr } = await katydid(folder, argv, { env });
  assert.deepEqual([code, stderr], [0, '']);
  const asked = (await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n');
  assert.match(asked[0] ?? '', /^logs --selector=app=iot --namespace=load /);
  assert.match(asked[1] ?? '', /^logs --selector=app=echo /);
  assert.equal((await resultOf(folder, 'a')).payloads.received, 2);
});

test('two runs are compared, with a page', async (t) => {
  const folder = await folderWithLog(t);
  for (const run of ['a', 'b']) await katydid(folder, ['harvest', run, ...span, 'logs']);
  const { code, stdout, stderr } = await katydid(folder, ['harvest', 'compare', 'a', 'runs/b']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^ {2}p95 +180 +180 +0 +0%$/m);
  assert.match(stdout, /^wrote runs\/a-and-b\.html$/m);
  assert.match(await readFile(join(folder, 'runs/a-and-b.html'), 'utf8'), /<title>a and b<\/title>/);
});

test('runs with buckets of other widths are not compared', async (t) => {
  const folder = await folderWithLog(t);
  await katydid(folder, ['harvest', 'a', ...span, 'logs']);
  await katydid(folder, ['harvest', 'b', ...span, 'logs', '--bin', '50']);
  const { code, stderr } = await katydid(folder, ['harvest', 'compare', 'a', 'b']);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    'katydid: the buckets of a are 100 ms wide, those of b 50 ms: harvest both with the same --bin\n',
  );
});

test('a log far larger than the memory is harvested', { timeout: 120_000 }, async (t) => {
  const lines: string[] = [];
  const count = 200_000;
  for (let at = 0; at * 3 < count; at++) {
    const [device, number, time] = [`LTK${at % 100}`, Math.floor(at / 100), at * 50];
    if (at % 10 === 0) lines.push(lineOf({ kind: 'publishing', device, number, time }));
    else lines.push(...echo(device, number, time, at % 500));
  }
  const folder = await userFolder(t, { 'a.log': `${lines.join('\n')}\n` });
  // all lines together are larger than this heap
  const flags = ['--max-old-space-size=20'];
  const { code, stdout, stderr } = await katydid(folder, ['harvest', 'a', ...span, 'a.log', '--json'], { flags });
  assert.deepEqual([code, stderr], [0, '']);
  const { payloads, lines: read } = JSON.parse(stdout) as HarvestResult;
  assert.equal(read.told, lines.length);
  assert.deepEqual([payloads.published, payloads.lost], [66_667, 6667]);
});

test('what is interrupted leaves nothing', async (t) => {
  const folder = await userFolder(t, {});
  const child = start(folder, ['harvest', 'a', ...span, '-']);
  const ended = once(child, 'exit');
  child.stdin.write(log);
  const runs = join(folder, 'runs');
  await until('the run is begun', async () => (await readdir(runs).catch(() => [])).length > 0);
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [null, 'SIGTERM']);
  assert.deepEqual(await readdir(runs), []);
});

test('it has a help of its own', async (t) => {
  const folder = await userFolder(t, {});
  for (const argv of [['harvest'], ['harvest', 'compare']]) {
    const { code, stdout } = await katydid(folder, [...argv, '-h']);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^katydid ${argv.join(' ')} RUN`));
  }
});

const mistakes: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
  [[], /^katydid: RUN_DIR, START and END are needed: katydid harvest night-1 /],
  [['a', '2026-11-21'], /^katydid: RUN_DIR, START and END are needed/],
  [['a', 'today', span[1] ?? '', 'logs'], /^katydid: START is 'today'; a time in UTC such as/],
  [['a', ...span.toReversed(), 'logs'], /^katydid: END \(2026-11-21T16:00:00Z\) must be later than START/],
  [['../a', ...span, 'logs'], /^katydid: RUN_DIR is '\.\.\/a'; a name such as night-1/],
  [['a', ...span, 'gone'], /^katydid: gone cannot be read: ENOENT/],
  [['a', ...span, 'logs', '--bin', '0'], /^katydid: --bin is '0'; a width in whole ms is expected/],
  [['a', ...span, 'logs', '--bin', '1.5ms'], /^katydid: --bin is '1\.5ms'/],
  [['a', ...span, 'logs', '--kubectl-namespace', 'x'], /^katydid: --kubectl-namespace needs --kubectl/],
  [['a', ...span, 'logs', '--forse'], /^katydid: unknown flag --forse; did you mean --force\?/],
  [['a', ...span], /^katydid: no payload is told of in 0 lines; /],
  [['compare', 'a'], /^katydid: two runs are needed: katydid harvest compare night-1 night-2/],
  [['compare', 'a', 'b'], /^katydid: runs\/a holds no harvest: ENOENT/],
];

for (const [argv, message] of mistakes) {
  test(`a mistake is told in a line: harvest ${argv.join(' ')}`, async (t) => {
    const folder = await folderWithLog(t);
    const { code, stdout, stderr } = await katydid(folder, ['harvest', ...argv]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
    assert.equal(stderr.split('\n').length, 2);
  });
}
