import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { steadyChance } from '../../src/recording/chance.ts';
import { Sample } from '../../src/recording/sample.ts';

const total = (sample: Sample): number => [...sample.counts().values()].reduce((sum, count) => sum + count, 0);

test('few values are counted exactly, however they were merged', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 9 }))), (parts) => {
      const chance = steadyChance();
      const whole = new Sample(10, chance);
      for (const values of parts) {
        const part = new Sample(10, chance);
        for (const value of values) part.add(String(value));
        whole.take(part);
      }
      const expected = new Map<string, number>();
      for (const value of parts.flat()) expected.set(String(value), (expected.get(String(value)) ?? 0) + 1);
      assert.deepEqual(new Map([...whole.counts()].sort()), new Map([...expected].sort()));
      assert.ok(whole.isWhole);
    }),
  );
});

test('of many values as many are kept as there may be, however they were merged', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 8 }),
      fc.nat(1000),
      (sizes, seed) => {
        const chance = steadyChance(seed);
        const whole = new Sample(10, chance);
        for (const [at, size] of sizes.entries()) {
          const part = new Sample(10, chance);
          for (let value = 0; value < size; value++) part.add(`${at}/${value}`);
          whole.take(part);
        }
        const all = sizes.reduce((sum, size) => sum + size, 0);
        assert.equal(whole.total, all);
        assert.equal(total(whole), Math.min(all, 10));
      },
    ),
  );
});

test('what comes more often is drawn more often, also from before there were too many', () => {
  const sample = new Sample(200, steadyChance());
  for (let at = 0; at < 20_000; at++) sample.add(at < 10_000 ? 'often' : `rare ${at}`);
  assert.ok(!sample.isWhole);
  const often = sample.counts().get('often') ?? 0;
  // 100 of 200 are expected, 7 is the deviation
  assert.ok(often > 65 && often < 135, String(often));
});

test('a merged sample weighs its parts by their size', () => {
  const [large, small] = [new Sample(200, steadyChance(1)), new Sample(200, steadyChance(2))];
  for (let at = 0; at < 9000; at++) large.add(`large ${at}`);
  for (let at = 0; at < 1000; at++) small.add(`small ${at}`);
  small.take(large);
  const fromSmall = [...small.counts().keys()].filter((value) => value.startsWith('small')).length;
  // 20 of 200 are expected, 4 is the deviation
  assert.ok(fromSmall > 3 && fromSmall < 42, String(fromSmall));
});
