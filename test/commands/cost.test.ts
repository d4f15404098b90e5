import assert from 'node:assert/strict';
import { test } from 'node:test';
import { katydid } from '../harvest/katydid.ts';

const example = ['cost', '--per-hour', '1', '--devices', '100', '--target-devices', '10000'];

test('the formula is shown with its numbers', async () => {
  const { code, stdout, stderr } = await katydid('.', example);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^1 × \(10,000 \/ 100\) × 720 = 1 × 100 × 720 = 72,000 USD a month$/m);
});

test('the estimate as data', async () => {
  const { stdout } = await katydid('.', [...example, '--json', '--currency', '€', '--hours', '730']);
  assert.deepEqual(JSON.parse(stdout), {
    perHour: 1,
    devices: 100,
    targetDevices: 10_000,
    hours: 730,
    currency: '€',
    factor: 100,
    perMonth: 73_000,
  });
});

test('it has a help of its own', async () => {
  const { code, stdout } = await katydid('.', ['cost', '-h']);
  assert.equal(code, 0);
  assert.match(stdout, /^katydid cost --per-hour 1/);
});

const mistakes: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
  [[], /^katydid: --per-hour, --devices, --target-devices are needed: katydid cost --per-hour 1/],
  [['--per-hour', '1', '--devices', '5'], /^katydid: --target-devices is needed: /],
  [[...example.slice(1), '--hours', 'x'], /^katydid: --hours must be one number; a text was given/],
  [[...example.slice(1), '--devices', '0'], /^katydid: --devices/],
  [[...example.slice(1), '--currency', ''], /^katydid: --currency is ''; a name such as USD or € is expected/],
  [[...example.slice(1), '--per-our', '1'], /^katydid: unknown flag --per-our; did you mean --per-hour\?/],
  [[...example.slice(1), '5'], /^katydid: '5' is not understood; the numbers are given by flags/],
];

for (const [argv, message] of mistakes) {
  test(`a mistake is told in a line: cost ${argv.join(' ')}`, async () => {
    const { code, stdout, stderr } = await katydid('.', ['cost', ...argv]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
    assert.equal(stderr.split('\n').length, 2);
  });
}
