// Studies against masters of all versions, with workers in Python only: katydid measures what others run.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Mark } from '../../src/study/mark.ts';
import { findLocust, locustVersions, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { StudyCase } from './study.ts';
import { StudyMaster } from './study-master.ts';
import { Target } from './target.ts';

/** What a target was asked by when. */
class Tally {
  readonly #seen: [time: number, asked: number][] = [];

  constructor(t: TestContext, target: Target) {
    const timer = setInterval(() => this.#seen.push([Date.now() / 1000, target.asked]), 50);
    t.after(() => clearInterval(timer));
  }

  /** Requests a second while a mark was measured, as near to its own figure as they are: what a master shows is up to 5 s old. */
  rateOf({ startTime, seconds, rps }: Mark): number {
    const rates = Array.from({ length: 21 }, (_, at) => this.#rateBetween(startTime - at / 4, seconds));
    return rates.reduce((best, rate) => (Math.abs(rate - rps) < Math.abs(best - rps) ? rate : best));
  }

  #rateBetween(from: number, seconds: number): number {
    const during = this.#seen.filter(([time]) => time >= from && time <= from + seconds);
    const [first, last] = [during[0], during.at(-1)];
    return first && last ? (last[1] - first[1]) / (last[0] - first[0]) : 0;
  }
}

describe('a study of a master with workers in Python', { concurrency: 2 }, () => {
  for (const version of locustVersions) {
    test(`Locust ${version}`, { timeout: 180_000 }, async (t) => {
      const locust = await need(t, () => findLocust(version));
      if (!locust) return;
      const workers = version === newestLocust ? 2 : 1;
      const target = await Target.start();
      t.after(() => target.close());
      const master = await StudyMaster.open(t, locust, { workers });
      const tally = new Tally(t, target);
      const study = await StudyCase.of(
        t,
        `master: ${master.url}\nhost: ${target.url}\nmarks: [{ users: [4, 8], spawn-rate: 20, duration: 6s }]`,
      );
      const { code, output } = await study.run();
      assert.equal(code, 0, output);
      const { marks, versions } = await study.result();
      assert.deepEqual(
        marks.map(({ users, disturbances }) => [users, disturbances]),
        [
          [4, []],
          [8, []],
        ],
        output,
      );
      assert.equal(versions.Locust, version);
      for (const mark of marks) {
        assert.equal(mark.workers, workers);
        assert.equal(mark.failures, 0);
        const rate = tally.rateOf(mark);
        assert.ok(Math.abs(mark.rps / rate - 1) < 0.1, `${mark.rps} rps where the target was asked ${rate} times`);
        for (const time of [mark.average, mark.median, mark.p95, mark.p99])
          assert.ok(time !== null && time > 0 && time < 1000, String(time));
      }
    });
  }
});
