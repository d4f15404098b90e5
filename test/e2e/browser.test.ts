import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../tools/chromium.ts';
import { projectFolder } from '../tools/katydid.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { userFile } from './worker.ts';

const pictures = join(projectFolder, 'test-output');

const openTab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();

const requestsOf = async (page: Page, name: string): Promise<number> =>
  Number(await page.getByRole('row', { name }).getByRole('cell').nth(2).textContent());

test('a person drives TypeScript users in the web UI of the newest Locust', { timeout: 120_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  const executablePath = await need(t, findChromium);
  if (!locust || !executablePath) return;
  await mkdir(pictures, { recursive: true });
  const scene = await Scene.open(t, locust, { users: userFile('shop.ts') });
  // Debian's root user may not use Chromium's sandbox; the page is our own master's
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.setDefaultTimeout(15_000);
  const broken: string[] = [];
  page.on('pageerror', (error) => broken.push(error.message));
  const picture = (name: string): Promise<unknown> => page.screenshot({ path: join(pictures, `${name}.png`) });

  await t.test('the start form shows the classes and the custom arguments', async () => {
    await page.goto(scene.master.web.url);
    await page.getByRole('cell', { name: 'BrowserUser' }).waitFor();
    await page.getByRole('button', { name: 'Custom parameters' }).click();
    await page.getByLabel('tenant').fill('purple');
    await page.getByLabel('Number of users').fill('12');
    await page.getByLabel('Ramp up').fill('12');
    await picture('1-start');
  });
  await t.test('Start makes rows that grow', async () => {
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('row', { name: 'GET /browse' }).waitFor();
    const first = await requestsOf(page, 'GET /browse');
    await until('the row grows', async () => (await requestsOf(page, 'GET /browse')) > first + 20);
    assert.ok(scene.target.count('GET /told/purple/3') > 0, 'the custom argument reached the users');
    await picture('2-statistics');
  });
  await t.test('the Workers tab shows both workers at work', async () => {
    await openTab(page, 'Workers');
    const busy = page.getByRole('row').filter({ hasText: 'running' });
    await until('two rows say running', async () => (await busy.count()) === 2);
    await picture('3-workers');
  });
  await t.test('the Exceptions tab shows the lines of the TypeScript file', async () => {
    await openTab(page, 'Exceptions');
    const row = page.getByRole('row').filter({ hasText: 'the shop is broken' });
    await row.waitFor();
    assert.match((await row.textContent()) ?? '', /shop\.ts:68/);
    await picture('4-exceptions');
  });
  await t.test('the Logs tab shows what each worker logged', async () => {
    await openTab(page, 'Logs');
    const ids = (await scene.master.web.statistics()).workers.map(({ id }) => id);
    for (const id of ids) {
      // the page writes the ids in its own way, but for their last digits
      await page.getByRole('button', { name: new RegExp(id.slice(-20), 'i') }).click();
    }
    await until('each has lines', async () => {
      const texts = await page.getByRole('region').allTextContents();
      return texts.length === 2 && texts.every((text) => text.length > 20);
    });
    await picture('5-logs');
  });
  await t.test('Stop ends the test', async () => {
    await openTab(page, 'Statistics');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('stopped', { exact: true }).waitFor();
    await scene.ready();
    await picture('6-stopped');
    assert.deepEqual(broken, [], 'the page itself threw nothing');
  });
});
