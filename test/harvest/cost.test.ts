import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monthlyCost } from '../../src/harvest/cost.ts';

const settings = { perHour: 1, devices: 100, targetDevices: 10_000, hours: 720 };

test('a hundred times the devices cost a hundred times as much: 1 × 100 × 720', () => {
  assert.deepEqual(monthlyCost(settings), { ...settings, factor: 100, perMonth: 72_000 });
});

test('a price may have cents, the devices need not divide', () => {
  assert.equal(monthlyCost({ perHour: 0.35, devices: 3, targetDevices: 1000, hours: 730 }).perMonth, 255_500 / 3);
});

const refused: readonly (readonly [change: Partial<typeof settings>, message: RegExp])[] = [
  [{ perHour: -1 }, /^UsageError: --per-hour is -1; a price from 0 on is expected$/],
  [{ perHour: Number.NaN }, /--per-hour is NaN/],
  [{ devices: 0 }, /^UsageError: --devices is 0; a whole number of devices, from 1 on, is expected$/],
  [{ devices: 1.5 }, /--devices is 1\.5/],
  [{ targetDevices: -3 }, /--target-devices is -3/],
  [{ hours: 0 }, /^UsageError: --hours is 0; a number above 0 is expected$/],
  [{ perHour: 1e308 }, /too large/],
];

for (const [change, message] of refused) {
  test(`an estimate is refused: ${JSON.stringify(change)}`, () => {
    assert.throws(() => monthlyCost({ ...settings, ...change }), message);
  });
}
