import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { Journal } from '../../src/study/journal.ts';
import { subjectOf } from '../../src/study/subject.ts';
import { MadeDriver, madeSettings } from './made-driver.ts';
import { folderOf, run, texts } from './made-study.ts';

const made = subjectOf(madeSettings());

test('each mark is measured once, and its seconds are kept', async (t) => {
  const folder = folderOf(t);
  const { marks } = await run(new MadeDriver(), madeSettings(), folder);
  assert.deepEqual(
    marks.map(({ users, rps, attempt, disturbances }) => [users, Math.round(rps), attempt, disturbances.length]),
    [
      [1, 10, 1, 0],
      [5, 50, 1, 0],
      [10, 100, 1, 0],
      [20, 100, 1, 0],
    ],
  );
  const samples = Journal.open(folder, made, { resume: true, force: false }).samples;
  assert.ok(samples.filter(({ isMeasured, users }) => isMeasured && users === 5).length >= 3);
  assert.ok(samples.some(({ isMeasured }) => !isMeasured));
});

test('a mark whose worker left is repeated, and both attempts are kept', async (t) => {
  const driver = new MadeDriver();
  driver.change = (reading, load, at) => (load === 2 && at > 4 ? { ...reading, workers: [] } : reading);
  const { marks } = await run(driver, madeSettings(), folderOf(t));
  assert.deepEqual(
    marks.map(({ users, attempt }) => [users, attempt]),
    [
      [1, 1],
      [5, 1],
      [5, 2],
      [10, 1],
      [20, 1],
    ],
  );
  assert.match(texts(marks[1]), /1 worker left while it was measured \(a\)/);
});

test('a mark that stays disturbed is flagged, and the study goes on', async (t) => {
  const driver = new MadeDriver();
  driver.change = (reading) => ({ ...reading, workers: [{ id: 'a', state: 'running', users: 1, cpu: 97 }] });
  const { marks } = await run(
    driver,
    madeSettings({ marks: [{ users: [1, 5], spawnRates: [10], duration: 6 }] }),
    folderOf(t),
  );
  assert.equal(marks.length, 4);
  assert.match(texts(marks[3]), /more than 90 % CPU for 100 % of the time, up to 97 %/);
});

test('a scale that cannot be reached is told of, and the next one is tried', async (t) => {
  const scale = {
    values: [1, 3],
    command: '[ {scale} = 3 ] || { echo no such thing; exit 4; }',
    readyTimeout: 1,
    pause: 0,
  };
  const { marks, troubles } = await run(new MadeDriver(), madeSettings({ scale }), folderOf(t));
  assert.deepEqual([...new Set(marks.map((mark) => mark.scale))], [3]);
  assert.match(troubles[0] ?? '', /ended with 4: no such thing; its other marks are left out/);
});

test('an interrupted study keeps what it has, and goes on where it stopped', async (t) => {
  const folder = folderOf(t);
  const ending = new AbortController();
  const first = await run(new MadeDriver(), madeSettings(), folder, {
    ending,
    onMark: ({ users }) => users === 5 && ending.abort(),
  });
  assert.equal(first.marks.length, 2);
  // A line that was being written when the power went away.
  appendFileSync(join(folder, 'marks.jsonl'), '{"key":"[1,1');
  const driver = new MadeDriver();
  const rest = await run(driver, madeSettings(), folder, { resume: true });
  assert.deepEqual(
    driver.loads.map(({ users }) => users),
    [10, 20],
  );
  assert.equal(rest.marks.length, 4);
  assert.equal(Journal.open(folder, made, { resume: true, force: false }).marks.length, 4);
});

test('a folder with a study is not written over by chance', async (t) => {
  const folder = folderOf(t);
  await run(new MadeDriver(), madeSettings({ marks: [{ users: [1], spawnRates: [10], duration: 6 }] }), folder);
  assert.throws(() => Journal.open(folder, made, { resume: false, force: false }), UsageError);
  const anew = Journal.open(folder, made, { resume: false, force: true });
  assert.equal(anew.marks.length, 0);
  assert.equal(Journal.open(folder, made, { resume: true, force: false }).marks.length, 1);
  anew.begin();
  assert.ok(existsSync(join(folder, 'samples.jsonl')));
  assert.equal(readFileSync(join(folder, 'marks.jsonl'), 'utf8'), '');
});

test('repeats that differ too much are repeated once more', async (t) => {
  const driver = new MadeDriver();
  driver.change = (reading, load) => (load === 1 ? { ...reading, requests: reading.requests * 3 } : reading);
  const settings = madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 6 }], repeats: 2 });
  const { marks } = await run(driver, settings, folderOf(t));
  assert.deepEqual(
    marks.map(({ repeat }) => repeat),
    [1, 2, 3],
  );
});

test('a study that goes on makes the extra repeat that it was interrupted before', async (t) => {
  const folder = folderOf(t);
  const wide = new MadeDriver();
  wide.change = (reading, load) => (load === 1 ? { ...reading, requests: reading.requests * 3 } : reading);
  const settings = madeSettings({ marks: [{ users: [5], spawnRates: [10], duration: 20 }], repeats: 2 });
  const ending = new AbortController();
  await run(wide, settings, folder, { ending, onMark: ({ repeat }) => repeat === 2 && ending.abort() });
  const rest = new MadeDriver();
  const { marks } = await run(rest, settings, folder, { resume: true });
  assert.deepEqual(
    marks.map(({ repeat }) => repeat),
    [1, 2, 3],
  );
  await run(rest, settings, folder, { resume: true });
  assert.equal(rest.loads.length, 1);
});
