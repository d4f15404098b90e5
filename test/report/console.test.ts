import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  errorReport,
  exceptionReport,
  nameWidthFor,
  percentileTable,
  statsTable,
  statusLine,
} from '../../src/report/console.ts';
import { RunRecord } from '../../src/report/record.ts';
import { emptySnapshot } from '../../src/stats/snapshot.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { pythonReports } from './python-reports.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { recordOf, trafficOf } from './traffic.ts';

for (const nameWidth of [80, 30, 2, 0]) {
  test(`all tables are Locust's, character by character, with ${nameWidth} columns for names`, async (t) => {
    if (!(await need(t, () => findLocust(newestLocust)))) return;
    const traffic = trafficOf(17, true);
    const record = recordOf(traffic);
    const python = await pythonReports(traffic, await temporaryFolder(t), { nameWidth });
    assert.equal(statsTable(record, false, nameWidth), python.current);
    assert.equal(statsTable(record, true, nameWidth), python.final);
    assert.equal(percentileTable(record.totals, nameWidth), python.percentiles);
    assert.equal(errorReport(record.totals, nameWidth), python.errors);
  });
}

test('a run without a request has tables with a total of zero', async (t) => {
  if (!(await need(t, () => findLocust(newestLocust)))) return;
  const traffic = trafficOf(0, true);
  const record = recordOf(traffic);
  const python = await pythonReports(traffic, await temporaryFolder(t));
  assert.equal(statsTable(record, false), python.current);
  assert.equal(statsTable(record, true), python.final);
  assert.equal(percentileTable(record.totals), python.percentiles);
  assert.equal(errorReport(record.totals), '');
  assert.equal(python.errors, '');
});

test('names have what the terminal has beyond 80 columns, but 80 at most; 80 where there is no terminal', () => {
  assert.deepEqual([undefined, 240, 160, 120, 80, 40].map(nameWidthFor), [80, 80, 80, 40, 0, 0]);
});

test('the status line says users, the rate of the last second, failures and p95', () => {
  const record = new RunRecord(100);
  assert.equal(statusLine(record), '0 users · 0.0 requests/s · 0 failures (0.00%) · p95 –');
  const { total } = emptySnapshot(100);
  const entry = {
    ...total,
    ...{ name: '/', method: 'GET', numRequests: 8, numFailures: 1, maxResponseTime: 40, minResponseTime: 20 },
    ...{
      responseTimes: new Map([
        [20, 4],
        [40, 4],
      ]),
      lastRequestTimestamp: 101,
    },
  };
  const stats = { entries: [entry], total: { ...entry, name: 'Aggregated', method: '' }, errors: [] };
  record.keep({ time: 102, stats, users: new Map([['A', 3]]), lag: 0, cpu: 0 });
  assert.equal(statusLine(record), '3 users · 4.0 requests/s · 1 failure (12.50%) · p95 40 ms');
});

test('where the text in CatchResponseError(…) is no Python text it is shown as it is', () => {
  const error = { method: 'GET', name: '/', error: 'CatchResponseError(5)', occurrences: 1, firstSeen: 1, lastSeen: 1 };
  assert.match(errorReport({ ...emptySnapshot(0), errors: [error] }), /GET \/: 5 /);
});

test('exceptions are listed, the most frequent first; nothing is printed of none', () => {
  const row = (count: number, message: string) => ({ count, message, traceback: '', nodes: ['local'] });
  assert.equal(exceptionReport([]), '');
  const lines = exceptionReport([row(2, 'rare'), row(30, 'frequent')]).split('\n');
  assert.equal(lines[0], 'Exceptions report');
  assert.match(lines[3] ?? '', /^30 +frequent/);
  assert.match(lines[4] ?? '', /^2 +rare/);
});
