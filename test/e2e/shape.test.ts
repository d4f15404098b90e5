import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import '../swarm/threads-from-source.ts';
import { setLogSink } from '../../src/log.ts';
import { RunRecord } from '../../src/report/record.ts';
import { type Curve, curveOf, usersAt } from '../../src/runner/curve.ts';
import { LocalRunner } from '../../src/runner/local.ts';
import { shapeOf } from '../../src/runner/shape.ts';
import { Pool } from '../../src/swarm/pool.ts';
import { options } from '../swarm/options.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Scene } from './scene.ts';
import { curve } from './users/shaped.ts';
import { userFile } from './worker.ts';

/** The master's page keeps its figures for 2 s; asked less often, they are of now. */
const sampleMilliseconds = 2100;
/** A master looks at its shape once a second, when the last ramp is over and its workers have told of it. */
const lateSeconds = 2;
/** A step of a dispatch is made at its begin, where the curve is at its end: at most a second later, or one user. */
const stepSeconds = 1;
const stepUsers = 1;

interface Sample {
  readonly time: number;
  readonly users: number;
}

/** How many users a sample is off the curve, given one step of the dispatch and how late a master looks. */
function offBy({ points }: Curve, { time, users }: Sample): number {
  const [from, to] = [Math.max(0, time - lateSeconds), time + stepSeconds];
  const between = points.filter((point) => point.time > from && point.time < to).map((point) => point.users);
  const ideal = [usersAt(points, from), ...between, usersAt(points, to)];
  return Math.max(0, users - Math.max(...ideal) - stepUsers, Math.min(...ideal) - stepUsers - users);
}

const ideal = curveOf(curve.stages);
const end = curve.stages.at(-1)?.until ?? 0;

/** All samples are on the curve, the burst was there, and nobody is left after its end. */
function assertOnCurve(t: TestContext, samples: readonly Sample[]): void {
  const rows = samples.map((sample) => ({ ...sample, off: offBy(ideal, sample) }));
  const told = rows.map(({ time, users, off }) => `${time.toFixed(1)} s: ${users}${off > 0 ? ` (${off} off)` : ''}`);
  t.diagnostic(told.join(', '));
  assert.deepEqual(
    rows.filter(({ off }) => off > 0),
    [],
  );
  assert.ok(Math.max(...samples.map(({ users }) => users)) > 60, 'the burst was there');
  assert.equal(samples.at(-1)?.users, 0);
}

describe('users come and go as the curve of their shape does, and the test ends with it', { concurrency: 2 }, () => {
  test('under a master', { timeout: 120_000 }, async (t) => {
    const locust = await need(t, () => findLocust(newestLocust));
    if (!locust) return;
    const scene = await Scene.open(t, locust, { users: userFile('shaped.ts'), workers: 2 });
    const { web } = scene.master;
    await web.swarm(1, 1, { shape_class: 'curve' });
    const began = performance.now();
    const samples: Sample[] = [];
    for (let time = 0; time < end + lateSeconds + 1; await sleep(sampleMilliseconds)) {
      const { user_count: users } = await web.statistics();
      time = (performance.now() - began) / 1000;
      samples.push({ time, users });
    }
    assertOnCurve(t, samples);
    await scene.ready();
  });

  test('without a master', { timeout: 120_000 }, async (t) => {
    setLogSink(() => {});
    const quiet = { onException: () => {}, onMessage: () => {}, onQuit: () => {}, onHopeless: () => {} };
    const files = [userFile('shaped.ts')];
    const common = { files, threads: 2, clientId: 'shaped', kind: 'local', logLevel: 'INFO', userClasses: [] } as const;
    const pool = await Pool.start({ ...common, shard: { index: 0, count: 1 } }, quiet);
    t.after(() => pool.end(0));
    await pool.init(options);
    const runner = new LocalRunner(pool, new RunRecord(Date.now() / 1000), {
      classes: pool.manifest.classes,
      users: 1,
      spawnRate: 1,
      shape: shapeOf(pool),
      test: { host: null, stopTimeout: 2, parsedOptions: options },
      threads: 2,
      resetStats: false,
    });
    const began = performance.now();
    const samples: Sample[] = [];
    const sample = (): void => {
      const users = [...pool.counts().values()].reduce((sum, count) => sum + count, 0);
      samples.push({ time: (performance.now() - began) / 1000, users });
    };
    const timer = setInterval(sample, 500);
    await runner.run();
    clearInterval(timer);
    sample();
    assertOnCurve(t, samples);
    assert.ok((samples.at(-1)?.time ?? 0) < end + lateSeconds + 2, 'it ended in time');
  });
});
