import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { comparisonPage } from '../../src/harvest/comparison-page.ts';
import { harvestPage } from '../../src/harvest/harvest-page.ts';
import type { ListHead } from '../../src/harvest/payload-files.ts';
import { chartColours, faint, nameless, watched } from '../e2e/report-page.ts';
import { findChromium } from '../tools/chromium.ts';
import { projectFolder } from '../tools/katydid.ts';
import { need } from '../tools/need.ts';
import { madeResult } from './made-result.ts';

const times = Array.from({ length: 500 }, (_, at) => (at * 37) % 900);
const one = madeResult(
  'night-1',
  times,
  times.map((time) => time / 10),
);
const other = madeResult(
  'night-2</script><b>',
  times.map((time) => time * 1.5),
  times,
);
const lists: readonly ListHead[] = [
  { file: 'lost.csv', columns: ['device', 'payload'], rows: [['<img src=x onerror=alert(1)>', 7]], count: 1 },
  { file: 'unanswered.csv', columns: ['device', 'payload'], rows: [['d', 7]], count: 1000 },
  { file: 'late.csv', columns: ['device', 'payload'], rows: [], count: 0 },
];
const pages = { harvest: harvestPage(one, lists), comparison: comparisonPage(one, other) };

test('without a script, the page has the figures and the first rows of the lists', () => {
  const [markup = ''] = pages.harvest.split('<script');
  assert.match(markup, /2 devices published 501 payloads; 99\.8% came back in time, 0 late, 1 never; 95% of those/);
  assert.match(markup, /&lt;img src=x onerror=alert\(1\)&gt;/);
  assert.match(markup, /The first 1 of 1,000; all are in unanswered\.csv\./);
  assert.match(markup, /Received late<\/h3><p class="note">None\./);
});

test('names of runs end no script', () => {
  assert.equal(pages.comparison.split('</script>').length, 3);
  assert.doesNotMatch(pages.comparison, /<b>/);
});

test('the pages in a browser', { timeout: 120_000 }, async (t) => {
  const executablePath = await need(t, findChromium);
  if (!executablePath) return;
  const pictures = join(projectFolder, 'test-output');
  await mkdir(pictures, { recursive: true });
  // Debian's root user may not use Chromium's sandbox; the page is our own
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  t.after(() => browser.close());
  const open = async (name: keyof typeof pages, options: BrowserContextOptions): Promise<Page> => {
    const file = join(pictures, `${name}.html`);
    await writeFile(file, pages[name]);
    const page = await (await browser.newContext(options)).newPage();
    const watch = watched(page);
    const url = pathToFileURL(file).href;
    t.after(() => assert.deepEqual([[...new Set(watch.requests)], watch.messages], [[url], []]));
    await page.goto(url);
    return page;
  };
  for (const name of ['harvest', 'comparison'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await t.test(`${name}, ${colorScheme}: both charts are drawn, and texts can be read`, async () => {
        const page = await open(name, { viewport: { width: 1400, height: 1000 }, colorScheme });
        const charts = await chartColours(page);
        assert.deepEqual(
          charts.map(({ title }) => title),
          ['Response times (ms)', 'Execution times (ms)'],
        );
        for (const { title, pixels } of charts) assert.ok(pixels > 50, `${title} has ${pixels} points of a line`);
        assert.deepEqual([await nameless(page), await faint(page)], [[], []]);
        await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`), fullPage: true });
      });
    }
    await t.test(`${name}: a phone has no page that scrolls sideways`, async () => {
      const page = await open(name, { viewport: { width: 390, height: 844 } });
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
    });
  }
  await t.test('a bar tells its edges, its payloads and their share', async () => {
    const page = await open('harvest', { viewport: { width: 1400, height: 1000 } });
    await page
      .locator('.u-over')
      .first()
      .hover({ position: { x: 3, y: 50 } });
    assert.match(
      (await page.locator('.u-legend').first().textContent()) ?? '',
      /From0 to 100 msPayloads\d+ \(\d+\.\d%\)/,
    );
  });
  await t.test('of two runs, each tells its own', async () => {
    const page = await open('comparison', { viewport: { width: 1400, height: 1000 } });
    await page
      .locator('.u-over')
      .first()
      .hover({ position: { x: 3, y: 50 } });
    const legend = (await page.locator('.u-legend').first().textContent()) ?? '';
    assert.match(legend, /^At0 to 100 msnight-1\d+ \(1\d\.\d%\)night-2<\/script><b>\d+ \(\d\.\d+%\)$/);
  });
  await t.test('in print it is light', async () => {
    const page = await open('harvest', { viewport: { width: 1400, height: 1000 }, colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.locator('html[data-theme=light]').waitFor();
    for (const { title, pixels } of await chartColours(page)) assert.ok(pixels > 50, title);
    await page.pdf({ path: join(pictures, 'harvest-print.pdf'), format: 'A4' });
  });
});
