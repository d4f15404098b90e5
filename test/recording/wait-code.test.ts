import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steadyChance } from '../../src/recording/chance.ts';
import { Pauses } from '../../src/recording/pauses.ts';
import { quantilesOf, waitCode } from '../../src/recording/wait-code.ts';

/** Pauses of these many seconds. */
function pausesOf(seconds: Iterable<number>): Pauses {
  const pauses = new Pauses();
  for (const one of seconds) pauses.add(one * 1000);
  return pauses;
}

function* drawn(count: number, of: (chance: number) => number): Generator<number> {
  const chance = steadyChance();
  for (let at = 0; at < count; at++) yield of(chance());
}

test('pauses of one length are constant', () => {
  assert.equal(waitCode(pausesOf(drawn(100, () => 2.5))).code, 'constant(2.5)');
});

test('pauses that are spread evenly are between two numbers', () => {
  const [, from, to] = /^between\((.*), (.*)\)$/.exec(waitCode(pausesOf(drawn(10_000, (x) => 1 + 4 * x))).code) ?? [];
  assert.ok(Math.abs(Number(from) - 1) < 0.1 && Math.abs(Number(to) - 5) < 0.1, `${from} ${to}`);
});

test('pauses of another shape are described by their quantiles', () => {
  const pauses = pausesOf(drawn(10_000, (x) => -3 * Math.log(1 - x)));
  assert.ok(waitCode(pauses).isSampled);
  const quantiles = new Map(quantilesOf(pauses));
  assert.ok(Math.abs((quantiles.get(0.5) ?? 0) - 3 * Math.LN2) < 0.1);
  assert.ok(Math.abs((quantiles.get(0.99) ?? 0) - 3 * Math.log(100)) < 1);
});

test('one pause of half an hour does not make all of them long: the mean is kept', () => {
  const pauses = pausesOf([...drawn(9999, (x) => -3 * Math.log(1 - x)), 1800]);
  const quantiles = quantilesOf(pauses);
  let [mean, before, from] = [0, 0, 0];
  for (const [share, seconds] of quantiles) {
    mean += (share - before) * ((seconds + from) / 2);
    [before, from] = [share, seconds];
  }
  assert.ok(Math.abs(mean - pauses.mean) < 0.05 * pauses.mean, `${mean} instead of ${pauses.mean}`);
});

test('a log of whole seconds tells pauses between them', () => {
  const pauses = pausesOf(drawn(30_000, (x) => Math.round(10 * x)));
  for (const share of [0.1, 0.33, 0.5, 0.77])
    assert.ok(Math.abs(pauses.quantile(share) - 10 * share) < 0.15, String(share));
});

test('without any pause there is a guess, and it is said', () => {
  assert.match(waitCode(new Pauses()).comment, /^TODO/);
});
