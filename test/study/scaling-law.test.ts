import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Dice } from '../../src/study/dice.ts';
import { levelsOf } from '../../src/study/level.ts';
import { fitScalingLaw, predict } from '../../src/study/scaling-law.ts';
import { made } from './simulated.ts';

const users = [1, 2, 5, 10, 20, 50, 100];
const levelsBy = (rpsOf: (users: number) => number): ReturnType<typeof levelsOf> =>
  levelsOf(
    users.map((count) => made({ users: count, rps: rpsOf(count) })),
    1,
  );

test('the parameters of a law are found again from what it predicts', () => {
  const parameters = fc.record({
    lambda: fc.double({ min: 0.1, max: 1000, noNaN: true }),
    sigma: fc.double({ min: 0.001, max: 0.9, noNaN: true }),
    kappa: fc.double({ min: 0.00001, max: 0.1, noNaN: true }),
  });
  fc.assert(
    fc.property(parameters, (law) => {
      const fit = fitScalingLaw(levelsBy((n) => predict(law, n)));
      assert.ok(fit !== null && fit.worst < 1e-6 && fit.r2 > 0.999);
      assert.ok(Math.abs(fit.lambda / law.lambda - 1) < 1e-4, `lambda ${fit.lambda}`);
      assert.ok(Math.abs(fit.sigma - law.sigma) < 1e-4 * (1 + law.sigma), `sigma ${fit.sigma}`);
      assert.ok(Math.abs(fit.kappa / law.kappa - 1) < 1e-3, `kappa ${fit.kappa}`);
    }),
  );
});

test('the parameters are never negative, whatever the figures', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { minLength: 7, maxLength: 7 }), (rates) => {
      const fit = fitScalingLaw(levelsBy((n) => rates[users.indexOf(n)] ?? 1));
      assert.ok(fit !== null && fit.lambda > 0 && fit.sigma >= 0 && fit.kappa >= 0 && Number.isFinite(fit.worst));
    }),
  );
});

test('rps that only grows has neither peak nor limit', () => {
  const fit = fitScalingLaw(levelsBy((n) => 3 * n));
  assert.deepEqual([fit?.peak, fit?.limit], [null, null]);
  assert.ok(Math.abs((fit?.lambda ?? 0) - 3) < 1e-9);
});

test('contention alone has the limit lambda / sigma, and no peak', () => {
  const fit = fitScalingLaw(levelsBy((n) => predict({ lambda: 2, sigma: 0.1, kappa: 0 }, n)));
  assert.equal(fit?.peak, null);
  assert.ok(Math.abs((fit?.limit ?? 0) - 20) < 0.01);
});

test('the peak of a law with coherency is found through noise', () => {
  const law = { lambda: 5, sigma: 0.02, kappa: 0.0005 };
  const known = Math.sqrt(0.98 / 0.0005);
  let good = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const dice = new Dice(seed);
    const fit = fitScalingLaw(levelsBy((n) => predict(law, n) * (1 + 0.03 * dice.normal())));
    if (Math.abs((fit?.peak?.users ?? 0) / known - 1) < 0.25) good++;
  }
  assert.ok(good >= 95, `${good} of 100`);
});

test('two levels are too few for three parameters', () => {
  assert.equal(fitScalingLaw(levelsBy((n) => n).slice(0, 2)), null);
});

test('what falls from the second user on is highest with one', () => {
  const rates = [10, 6, 5.4, 5, 4.9, 4.8, 4.75];
  const fit = fitScalingLaw(levelsBy((n) => rates[users.indexOf(n)] ?? 0));
  assert.ok(fit !== null && fit.kappa === 0 && fit.sigma > 1, JSON.stringify(fit));
  assert.deepEqual([fit.peak?.users, fit.peak?.rps, fit.limit], [1, fit.lambda, null]);
});
