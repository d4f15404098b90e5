import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { htmlReport } from '../../src/report/html.ts';
import { percentileOf } from '../../src/stats/percentile.ts';
import { emptySnapshot } from '../../src/stats/snapshot.ts';
import { contentsOf, policyOf, rowsOf, shown } from './html-page.ts';
import { madeRun, madeStart } from './made-run.ts';

const run = madeRun();
const page = htmlReport(run);
const { entries, errors, total } = run.stats;
const inOrder = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));

/** What is read before the script; nothing that fails prints all of the page. */
const textOf = (whole: string): string => shown(whole.slice(whole.indexOf('<main>')).replace(/<script[\s\S]*/, ''));
const verdictOf = (whole: string): string => (whole.split('<div class="verdict ')[1] ?? '').slice(0, 100);

test('each row of the request statistics has the figures of its entry, and the foot those of the total', () => {
  const span = (total.lastRequestTimestamp ?? 0) - total.startTime;
  assert.deepEqual(
    rowsOf(page, 'request-statistics').map((row) => [
      row.Type?.text,
      row.Name?.text,
      ...['# Requests', '# Fails', 'Average', 'Min', 'Max', 'Average size', 'RPS', 'Failures/s', 'p50', 'p95', 'p99']
        .concat('Share')
        .map((title) => row[title]?.value),
    ]),
    [...inOrder, total].map((entry) => [
      entry.method,
      entry.name,
      entry.numRequests,
      entry.numFailures,
      entry.totalResponseTime / entry.numRequests,
      entry.minResponseTime,
      entry.maxResponseTime,
      entry.totalContentLength / entry.numRequests,
      entry.numRequests / span,
      entry.numFailures / span,
      percentileOf(entry, 0.5),
      percentileOf(entry, 0.95),
      percentileOf(entry, 0.99),
      entry.numRequests / total.numRequests,
    ]),
  );
});

test('the response-time statistics have ten percentiles of each entry', () => {
  const titles = { '50%': 0.5, '60%': 0.6, '70%': 0.7, '80%': 0.8, '90%': 0.9, '95%': 0.95, '99%': 0.99 };
  const all = Object.entries({ ...titles, '99.9%': 0.999, '99.99%': 0.9999, '100%': 1 });
  assert.deepEqual(
    rowsOf(page, 'response-times').map((row) => [row.Name?.text, ...all.map(([title]) => row[title]?.value)]),
    [...inOrder, total].map((entry) => [entry.name, ...all.map(([, part]) => percentileOf(entry, part))]),
  );
});

test('failures have their text, number and times', () => {
  const rows = rowsOf(page, 'failures');
  assert.equal(rows.length, errors.length);
  for (const { method, name, error, occurrences, firstSeen, lastSeen } of errors) {
    const row = rows.find(({ Name, Message }) => Name?.text === name && Message?.text === error);
    assert.equal(row?.Method?.text, method);
    assert.equal(row?.Occurrences?.value, occurrences);
    assert.deepEqual([row?.['First seen (UTC)']?.value, row?.['Last seen (UTC)']?.value], [firstSeen, lastSeen]);
  }
});

test('exceptions have their number, traceback and nodes', () => {
  const [row] = rowsOf(page, 'exceptions');
  assert.equal(row?.Count?.value, 12);
  assert.equal(row?.Message?.text, 'Error: the shop is broken');
  assert.match(row?.Traceback?.text ?? '', /users\/shop\.ts:68:11/);
  assert.equal(row?.Nodes?.text, 'local');
});

test('the conclusion comes first: amount, duration, rate, failures, p95', () => {
  const conclusion = shown(/<p class="conclusion">(.*?)<\/p>/.exec(page)?.[1] ?? '').replaceAll('\u00a0', ' ');
  const rate = total.numRequests / (run.endTime - run.startTime);
  const ratio = (100 * total.numFailures) / total.numRequests;
  assert.equal(
    conclusion,
    `${total.numRequests.toLocaleString('en-US')} requests in 5 min 00 s, ${rate.toFixed(0)} a second; ` +
      `${ratio.toFixed(2)}% failed; 95% were answered within ${percentileOf(total, 0.95)} ms.`,
  );
});

test('of scheduled arrivals the conclusion has the time from when they were due', () => {
  const [first] = run.stats.entries;
  assert.ok(first);
  const late = { ...first, name: `${first.name} (response)`, responseTimes: new Map([[2700, 5]]), numRequests: 5 };
  const entries = [...run.stats.entries, { ...late, numNoneRequests: 0, maxResponseTime: 2747 }];
  const text = shown(htmlReport({ ...run, stats: { ...run.stats, entries } })).replaceAll('\u00a0', ' ');
  assert.match(text, /and of the planned ones 95% within 2,?700 ms from when they were due/);
});

test('a failed threshold fails the report, and is said before the figures', () => {
  const [head = ''] = page.split('<dl class="figures">');
  assert.match(head, /<div class="verdict failed">\s*<p class="mark">✗ Failed/);
  assert.match(shown(head), /2 of 3 thresholds passed; failed:\s*fail_ratio is/);
  assert.deepEqual(
    rowsOf(page, 'thresholds').map(({ Result }) => Result?.text),
    ['✓ passed', '✗ failed', '✓ passed'],
  );
});

test('thresholds that were all kept pass the report; without any it says so', () => {
  const kept = run.thresholds.filter(({ isOk }) => isOk);
  assert.match(verdictOf(htmlReport({ ...run, thresholds: kept })), /^passed">\s*<p class="mark">✓ Passed/);
  assert.match(verdictOf(htmlReport({ ...run, thresholds: [] })), /^open">/);
});

test('remarks stand before the figures that they are about', () => {
  const [head = ''] = page.split('<dl class="figures">');
  assert.match(shown(head), /What may have spoilt the figures\s*The load generator was the bottleneck/);
});

test('facts, options and ratios are there', () => {
  const text = textOf(page);
  for (const part of ['2026-09-21 14:13:20 UTC', '2026-09-21 14:18:20 UTC', 'https://shop.example', 'users/shop.ts'])
    assert.ok(text.includes(part), part);
  assert.match(text, /Profileweekday/);
  assert.match(text, /Versionskatydid 0\.1\.0, Node 20\.20\.2/);
  assert.match(text, /token\*{8}/);
  assert.match(text, /Ratio per class\s*75\.0% ShopUser\s*80\.0% browse\s*20\.0% Checkout\s*100% pay/);
  assert.match(text, /Total ratio\s*75\.0% ShopUser\s*60\.0% browse/);
});

test('nothing in the page names anything outside of it', () => {
  const [, body = ''] = page.split('</title>');
  assert.deepEqual([...body.matchAll(/\s(?:src|action|poster|srcset|data|href)\s*=\s*["']?(?!["']?#)[^\s>]*/g)], []);
  for (const style of contentsOf(page, 'style')) assert.doesNotMatch(style, /url\(|@import|@font-face/i);
  assert.ok(!/<(?:link|img|iframe|object|embed|base|form)\b/i.test(page));
});

test('the policy lets run what the page came with, by its hash, and nothing else', () => {
  const policy = policyOf(page);
  const hashes = (tag: 'script' | 'style', from: number): string =>
    contentsOf(page, tag)
      .slice(from)
      .map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ');
  const [script, style] = [hashes('script', 1), hashes('style', 0)];
  assert.equal(
    policy,
    `default-src 'none'; script-src ${script}; style-src ${style}; base-uri 'none'; form-action 'none'`,
  );
});

test('a run in which nothing ended has a report too', () => {
  const empty = htmlReport({ ...run, stats: emptySnapshot(madeStart), samples: [], names: [], exceptions: [] });
  assert.match(textOf(empty), /No request ended in 5\u00a0min\u00a000\u00a0s\./);
  assert.match(textOf(empty), /No request failed\./);
  const [markup = ''] = empty.split('<script');
  assert.ok(!/NaN|Infinity|undefined|null/.test(markup));
});

test('without a script the page says why, and still has all tables', () => {
  const bare = htmlReport(run, () => {
    throw new Error('no <bundler>');
  });
  assert.ok(bare.includes('The charts are missing: no &lt;bundler&gt;'));
  assert.ok(!bare.includes('<script'));
  assert.match(policyOf(bare), /script-src 'none';/);
  assert.deepEqual(rowsOf(bare, 'request-statistics'), rowsOf(page, 'request-statistics'));
});

test('the page of a small run is under 300 KB, that of 1,000 names and 2,000 samples under 10 MB', (t) => {
  const small = Buffer.byteLength(page);
  const large = madeRun({ names: 1000, samples: 2000 });
  const begin = performance.now();
  const size = Buffer.byteLength(htmlReport(large));
  t.diagnostic(`small ${small} bytes; large ${size} bytes in ${Math.round(performance.now() - begin)} ms`);
  assert.ok(small < 300_000, String(small));
  assert.ok(size < 10_000_000, String(size));
});
