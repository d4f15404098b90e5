import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Child } from '../../src/commands/child.ts';
import { until } from '../e2e/until.ts';

const node = (code: string, onLine: (line: string) => void = () => {}): Child =>
  new Child('child', process.execPath, ['-e', code], onLine);

test('its lines of both streams are handed on, its exit code is known', async () => {
  const lines: string[] = [];
  const child = node(`console.log('out'); console.error('err'); process.exitCode = 3;`, (line) => lines.push(line));
  assert.equal(await child.exited, 3);
  assert.deepEqual(lines.sort(), ['err', 'out']);
  assert.equal(child.isRunning, false);
});

test('it is asked to end', async () => {
  const lines: string[] = [];
  const child = node(
    `process.on('SIGTERM', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1000);`,
    (line) => lines.push(line),
  );
  await until('it is up', () => lines.includes('up'));
  await child.end();
  assert.equal(await child.exited, 7);
});

test('it can be ended at once', async () => {
  const lines: string[] = [];
  const child = node(`process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000);`, (line) =>
    lines.push(line),
  );
  await until('it is up', () => lines.includes('up'));
  child.kill();
  assert.ok((await child.exited) > 128);
});

test('a program that is not there ends with 127 and a word', async () => {
  const lines: string[] = [];
  const child = new Child('x', '/no/such/program', [], (line) => lines.push(line));
  assert.equal(await child.exited, 127);
  assert.match(lines[0] ?? '', /^cannot be started: .*ENOENT/);
  await child.end();
});
