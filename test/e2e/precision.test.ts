import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { findLocust, type LocustVersion } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { troubleIn } from './master.ts';
import { Scene } from './scene.ts';
import { type Row, rowsOf, totalOf } from './web-api.ts';
import { userFile } from './worker.ts';

const users = userFile('steady.ts');
const names = ['tenths', 'hundreds', 'seconds'];
const told = 3000;

interface Told extends Row {
  readonly median_response_time: number;
  readonly max_response_time: number;
  /** Not of old masters. */
  readonly 'response_time_percentile_0.95'?: number;
}

type Line = Readonly<Record<string, string>>;

/** What a master shows of times that are known: its rows, its CSV and its HTML report. */
async function shown(scene: Scene): Promise<{ rows: Told[]; csv: Line[]; html: string }> {
  const { web } = scene.master;
  await scene.run(1);
  await web.until('all is told', (now) => totalOf(now) === told);
  const rows = rowsOf(await web.settledStatistics()) as readonly Told[];
  const text = async (path: string): Promise<string> => (await fetch(`${web.url}${path}`)).text();
  const csv = parse(await text('/stats/requests/csv'), { columns: true }) as Line[];
  return {
    rows: names.map((name) => rows.find((row) => row.name === name) as Told),
    csv: names.map((name) => csv.find((line) => line.Name === name) as Line),
    html: await text('/stats/report'),
  };
}

for (const version of ['2.12.1', '2.47.0'] satisfies readonly LocustVersion[]) {
  describe(`response times of three digits under a master ${version}`, () => {
    test('its rows, its CSV and its report have them', { timeout: 120_000 }, async (t) => {
      const locust = await need(t, () => findLocust(version));
      if (!locust) return;
      const worker = { threads: 2, args: ['--response-time-precision', '3'] };
      const scene = await Scene.open(t, locust, { users, workers: 1, worker });
      const { rows, csv, html } = await shown(scene);

      await t.test('the median is one of three digits', () => {
        // not below the least one, which is exact
        assert.deepEqual(
          rows.map((row) => row.median_response_time),
          [12.34, 123.4, 1234],
        );
      });
      await t.test('the CSV has the percentiles without what is behind the point', () => {
        assert.deepEqual(
          csv.map((line) => line['95%']),
          ['45', '456', '4560'],
        );
      });
      await t.test('the report of the test is made', () => {
        // old ones leave out there, too, what is behind the point
        assert.match(html, version === '2.12.1' ? /<td>tenths<\/td>[^/]*<td>12<\/td>[\s\S]*<td>45<\/td>/ : /\b45\.6\b/);
      });
      if (version !== '2.12.1') {
        await t.test('p95 is one of three digits', () => {
          assert.deepEqual(
            rows.map((row) => row['response_time_percentile_0.95']),
            [45.6, 456, 4560],
          );
        });
      }
      await t.test('the master had no trouble with them', () => {
        assert.deepEqual(troubleIn(scene.master.child.output), []);
      });
    });
  });
}

test('without the flag a master shows two digits', { timeout: 120_000 }, async (t) => {
  const locust = await need(t, () => findLocust('2.47.0'));
  if (!locust) return;
  const scene = await Scene.open(t, locust, { users, workers: 1 });
  const { rows } = await shown(scene);
  assert.deepEqual(
    rows.map((row) => row['response_time_percentile_0.95']),
    [46, 460, 4600],
  );
});
