import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Arguments } from '../../src/commands/arguments.ts';
import { Checks } from '../../src/commands/checks.ts';
import { Outputs } from '../../src/commands/outputs.ts';
import { RunReport } from '../../src/commands/run-report.ts';
import { Screen } from '../../src/commands/screen.ts';
import { setLogSink } from '../../src/log.ts';
import { RunRecord } from '../../src/report/record.ts';
import { measured } from '../report/measured.ts';

const args: Arguments = { _: [], failIf: ['fail_ratio>50%'], abortOnFail: '1' };

test('a run that a threshold ended has failed, also if the last answers mend the figure', async () => {
  setLogSink(() => {});
  const now = Date.now() / 1000;
  const record = new RunRecord(now);
  const report = new RunReport(record, new Screen({ write: () => {}, on: () => {} }, () => {}));
  const outputs = new Outputs({ hasFullHistory: false, json: false });
  const facts = { files: [], args, specs: {}, classes: [], interval: 60, exitCodeOnError: 0 };
  report.open(new Checks(args), outputs, facts);
  report.begin();
  const keep = (second: number, failed: boolean, count: number): void => {
    const shots = Array.from({ length: count }, () => ({ method: 'GET', name: '/', time: 1, failed }));
    record.keep({ time: now + second, stats: measured(shots), users: new Map(), lag: 0, cpu: 0 });
  };
  keep(2, true, 1);
  const reason = report.second() ?? '';
  assert.match(reason, /^--fail-if fail_ratio>50%: /);
  report.aborted(reason);
  keep(3, false, 4);
  assert.equal(await report.finish(new Map()), 3);
});
