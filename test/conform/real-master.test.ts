import { describe, test } from 'node:test';
import { findLocust, locustVersions, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { playRealMaster, workerCommand } from './scenarios.ts';

describe('an unmodified master with two workers, through its web API', { concurrency: 4, timeout: 480_000 }, () => {
  for (const version of locustVersions) {
    test(`Locust ${version} passes every check of real_master.py`, async (t) => {
      const python = await need(t, async () => (await findLocust(newestLocust)).python);
      const locust = await need(t, () => findLocust(version));
      if (!python || !locust) return;
      const output = await playRealMaster(python, locust.command, workerCommand());
      t.diagnostic(output.trim().split('\n').at(-1) ?? '');
    });
  }
});
