import assert from 'node:assert/strict';
import fs, { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { UsageError } from '../../src/errors.ts';
import { CsvFiles } from '../../src/report/csv.ts';
import { RunRecord } from '../../src/report/record.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { pythonReports } from './python-reports.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { type Request, recordOf, start, type Traffic, trafficOf } from './traffic.ts';

const ends = ['stats', 'stats_history', 'failures', 'exceptions'] as const;
type End = (typeof ends)[number];

interface Both {
  readonly locust: (end: End) => string;
  readonly ours: (end: End) => string;
}

/** The files of both, written side by side from the same traffic. */
async function bothOf(t: TestContext, traffic: Traffic, fullHistory: boolean): Promise<Both | undefined> {
  if (!(await need(t, () => findLocust(newestLocust)))) return undefined;
  const folder = await temporaryFolder(t);
  await pythonReports(traffic, folder, { fullHistory });
  const csv = CsvFiles.open(join(folder, 'ours'), fullHistory);
  csv.finish(recordOf(traffic, (record) => csv.second(record)));
  const read = (end: string): string => readFileSync(join(folder, `${end}.csv`), 'utf8');
  return { locust: (end) => read(`locust_${end}`), ours: (end) => read(`ours_${end}`) };
}

const cellsOf = (text: string): string[][] => parse(text, { relax_column_count: true });

for (const end of ['stats', 'failures', 'exceptions'] as const) {
  test(`_${end}.csv is Locust's, byte by byte`, async (t) => {
    const both = await bothOf(t, trafficOf(14, true), false);
    if (both) assert.equal(both.ours(end), both.locust(end));
  });
}

test("_stats_history.csv is Locust's, byte by byte, but for the row that Locust writes before the first second", async (t) => {
  const both = await bothOf(t, trafficOf(14, true), false);
  if (!both) return;
  const [titles, , ...rows] = both.locust('stats_history').split('\r\n');
  assert.equal(both.ours('stats_history'), [titles, ...rows].join('\r\n'));
});

test('with full history each name has a row each second, of the last ten seconds', async (t) => {
  const both = await bothOf(t, trafficOf(25, true), true);
  if (!both) return;
  // until then Locust leaves a name's first second out of its current percentiles
  const later = (text: string): string[][] => cellsOf(text).filter(([time]) => Number(time) >= start + 10);
  const rows = later(both.locust('stats_history'));
  assert.equal(rows.length, 15 * 12);
  assert.deepEqual(later(both.ours('stats_history')), rows);
});

test("percentiles are Locust's, but never above the exact maximum", async (t) => {
  const both = await bothOf(t, trafficOf(14, false), false);
  if (both) assert.deepEqual(cellsOf(both.ours('stats')), withoutExcess(cellsOf(both.locust('stats'))));
});

test('a median is within the exact extremes, and then a float to Python', async (t) => {
  const times = [147, 143, 0.25, 1047, 12.5, 20];
  const requests = times.map((time, at): Request => [start + 0.5, 'GET', `/${at}`, time, 10, null]);
  const both = await bothOf(t, { start, seconds: [{ time: start + 1, users: 1, requests }] }, false);
  if (!both) return;
  assert.deepEqual(cellsOf(both.ours('stats')), withoutExcess(cellsOf(both.locust('stats'))));
  assert.deepEqual(
    cellsOf(both.ours('stats')).map(([, , , , median]) => median),
    ['Median Response Time', '147.0', '143.0', '0.25', '1047.0', '12.5', '20', '140'],
  );
});

/** The titles and rows of `_stats.csv` with no percentile above the greatest time. */
function withoutExcess([titles = [], ...rows]: readonly string[][]): readonly string[][] {
  const capped = rows.map((row) =>
    row.map((cell, column) => (column < 11 ? cell : String(Math.min(Number(cell), Math.trunc(Number(row[7])))))),
  );
  return [titles, ...capped];
}

test('a run without a request has a total of zero and no percentiles', async (t) => {
  const both = await bothOf(t, trafficOf(0, true), false);
  if (both) assert.equal(both.ours('stats'), both.locust('stats'));
});

test('what a name has to be quoted for is read back', async (t) => {
  const traffic = trafficOf(2, true);
  const prefix = join(await temporaryFolder(t), 'run');
  const csv = CsvFiles.open(prefix, false);
  csv.finish(recordOf(traffic));
  const names = cellsOf(readFileSync(`${prefix}_stats.csv`, 'utf8')).map(([, name]) => name);
  const requested = traffic.seconds.flatMap(({ requests }) => requests.map(([, , name]) => name));
  assert.deepEqual(new Set(names), new Set(['Name', ...requested, 'Aggregated']));
});

test('all is in the files after each second, and only the history keeps what was', async (t) => {
  const prefix = join(await temporaryFolder(t), 'deep', 'er', 'run');
  const csv = CsvFiles.open(prefix, false);
  const linesOf = (end: End): number => cellsOf(readFileSync(`${prefix}_${end}.csv`, 'utf8')).length;
  const seen: number[][] = [];
  recordOf(trafficOf(3, true), (record) => {
    csv.second(record);
    seen.push([linesOf('stats'), linesOf('stats_history')]);
  });
  assert.deepEqual(seen, [
    [13, 2],
    [13, 3],
    [13, 4],
  ]);
});

test('a file that becomes shorter has no rest of what it was', async (t) => {
  const prefix = join(await temporaryFolder(t), 'run');
  const csv = CsvFiles.open(prefix, false);
  csv.second(recordOf(trafficOf(2, true)));
  csv.second(new RunRecord(start));
  assert.equal(cellsOf(readFileSync(`${prefix}_stats.csv`, 'utf8')).length, 2);
});

test('the end adds to the history what came after the last second, and nothing twice', async (t) => {
  const prefix = join(await temporaryFolder(t), 'run');
  const csv = CsvFiles.open(prefix, false);
  const record = recordOf(trafficOf(2, true), (now) => csv.second(now));
  const users = new Map<string, number>();
  record.keep({ time: start + 2.5, stats: record.totals, users, lag: 0, cpu: 0 });
  csv.finish(record);
  const times = cellsOf(readFileSync(`${prefix}_stats_history.csv`, 'utf8')).map(([time]) => time);
  assert.deepEqual(times, ['Timestamp', '1700000001', '1700000002', '1700000003']);
});

test('a file that cannot be written is named before the run, and files of a former run stay as they are', async (t) => {
  const folder = await temporaryFolder(t);
  const prefix = join(folder, 'run');
  writeFileSync(`${prefix}_stats.csv`, 'of a former run');
  mkdirSync(`${prefix}_failures.csv`);
  assert.throws(
    () => CsvFiles.open(prefix, false),
    (error) => {
      assert.ok(error instanceof UsageError);
      assert.ok(error.message.includes(`${prefix}_failures.csv cannot be written (EISDIR`), error.message);
      return true;
    },
  );
  assert.equal(readFileSync(`${prefix}_stats.csv`, 'utf8'), 'of a former run');
});

test('a folder that cannot be made is a usage error, too', async (t) => {
  const folder = await temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => CsvFiles.open(join(folder, 'file', 'run'), false), UsageError);
});

test('on a full disk the error names the file, and all others are written', async (t) => {
  const prefix = join(await temporaryFolder(t), 'run');
  symlinkSync('/dev/full', `${prefix}_failures.csv`);
  const csv = CsvFiles.open(prefix, false);
  const record = recordOf(trafficOf(3, true));
  const isNamed = (error: unknown): boolean =>
    error instanceof AggregateError &&
    error.errors.length === 1 &&
    error.message.startsWith(`${prefix}_failures.csv could not be written: ENOSPC`);
  assert.throws(() => csv.second(record), isNamed);
  assert.throws(() => csv.finish(record), isNamed);
  assert.deepEqual(
    (['stats', 'stats_history', 'exceptions'] as const).map(
      (end) => cellsOf(readFileSync(`${prefix}_${end}.csv`, 'utf8')).length,
    ),
    [13, 2, 3],
  );
});

for (const bytes of [30, 1000]) {
  test(`a disk that was full for a second after ${bytes} bytes leaves no torn row`, async (t) => {
    const prefix = join(await temporaryFolder(t), 'run');
    const csv = CsvFiles.open(prefix, true);
    // fails where rows differ in their number of cells
    const rowsOf = (end: End): string[][] => parse(readFileSync(`${prefix}_${end}.csv`, 'utf8'));
    let second = 0;
    const record = recordOf(trafficOf(4, true), (now) => {
      second++;
      if (second !== 3) return csv.second(now);
      whileFull(t, bytes, () => assert.throws(() => csv.second(now), /stats.csv.*stats_history.csv.*ENOSPC/));
      const counts = ends.map((end) => rowsOf(end).length);
      assert.ok(
        counts.every((count) => count > 1),
        String(counts),
      );
    });
    csv.finish(record);
    const times = new Set(rowsOf('stats_history').map(([time]) => time));
    const torn = bytes < 100 ? [] : ['1700000003'];
    assert.deepEqual(times, new Set(['Timestamp', '1700000001', '1700000002', ...torn, '1700000004']));
    assert.equal(rowsOf('stats').length, 13);
  });
}

test('a line end within a name is no end of a row where the disk is full', async (t) => {
  const prefix = join(await temporaryFolder(t), 'run');
  const requests: Request[] = [[start + 0.5, 'GET', `a"\r\n${'long'.repeat(100)}`, 20, 10, null]];
  const record = recordOf({ start, seconds: [{ time: start + 1, users: 1, requests }] });
  const csv = CsvFiles.open(prefix, false);
  whileFull(t, 300, () => assert.throws(() => csv.second(record), /ENOSPC/));
  assert.equal(parse(readFileSync(`${prefix}_stats.csv`, 'utf8')).length, 1);
});

test('what a former run has written is gone when the files are open', async (t) => {
  const prefix = join(await temporaryFolder(t), 'run');
  for (const end of ends) writeFileSync(`${prefix}_${end}.csv`, 'of a former run');
  CsvFiles.open(prefix, false);
  assert.deepEqual(
    ends.map((end) => readFileSync(`${prefix}_${end}.csv`, 'utf8')),
    ['', '', '', ''],
  );
});

/** Each file takes so many bytes more, then the disk is full. */
function whileFull(t: TestContext, bytes: number, action: () => void): void {
  const { writeSync } = fs;
  const left = new Map<number, number>();
  const full = t.mock.method(
    fs,
    'writeSync',
    (file: number, buffer: Uint8Array, from: number, length: number, at: number) => {
      const room = left.get(file) ?? bytes;
      if (room === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const written = writeSync(file, buffer, from, Math.min(length, room), at);
      left.set(file, room - written);
      return written;
    },
  );
  syncBuiltinESMExports();
  try {
    action();
  } finally {
    full.mock.restore();
    syncBuiltinESMExports();
  }
}

test('there are four files and no others', async (t) => {
  const folder = await temporaryFolder(t);
  CsvFiles.open(join(folder, 'run'), true).finish(new RunRecord(start));
  assert.deepEqual(readdirSync(folder).sort(), ends.map((end) => `run_${end}.csv`).sort());
});
