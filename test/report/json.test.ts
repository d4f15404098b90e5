import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonReport } from '../../src/report/json.ts';
import { emptyEntry, emptySnapshot } from '../../src/stats/snapshot.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { pythonReports } from './python-reports.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { recordOf, snapshotOf, start, trafficOf } from './traffic.ts';

test('the report is what Locust serializes, in its order', async (t) => {
  if (!(await need(t, () => findLocust(newestLocust)))) return;
  const traffic = trafficOf(14, false);
  const { json } = await pythonReports(traffic, await temporaryFolder(t));
  const stats = snapshotOf(
    traffic.seconds.flatMap(({ requests }) => requests),
    start,
  );
  const report: unknown = JSON.parse(jsonReport(stats));
  assert.deepEqual(report, json);
  assert.deepEqual(Object.keys((report as object[])[0] ?? {}), Object.keys((json as object[])[0] ?? {}));
});

test('of a whole run it is the same but for the counts per second', async (t) => {
  if (!(await need(t, () => findLocust(newestLocust)))) return;
  const traffic = trafficOf(14, false);
  const { json } = await pythonReports(traffic, await temporaryFolder(t));
  const report: unknown = JSON.parse(jsonReport(recordOf(traffic).totals));
  const expected = (json as object[]).map((entry) => ({ ...entry, num_reqs_per_sec: {}, num_fail_per_sec: {} }));
  assert.deepEqual(report, expected);
});

test('it is indented by four as Locust prints it, and buckets ascend', () => {
  const entry = {
    ...emptyEntry('GET', '/"', 1.5),
    numRequests: 4,
    responseTimes: new Map([
      [120, 1],
      [12.3, 2],
      [9.5, 1],
    ]),
  };
  const text = jsonReport({ ...emptySnapshot(0), entries: [entry] });
  assert.equal(
    text,
    `[
    {
        "name": "/\\"",
        "method": "GET",
        "last_request_timestamp": null,
        "start_time": 1.5,
        "num_requests": 4,
        "num_none_requests": 0,
        "num_failures": 0,
        "total_response_time": 0,
        "max_response_time": 0,
        "min_response_time": null,
        "total_content_length": 0,
        "response_times": {
            "9.5": 1,
            "12.3": 2,
            "120": 1
        },
        "num_reqs_per_sec": {},
        "num_fail_per_sec": {}
    }
]`,
  );
});

test('names without a request are left out', () => {
  assert.equal(jsonReport({ ...emptySnapshot(0), entries: [emptyEntry('GET', '/', 0)] }), '[]');
});
