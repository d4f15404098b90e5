import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { coverageOf } from '../../src/study/coverage.ts';
import { Journal } from '../../src/study/journal.ts';
import { planOf } from '../../src/study/plan.ts';
import { usualGates } from '../../src/study/settings.ts';
import { subjectOf } from '../../src/study/subject.ts';
import { MadeDriver, madeSettings } from './made-driver.ts';
import { folderOf, run } from './made-study.ts';

const resume = { resume: true, force: false };
// One attempt each, however busy the machine is.
const small = madeSettings({
  marks: [{ users: [1, 5], spawnRates: [10], duration: 6 }],
  gates: { ...usualGates, tries: 1 },
});
const ofOther = subjectOf({ ...small, host: 'http://other' });

async function measured(t: TestContext): Promise<string> {
  const folder = folderOf(t);
  await run(new MadeDriver(), small, folder);
  return folder;
}

test('a study of something else is not gone on with', async (t) => {
  const folder = await measured(t);
  assert.throws(() => Journal.open(folder, ofOther, resume), {
    name: 'UsageError',
    message: `the study in ${folder} was of host none, this one of http://other; --force begins anew, -o takes another folder`,
  });
  assert.equal(Journal.open(folder, ofOther, { resume: false, force: true }).marks.length, 0);
});

test('a study that does not say what it is of is gone on with', async (t) => {
  const folder = await measured(t);
  rmSync(join(folder, 'subject.json'));
  assert.equal(Journal.open(folder, ofOther, resume).marks.length, 2);
});

test('a study that is forgotten is so from its beginning on, not before', async (t) => {
  const folder = await measured(t);
  const anew = Journal.open(folder, ofOther, { resume: false, force: true });
  assert.equal(Journal.open(folder, subjectOf(small), resume).marks.length, 2);
  anew.begin();
  assert.equal(Journal.open(folder, ofOther, resume).marks.length, 0);
});

test('marks of another plan are no part of this one', async (t) => {
  const { marks } = Journal.open(await measured(t), subjectOf(small), resume);
  const shorter = madeSettings({ marks: [{ users: [5, 10], spawnRates: [10], duration: 6 }] });
  const coverage = coverageOf(planOf(shorter), shorter, marks);
  assert.deepEqual(
    [coverage.planned, coverage.missing, coverage.others, coverage.marks.map(({ users }) => users)],
    [2, 1, 1, [5]],
  );
});

test('an extra repeat is a part of its plan', async (t) => {
  const folder = folderOf(t);
  const driver = new MadeDriver();
  driver.change = (reading, load) => (load === 1 ? { ...reading, requests: reading.requests * 3 } : reading);
  const settings = madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 20 }], repeats: 2 });
  await run(driver, settings, folder);
  const { marks } = Journal.open(folder, subjectOf(settings), resume);
  const { planned, missing, others } = coverageOf(planOf(settings), settings, marks);
  assert.deepEqual([marks.length, planned, missing, others], [3, 2, 0, 0]);
});
