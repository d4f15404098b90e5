import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { comparedLevels, comparisonText } from '../../src/study/comparison.ts';
import { markdownOf } from '../../src/study/markdown.ts';
import { marksCsv } from '../../src/study/marks-csv.ts';
import { studyPageData } from '../../src/study/page-data.ts';
import { writeReports } from '../../src/study/report-files.ts';
import { readResult, resultOf } from '../../src/study/result.ts';
import { oneScale } from '../../src/study/settings.ts';
import { studyPage } from '../../src/study/study-page.ts';
import { madeSettings } from './made-driver.ts';
import { madeMarks, madeResult, madeSamples, madeVariants } from './made-result.ts';

const result = madeResult();
const page = studyPage(result, madeSamples);

test('the page begins with the conclusion', () => {
  const at = (text: string): number => page.indexOf(text);
  assert.ok(at('The best mark is 11.0 requests per second at scale 3') > 0);
  assert.ok(at('class="conclusion"') < at('id="curves"') && at('id="curves"') < at('id="settings"'));
});

test('the page needs nothing else, and what comes from outside is text in it', () => {
  assert.doesNotMatch(page, /<(?:script|link|img)[^>]+(?:src|href)=/);
  assert.match(page, /default-src 'none'|default-src &#39;none&#39;/);
  assert.ok(page.includes('&lt;b&gt;504&lt;/b&gt;') && !page.includes('<b>504</b>'));
});

test('no secret is in any report', () => {
  assert.ok(page.includes('********'));
  for (const text of [page, markdownOf(result), JSON.stringify(result)]) assert.ok(!text.includes('letmein'));
});

test('what was disturbed, and what was not measured, is told', () => {
  assert.ok(page.includes('Disturbed: scale 5, 20 users: 1 worker left while it was measured (a).'));
  assert.ok(madeResult(madeMarks().slice(0, 12), 3).remarks[0]?.startsWith('3 of 15 planned marks were not measured'));
});

test('the charts have the measured points on the grid of the fitted curve', () => {
  const { fine, scales, users, times } = studyPageData(result, madeSamples);
  assert.deepEqual(users, [1, 2, 5, 10, 20]);
  for (const { measured, fitted } of scales) {
    assert.equal(measured.filter((value) => value !== null).length, 5);
    assert.ok(measured.length === fine.length && fitted.length === fine.length);
    // Not beyond what the law was fitted to: at scale 1 too many fail with 20 users.
    assert.ok(fine.every((count, at) => fitted[at] !== null || count > 10));
    assert.ok((fitted[0] ?? 0) > 1);
  }
  assert.equal(times.length, 600);
});

test('the Markdown has a table for each scale', () => {
  const text = markdownOf(result);
  assert.equal(text.match(/^## scale \d$/gm)?.length, 3);
  assert.equal(text.match(/^\| 20 \| /gm)?.length, 3);
  assert.match(text, /^# Model \\<1\\>/);
});

const variants = madeResult(madeVariants());

test('variants are compared in a table, the best first, before the charts', () => {
  const text = studyPage(variants, []);
  const table = text.slice(text.indexOf('id="ranking"'), text.indexOf('id="curves"'));
  const rows = [...table.matchAll(/<tr>(<th scope="row".*)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>([^<]*)/g)].map(([, cell]) => cell),
  );
  assert.deepEqual(rows, [
    ['Go, &lt;gRPC&gt;', '4,210', '1', '10', '10', '1', '10', '0.24', '1', '1', '0%', 'saturated'],
    ['TypeScript, REST', '3,000', '0.71', '10', '10', '1', '10', '0.33', '1', '1', '0%', ''],
    ['Python, REST', '295', '0.070', '10', '10', '1', '10', '3.39', '1', '1', '25.0% from 20 users on', ''],
  ]);
  assert.ok(!text.includes('>Bottleneck<') && page.includes('>Bottleneck<'));
  assert.ok(text.includes('<dt>Variants</dt>') && page.includes('<dt>Scales</dt>'));
});

test('the Markdown compares variants too', () => {
  const text = markdownOf(variants);
  assert.match(
    text,
    /^## Compared\n\n\| Variant \| Best mark \(rps\) \| Share .*\n\| --- .*\n\| Go, \\<gRPC\\> \| 4,210 \| 1 \|/m,
  );
  assert.ok(text.indexOf('## Compared') < text.indexOf('## Go, \\<gRPC\\>'));
  assert.doesNotMatch(markdownOf(result), /Compared/);
});

test('the charts of variants go from point to point, without laws', () => {
  const data = studyPageData(variants, []);
  assert.deepEqual([data.areVariants, data.fine], [true, [1, 10, 20]]);
  for (const { measured, fitted } of data.scales) {
    assert.ok(measured.every((value) => value !== null) && fitted.every((value) => value === null));
  }
});

test('the CSV has each attempt', () => {
  const rows = parse(marksCsv(result.marks), { columns: true }) as Record<string, string>[];
  assert.equal(rows.length, 15);
  assert.deepEqual([rows[0]?.scale, rows[0]?.users, rows[0]?.rps], ['1', '1', '1.2']);
});

test('all reports are written beside each other, and read again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'katydid-study-'));
  try {
    const path = writeReports(folder, result, madeSamples);
    assert.equal(readFileSync(path, 'utf8'), page);
    assert.deepEqual(readResult(folder), JSON.parse(JSON.stringify(result)));
    assert.throws(() => readResult(join(folder, 'nowhere')), /cannot be read/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the same study twice has changed in nothing', () => {
  assert.deepEqual(comparisonText(result, madeResult()), ['Nothing changed beyond the spread.']);
});

test('what changed beyond the spread is told', () => {
  const faster = madeResult(madeMarks(1.5));
  assert.ok(comparedLevels(result, faster).some(({ figure, isBeyondSpread }) => figure === 'rps' && isBeyondSpread));
  assert.match(comparisonText(result, faster)[0] ?? '', /^scale 1, best mark: from 6 to 9 rps \(\+50%\)\.$/);
});

test('studies without a scale in common cannot be compared', () => {
  const other = madeResult(madeMarks().map((mark) => ({ ...mark, scale: 'go' })));
  assert.deepEqual(comparisonText(result, other), ['The two studies have no scale in common.']);
});

test('what was not the same in both studies is told before what changed', () => {
  const moved = { ...result, settings: { ...result.settings, host: 'http://elsewhere' } };
  assert.match(
    comparisonText(result, moved)[0] ?? '',
    /^Not the same in both, .*: host \(.*, then http:\/\/elsewhere\)\.$/,
  );
});

test('where no mark has its twin, only best marks are compared; where nothing was measured, nothing', () => {
  const others = madeResult(madeMarks().map((mark) => ({ ...mark, users: 100 + mark.users })));
  assert.match(comparisonText(result, others)[0] ?? '', /^No mark of one has as many users/);
  assert.deepEqual(comparisonText(result, madeResult([])), [`Nothing was measured in ${result.name}.`]);
});

test('failures that chance explains are no change', () => {
  const failing = (failures: number, requests: number): ReturnType<typeof madeResult> =>
    madeResult(madeMarks().map((mark) => ({ ...mark, failures, requests, disturbances: [] })));
  const changed = (requests: number): boolean =>
    comparedLevels(failing(requests * 0.05, requests), failing(requests * 0.08, requests)).some(
      ({ figure, isBeyondSpread }) => figure === 'failures' && isBeyondSpread,
    );
  assert.deepEqual([changed(100), changed(10_000)], [false, true]);
});

test('no password of a host, an option or a command is in any report', () => {
  const secrets = resultOf({
    settings: madeSettings({
      host: 'http://ada:letmein@api:8000',
      options: { 'api-password': 'letmein' },
      variants: { a: { host: 'http://ada:letmein@api', options: { token: 'letmein' } } },
      scale: { ...oneScale, command: 'scale http://ada:letmein@api' },
    }),
    ...{ startTime: 1_700_000_000, endTime: 1_700_000_700, versions: {}, planned: 1, missing: 0, marks: madeMarks() },
    troubles: ["'scale http://ada:letmein@api' ended with 1"],
  });
  for (const text of [studyPage(secrets, []), markdownOf(secrets), JSON.stringify(secrets)]) {
    assert.ok(!text.includes('letmein') && text.includes('ada:'));
  }
});

test('when a mark without figures began is not known', () => {
  const [row] = parse(marksCsv(madeMarks().map((mark) => ({ ...mark, startTime: 0 }))), { columns: true }) as Record<
    string,
    string
  >[];
  assert.equal(row?.start_time, '');
});
