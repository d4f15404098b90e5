import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ClassShare, distributionOf, ratioJson, ratiosOf, ratioText } from '../../src/report/ratio.ts';
import type { RatioRow } from '../../src/report/run.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { run } from '../tools/run.ts';
import { temporaryFolder } from './temporary-folder.ts';

const pay = {
  className: 'Pay',
  tasks: [
    { name: 'card', weight: 2 },
    { name: 'bill', weight: 1 },
  ],
};
const checkout = {
  className: 'Checkout',
  tasks: [
    { name: 'cart', weight: 1 },
    { name: 'pay', weight: 3, taskSet: pay },
    { name: 'never', weight: 0 },
  ],
};
const weighted: readonly ClassShare[] = [
  {
    ...{ name: 'ShopUser', weight: 3, fixedCount: 0 },
    tasks: [
      { name: 'home', weight: 5 },
      { name: 'aVeryLongNameOfATask'.repeat(4), weight: 1 },
      { name: 'checkout', weight: 1, taskSet: checkout },
    ],
  },
  { ...{ name: 'Admin', weight: 1.5, fixedCount: 0 }, tasks: [{ name: 'look', weight: 1 }] },
];
const halves: readonly ClassShare[] = weighted.map((user) => ({ ...user, weight: 1 }));
const mixed: readonly ClassShare[] = [
  ...weighted,
  { ...{ name: 'Monitor', weight: 1, fixedCount: 2 }, tasks: [{ name: 'ping', weight: 1 }] },
];

interface Python {
  readonly text: string;
  readonly json: string;
  readonly perClass: object;
  readonly total: object;
}

const script = fileURLToPath(new URL('ratios.py', import.meta.url));

async function pythonRatios(
  t: TestContext,
  classes: readonly ClassShare[],
  users: number | undefined,
  counts: ReadonlyMap<string, number> = new Map(),
): Promise<Python | undefined> {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return undefined;
  const folder = await temporaryFolder(t);
  const [given, out] = [join(folder, 'given.json'), join(folder, 'out.json')];
  await writeFile(given, JSON.stringify({ classes, users: users ?? null, counts: Object.fromEntries(counts) }));
  await run(locust.python, [script, given, out]);
  return JSON.parse(await readFile(out, 'utf8'));
}

for (const [what, classes, users] of [
  ['weights alone', weighted, undefined],
  ['weights and a number of users', weighted, 11],
  ['users that do not halve evenly', halves, 5],
  ['half a user each', halves, 1],
  ['a fixed count', mixed, undefined],
  ['a fixed count among many', mixed, 30],
  ['fewer users than are fixed', mixed, 1],
  ['fixed counts alone', mixed.slice(2), undefined],
] as const) {
  test(`with ${what} the ratios are printed as Locust prints them`, async (t) => {
    const python = await pythonRatios(t, classes, users);
    if (!python) return;
    assert.equal(ratioText(classes, users), python.text);
    assert.deepEqual(JSON.parse(ratioJson(classes, users)), JSON.parse(python.json));
  });
}

type Ratio = { ratio: number; tasks?: Record<string, Ratio> };

const objectOf = (rows: readonly RatioRow[]): Record<string, Ratio> =>
  Object.fromEntries(
    rows.map(({ name, ratio, tasks }) => [name, tasks.length > 0 ? { ratio, tasks: objectOf(tasks) } : { ratio }]),
  );

test('with the counts of the users who run, ratios are Locust’s', async (t) => {
  const counts = new Map([
    ['ShopUser', 5],
    ['Admin', 0],
    ['Monitor', 2],
  ]);
  const python = await pythonRatios(t, mixed, undefined, counts);
  if (!python) return;
  const { perClass, total } = ratiosOf(mixed, counts);
  assert.deepEqual(objectOf(perClass), python.perClass);
  assert.deepEqual(objectOf(total), python.total);
});

test('a task set that stands in a table twice is one row', () => {
  const tasks = [
    { name: 'a', weight: 1, taskSet: pay },
    { name: 'b', weight: 1, taskSet: pay },
    { name: 'c', weight: 2 },
  ];
  const [user] = ratiosOf([{ name: 'U', weight: 1, fixedCount: 0, tasks }]).perClass;
  assert.deepEqual(
    user?.tasks.map(({ name, ratio }) => [name, ratio]),
    [
      ['Pay', 0.5],
      ['c', 0.5],
    ],
  );
});

test('classes of which none is ever chosen have a ratio of zero', () => {
  const none: ClassShare = { name: 'U', weight: 0, fixedCount: 0, tasks: [] };
  assert.deepEqual([...distributionOf([none], 5)], [['U', 0]]);
  assert.deepEqual(ratiosOf([none]).total, [{ name: 'U', ratio: 0, tasks: [] }]);
});
