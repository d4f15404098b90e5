import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { htmlReport } from '../../src/report/html.ts';
import type { Run } from '../../src/report/run.ts';
import { hostileRun, madeRun } from '../report/made-run.ts';
import { findChromium } from '../tools/chromium.ts';
import { projectFolder } from '../tools/katydid.ts';
import { need } from '../tools/need.ts';
import { chartColours, faint, lightness, nameless, watched } from './report-page.ts';

const pictures = join(projectFolder, 'test-output');
const desktop = { viewport: { width: 1400, height: 1000 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** Names and values without a place to break a line at. */
function longRun(): Run {
  const run = madeRun({ samples: 60 });
  const long = 'x'.repeat(400);
  const stats = {
    ...run.stats,
    entries: run.stats.entries.map((entry) => ({ ...entry, name: `/${long}${entry.name}` })),
  };
  const errors = run.stats.errors.map((error) => ({ ...error, name: `/${long}`, error: long }));
  const options = new Map([[long, long]]);
  return { ...run, host: `https://${long}`, userFiles: [long], remarks: [long], options, stats: { ...stats, errors } };
}

test('the HTML report in a browser', { timeout: 120_000 }, async (t) => {
  const executablePath = await need(t, findChromium);
  if (!executablePath) return;
  await mkdir(pictures, { recursive: true });
  // Debian's root user may not use Chromium's sandbox; the page is our own
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  t.after(() => browser.close());
  /** The report as a file, opened; what it does is checked when the test ends. */
  const open = async (ofTest: TestContext, name: string, run: Run, options: BrowserContextOptions): Promise<Page> => {
    const file = join(pictures, `report-${name}.html`);
    await writeFile(file, htmlReport(run));
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const watch = watched(page);
    const url = pathToFileURL(file).href;
    ofTest.after(async () => {
      await context.close();
      assert.deepEqual([...new Set(watch.requests)], [url], 'nothing but the page itself is loaded');
      assert.deepEqual(watch.messages, [], 'nothing is said in the console');
    });
    await page.goto(url);
    return page;
  };
  const picture = (page: Page, name: string): Promise<unknown> =>
    page.screenshot({ path: join(pictures, `report-${name}.png`), fullPage: true });

  await t.test('all charts are drawn, in the colours of their lines', async (t) => {
    const page = await open(t, 'light', madeRun(), desktop);
    const colours = await chartColours(page);
    assert.equal(colours.length, 8, 'five of the run, three of a name');
    for (const { title, pixels } of colours) assert.ok(pixels > 50, `${title} has ${pixels} points of a line's colour`);
    await picture(page, 'light');
  });
  await t.test('charts share the cursor, and tell the values under it', async (t) => {
    const page = await open(t, 'light', madeRun(), desktop);
    const legends = page.locator('#run-charts .u-legend');
    await page
      .locator('#run-charts .u-over')
      .first()
      .hover({ position: { x: 200, y: 50 } });
    const [rates = '', times = '', users = ''] = await legends.allTextContents();
    assert.match(rates, /At\d:\d\d \(14:1\d:\d\d UTC\)Requests\/s[\d.]+Failures\/s[\d.]+/);
    assert.match(times, /p50\d+ msp95\d+ msp99[\d,]+ ms/);
    assert.match(users, /AdminUser\d+ShopUser\d+All users\d+/);
    const told = /AdminUser(\d+)ShopUser(\d+)All users(\d+)/.exec(users)?.slice(1).map(Number) ?? [];
    assert.equal((told[0] ?? 0) + (told[1] ?? 0), told[2], 'each class tells its own users, not the stack under it');
  });
  await t.test('arrow keys move the cursor of a chart', async (t) => {
    const page = await open(t, 'light', madeRun(), desktop);
    await page.locator('#run-charts .frame').first().focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
    const legend = await page.locator('#run-charts .u-legend').first().textContent();
    assert.match(legend ?? '', /At0:02 /);
  });
  await t.test('a head sorts its table, by keyboard too, and says so', async (t) => {
    const page = await open(t, 'light', madeRun(), desktop);
    const button = page.locator('#request-statistics').getByRole('button', { name: '# Fails' });
    const fails = async (): Promise<number[]> =>
      (await page.locator('#request-statistics tbody tr td:nth-child(4)').allTextContents()).map(Number);
    const before = await fails();
    await button.click();
    assert.deepEqual(
      await fails(),
      before.toSorted((a, b) => b - a),
    );
    assert.equal(await page.locator('#request-statistics [aria-sort]').getAttribute('aria-sort'), 'descending');
    await button.press('Enter');
    assert.deepEqual(
      await fails(),
      before.toSorted((a, b) => a - b),
    );
    assert.equal(await page.locator('#request-statistics [aria-sort]').getAttribute('aria-sort'), 'ascending');
  });
  await t.test('a name in the table leads to its charts', async (t) => {
    const page = await open(t, 'light', madeRun(), desktop);
    await page.locator('#request-statistics').getByRole('link', { name: '/search?q=[words]' }).click();
    const chosen = page.locator('#name');
    assert.equal(await chosen.locator('option:checked').textContent(), 'GET /search?q=[words]');
    const amount = madeRun().stats.entries.find(({ name }) => name.startsWith('/search'))?.numRequests ?? 0;
    await page.getByRole('heading', { name: `Distribution of ${amount.toLocaleString('en-US')} requests` }).waitFor();
  });
  await t.test('a histogram changes its bins', async (t) => {
    const page = await open(t, 'light', madeRun(), desktop);
    const histogram = page.locator('#run-charts .histogram');
    const told = async (): Promise<string> => {
      await histogram.locator('.u-over').hover({ position: { x: 3, y: 50 } });
      return (await histogram.locator('.u-legend').textContent()) ?? '';
    };
    assert.match(await told(), /From0 to 100 ms/);
    await histogram.getByLabel('Bins').selectOption('log');
    assert.match(await told(), /From10 to 12\.6 ms/);
  });
  await t.test('a thousand names: few rows at first, a filter over all, all on demand', async (t) => {
    const page = await open(t, 'large', madeRun({ names: 1000, samples: 400 }), desktop);
    const table = page.locator('#request-statistics');
    const rows = table.locator('tbody tr:visible');
    assert.equal(await rows.count(), 100);
    await table.getByLabel('Filter').fill('SECTION-8 get');
    await table.getByText('25 of 1,000 rows').waitFor();
    const names = await rows.locator('th').allTextContents();
    assert.equal(names.length, 25);
    assert.ok(names.every((name) => name.startsWith('/catalogue/section-8/')));
    await table.getByLabel('Filter').fill('');
    await table.getByRole('button', { name: 'Show all 1,000' }).click();
    assert.equal(await rows.count(), 1000);
    await table.getByRole('button', { name: 'Average', exact: true }).click();
    assert.equal(await rows.count(), 1000);
  });
  await t.test('dark where the system is dark; the button changes it, and charts with it', async (t) => {
    const page = await open(t, 'dark', madeRun(), { ...desktop, colorScheme: 'dark' });
    const isDark = async (): Promise<boolean> => (await lightness(page)) < 100;
    assert.ok(await isDark());
    await picture(page, 'dark');
    const lines = await chartColours(page);
    for (const { title, pixels } of lines) assert.ok(pixels > 50, title);
    const button = page.getByRole('button', { name: 'Theme' });
    await button.click();
    assert.equal(await button.textContent(), 'Theme: light');
    assert.ok(!(await isDark()));
    for (const { title, pixels } of await chartColours(page)) assert.ok(pixels > 50, `${title}, light`);
    assert.notEqual((await chartColours(page))[0]?.colour, lines[0]?.colour);
    await button.click();
    assert.ok(await isDark());
    await page.emulateMedia({ colorScheme: 'light' });
    await page.reload();
    assert.ok(await isDark(), 'the choice is remembered');
    assert.equal((await chartColours(page))[0]?.colour, lines[0]?.colour);
  });
  await t.test('a phone has no page that scrolls sideways, whatever the names', async (t) => {
    for (const [name, run] of [
      ['phone', madeRun()],
      ['phone-hostile', hostileRun()],
      ['phone-long', longRun()],
    ] as const) {
      const page = await open(t, name, run, phone);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      assert.equal(width, 390, name);
      for (const { title, pixels } of await chartColours(page)) assert.ok(pixels > 20, `${name}: ${title}`);
      await picture(page, name);
    }
  });
  await t.test('in print it is light, whole, and without what can only be clicked', async (t) => {
    const page = await open(t, 'print', madeRun(), { ...desktop, colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.locator('html[data-theme=light]').waitFor();
    assert.ok((await lightness(page)) > 200);
    assert.equal(await page.locator('button:visible:not(thead button)').count(), 0);
    for (const { title, pixels } of await chartColours(page)) assert.ok(pixels > 50, title);
    await page.pdf({
      path: join(pictures, 'report-print.pdf'),
      format: 'A4',
      margin: { top: '14mm', bottom: '14mm', left: '12mm', right: '12mm' },
    });
  });
  await t.test('texts that hold markup are shown as they are, and run nothing', async (t) => {
    const run = hostileRun();
    const page = await open(t, 'hostile', run, desktop);
    page.on('dialog', (dialog) => assert.fail(`a script said ${dialog.message()}`));
    assert.equal(await page.locator('script').count(), 2);
    assert.equal(await page.locator('h1').textContent(), `Load test of ${run.host}`);
    const names = await page.locator('#request-statistics tbody th').allTextContents();
    assert.deepEqual(names.sort(), run.stats.entries.map(({ name }) => name).sort());
    const options = await page.locator('#name option').allTextContents();
    assert.deepEqual(options.slice(1).sort(), run.stats.entries.map(({ method, name }) => `${method} ${name}`).sort());
    assert.equal(await page.locator('.marks li').textContent(), `0:05: ${run.remarks[0]}`);
    await page.getByText('Show', { exact: true }).click();
    assert.equal(await page.locator('pre').textContent(), run.exceptions[0]?.traceback);
  });
  await t.test('a script that a report did not bring may not run', async (t) => {
    const file = join(pictures, 'report-injected.html');
    await writeFile(
      file,
      htmlReport(madeRun()).replace('<main>', '<main><script>document.title = "taken over"</script>'),
    );
    const page = await browser.newPage();
    t.after(() => page.close());
    const { messages } = watched(page);
    await page.goto(pathToFileURL(file).href);
    assert.match(await page.title(), /^Load test of/);
    assert.match(messages.join(), /Content Security Policy/);
  });
  await t.test('without scripts all tables are there, with all rows', async (t) => {
    const page = await open(t, 'scriptless', madeRun({ names: 150 }), { ...desktop, javaScriptEnabled: false });
    assert.equal(await page.locator('#request-statistics tbody tr:visible').count(), 150);
    assert.equal(await page.locator('#charts').isVisible(), false);
  });
  await t.test('each control and table has a name, headings go down by one, text stands out', async (t) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(t, colorScheme, madeRun(), { ...desktop, colorScheme });
      assert.deepEqual(await nameless(page), []);
      assert.deepEqual(await faint(page), []);
      const heads = await page.locator('h1, h2, h3').all();
      const levels = await Promise.all(
        heads.map((head) => head.evaluate((element: { tagName: string }) => Number(element.tagName[1]))),
      );
      assert.equal(levels.filter((level) => level === 1).length, 1);
      for (const [at, level] of levels.entries()) assert.ok(level <= (levels[at - 1] ?? 0) + 1, `heading ${at}`);
    }
  });
});
