// Studies in which something breaks in the middle of a mark: the master, a worker, the study itself.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Mark } from '../../src/study/mark.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { StudyCase } from './study.ts';
import { StudyMaster } from './study-master.ts';
import { Target } from './target.ts';
import { WebApi } from './web-api.ts';

const matrix = 'marks: [{ users: [4, 8], spawn-rate: 20, duration: 5s }]';

interface LossScene {
  readonly master: StudyMaster;
  readonly study: StudyCase;
}

/** A master with two workers of katydid. */
async function open(t: TestContext): Promise<LossScene | undefined> {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return undefined;
  const target = await Target.start();
  t.after(() => target.close());
  const master = await StudyMaster.open(t, locust);
  for (let count = 0; count < 2; count++) master.addKatydidWorker();
  await master.hasReady(2);
  return { master, study: await StudyCase.of(t, `master: ${master.url}\nhost: ${target.url}\n${matrix}`) };
}

const attempts = (marks: readonly Mark[]): unknown =>
  marks.map(({ users, attempt, workers, disturbances }) => [users, attempt, workers, disturbances.length > 0]);
const textOf = (mark: Mark | undefined): string => mark?.disturbances.map(({ text }) => text).join('; ') ?? 'no mark';

describe('a loss in the middle of a mark', { concurrency: 2 }, () => {
  test('of the master: the mark is flagged, the master is waited for, the mark is repeated', {
    timeout: 180_000,
  }, async (t) => {
    const scene = await open(t);
    if (!scene) return;
    const { master, study } = scene;
    const running = study.start();
    await study.measures(4, running);
    await master.restart();
    assert.equal(await running.ended, 0, running.output);
    const { marks } = await study.result();
    assert.deepEqual(
      attempts(marks),
      [
        [4, 1, 2, true],
        [4, 2, 2, false],
        [8, 1, 2, false],
      ],
      running.output,
    );
    assert.match(textOf(marks[0]), /^the test ended before its time \((?:ready|stopped)\): its master was restarted/);
    assert.match(running.output, /disturbed: the test ended before its time/);
  });

  test('of a worker: both attempts are kept, the second with the worker that came in its place', {
    timeout: 180_000,
  }, async (t) => {
    const scene = await open(t);
    if (!scene) return;
    const { master, study } = scene;
    const running = study.start();
    await study.measures(4, running);
    await master.workers[0]?.end('SIGKILL');
    // It comes when the mark is over: one in the middle of a mark is a disturbance of its own.
    await running.said(/attempt 1|disturbed/, 30);
    master.addKatydidWorker();
    assert.equal(await running.ended, 0, running.output);
    const kept = (await study.marks()).map(({ mark }) => mark);
    assert.deepEqual(
      attempts(kept),
      [
        [4, 1, 2, true],
        [4, 2, 2, false],
        [8, 1, 2, false],
      ],
      running.output,
    );
    assert.match(textOf(kept[0]), /1 worker left while it was measured \(/);
    const rows = await study.rows();
    assert.deepEqual(
      rows.map(({ users, attempt, disturbances }) => [users, attempt, disturbances === '']),
      [
        ['4', '1', false],
        ['4', '2', true],
        ['8', '1', true],
      ],
    );
  });

  test('of patience: Ctrl-C keeps what was measured and stops the users, --resume measures the rest', {
    timeout: 180_000,
  }, async (t) => {
    const scene = await open(t);
    if (!scene) return;
    const { master, study } = scene;
    const running = study.start();
    await study.measures(8, running);
    running.signal('SIGINT');
    assert.equal(await running.ended, 130, running.output);
    const { state, user_count } = await new WebApi(master.url, newestLocust).statistics();
    assert.deepEqual([state, user_count], ['stopped', 0]);
    const before = await study.result();
    assert.deepEqual(attempts(before.marks), [
      [4, 1, 2, false],
      [8, 1, 2, true],
    ]);
    assert.match(textOf(before.marks[1]), /the study was interrupted while it was measured/);
    assert.equal((await study.run()).code, 2, 'a study is not written over by chance');

    const { code, output } = await study.run(['--resume']);
    assert.equal(code, 0, output);
    const { marks, remarks, endTime } = await study.result();
    assert.deepEqual(
      attempts(marks),
      [
        [4, 1, 2, false],
        [8, 1, 2, true],
        [8, 1, 2, false],
      ],
      output,
    );
    assert.doesNotMatch(remarks.join('\n'), /not measured/);
    assert.ok(!output.includes('   4 users'), output);

    assert.equal((await study.run(['--resume'])).code, 0, 'there is nothing left to do');
    assert.equal((await study.result()).endTime, endTime, 'a report that is written again took no longer');
  });
});
