import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchServer } from '../../src/targets/batch/batch.ts';
import { Counter } from '../../src/targets/batch/counter.ts';
import { cultivarOf, wineFields } from '../../src/targets/batch/wine.ts';
import { listening, post } from './listening.ts';

/** One wine of each cultivar, as they were analysed. */
const wines = [
  [14.23, 1.71, 2.43, 15.6, 127, 2.8, 3.06, 0.28, 2.29, 5.64, 1.04, 3.92, 1065],
  [12.37, 0.94, 1.36, 10.6, 88, 1.98, 0.57, 0.28, 0.42, 1.95, 1.05, 1.82, 520],
  [12.86, 1.35, 2.32, 18, 122, 1.51, 1.25, 0.21, 0.94, 4.1, 0.76, 1.29, 630],
] as const;
const named = (wine: readonly number[]): Record<string, number> =>
  Object.fromEntries(wineFields.map((name, at) => [name, wine[at] ?? 0]));

test('a wine is of the cultivar whose average it is nearest to', () => {
  assert.deepEqual(wines.map(cultivarOf), [0, 1, 2]);
});

test('one wine is named by its 13 measures, and gets one prediction', async (t) => {
  const url = await listening(t, batchServer());
  for (const [cultivar, wine] of wines.entries()) {
    assert.deepEqual(await post(`${url}/predict`, named(wine)), { status: 200, answer: { Prediction: cultivar } });
  }
});

test('a batch gets a prediction for each of its rows, in their order', async (t) => {
  const url = await listening(t, batchServer());
  const batches = [wines[2], wines[0], wines[1], wines[2]];
  assert.deepEqual(await post(`${url}/predict`, { batches }), { status: 200, answer: { Prediction: [2, 0, 1, 2] } });
});

test('the calls and their rows are counted', async (t) => {
  const url = await listening(t, batchServer());
  await post(`${url}/predict`, named(wines[0]));
  await post(`${url}/predict`, { batches: [wines[0], wines[1]] });
  await post(`${url}/predict`, {});
  assert.deepEqual(await (await fetch(url)).json(), { calls: 2, rows: 3 });
});

const { ash: _, ...withoutAsh } = named(wines[0]);
for (const [name, body, error] of [
  ['a measure that is missing', withoutAsh, "ash must be a number (or 'batches' a list of rows)"],
  ['a measure that is a text', { ...named(wines[0]), hue: '1' }, "hue must be a number (or 'batches' a list of rows)"],
  ['a batch of nothing', { batches: [] }, 'batches must be a list of rows'],
  ['a row that is too short', { batches: [wines[0], wines[0].slice(1)] }, 'row 1 of batches must be 13 numbers'],
  ['a row with a text', { batches: [[...wines[0].slice(1), 'x']] }, 'row 0 of batches must be 13 numbers'],
  ['no JSON', 'batches=1', 'the body must be a JSON object'],
  ['a list', '[]', 'the body must be a JSON object'],
] as const) {
  test(`refused: ${name}`, async (t) => {
    const url = await listening(t, batchServer());
    assert.deepEqual(await post(`${url}/predict`, body), { status: 400, answer: { error } });
  });
}

test('a body that is too long is refused, and the client reads that', async (t) => {
  const url = await listening(t, batchServer());
  const { status } = await post(`${url}/predict`, ' '.repeat(4 * 1024 * 1024 + 1));
  assert.equal(status, 413);
});

test('what is asked for in vain is told apart: no such path, or not that method', async (t) => {
  const url = await listening(t, batchServer());
  assert.equal((await fetch(`${url}/nothing`)).status, 404);
  assert.equal((await fetch(`${url}/predict`)).status, 405);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
});

test('calls are served one after the other, each for as long as its rows cost', async (t) => {
  const url = await listening(t, batchServer({ call: 10, row: 2 }));
  const begun = performance.now();
  await Promise.all([1, 5, 10].map((rows) => post(`${url}/predict`, { batches: Array(rows).fill(wines[0]) })));
  const took = performance.now() - begun;
  // Timers may be a millisecond early.
  assert.ok(took >= 3 * 10 + 16 * 2 - 1, `${took} ms`);
});

test('what is served late does not make the next one later', async () => {
  const counter = new Counter();
  const begun = performance.now();
  const ends = await Promise.all(
    [5, 5, 5, 5].map(async (cost) => {
      await counter.serve(cost);
      return performance.now() - begun;
    }),
  );
  assert.deepEqual(
    [...ends].sort((a, b) => a - b),
    ends,
  );
  assert.ok((ends.at(-1) ?? 0) >= 19, `${ends}`);
});
