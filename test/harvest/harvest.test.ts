import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { harvest } from '../../src/harvest/harvest.ts';
import type { TimeWindow } from '../../src/harvest/moment.ts';
import type { HarvestResult } from '../../src/harvest/result.ts';
import { RunFolder } from '../../src/harvest/run-folder.ts';
import { logSources } from '../../src/harvest/source.ts';
import { temporaryFolder } from '../report/temporary-folder.ts';
import { at, echo, hour, lineOf } from './logs.ts';

const minute = 60_000;
const nothing = Readable.from([]);

interface Harvested {
  readonly result: HarvestResult;
  /** Of a list, as rows by column. */
  readonly rows: (file: string) => Promise<readonly Record<string, string>[]>;
  readonly folder: string;
}

/** Harvests files of these names and contents. */
async function harvested(
  t: TestContext,
  files: Readonly<Record<string, string | Buffer>>,
  window: TimeWindow = hour,
): Promise<Harvested> {
  const place = await temporaryFolder(t);
  await mkdir(join(place, 'logs'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(place, 'logs', name), text);
  const folder = join(place, 'runs', 'night');
  const result = await harvest({
    run: 'night',
    folder: new RunFolder(folder, false),
    window,
    binMilliseconds: 100,
    sources: logSources([join(place, 'logs')], nothing),
    isWhole: true,
  });
  const rows = async (file: string) =>
    parse(await readFile(join(folder, file)), { columns: true }) as Record<string, string>[];
  return { result, rows, folder };
}

const text = (...lines: readonly (string | readonly string[])[]): string => `${lines.flat().join('\n')}\n`;

test('a list of payloads that an earlier harvest of the run made does not stay beside another', async (t) => {
  const { folder } = await harvested(t, { log: text(echo('d', 1, 0, 100)) });
  assert.ok((await readdir(folder)).includes('payloads.csv'));
  await harvest({
    ...{ run: 'night', folder: new RunFolder(folder, true), window: hour, binMilliseconds: 100, isWhole: false },
    sources: logSources([join(folder, '..', '..', 'logs')], nothing),
  });
  const files = await readdir(folder);
  assert.deepEqual([files.includes('payloads.csv'), files.includes('lost.csv')], [false, true]);
});

test('the histogram has each echo that came back', async (t) => {
  const { result, rows } = await harvested(t, {
    log: text(echo('d', 1, 0, 80), echo('d', 2, minute, 100), echo('e', 1, 0, 101, 50)),
  });
  assert.deepEqual(result.responseTimes.buckets, [
    [100, 2],
    [200, 1],
  ]);
  assert.deepEqual(await rows('response-times.csv'), [
    { milliseconds: '100', count: '2' },
    { milliseconds: '200', count: '1' },
  ]);
  assert.deepEqual(await rows('execution-times.csv'), [{ milliseconds: '100', count: '3' }]);
  assert.deepEqual([result.payloads.published, result.payloads.received, result.payloads.echoed], [3, 3, 3]);
  assert.equal(result.devices, 2);
});

test('a payload belongs to the window in which it was published, with all that follows', async (t) => {
  const last = 60 * minute - 1;
  const { result, rows } = await harvested(t, {
    log: text(echo('d', 1, -1, 100), echo('d', 2, 0, 100), echo('d', 3, last, 5000, 4000), echo('d', 4, last + 1, 100)),
  });
  assert.deepEqual(
    (await rows('payloads.csv')).map(({ payload }) => payload),
    ['2', '3'],
  );
  assert.deepEqual([result.payloads.received, result.payloads.echoed], [2, 2]);
});

test('lost, unanswered and late payloads are listed', async (t) => {
  const event = (kind: string, number: number, time: number): string => lineOf({ kind, device: 'd', number, time });
  const { result, rows } = await harvested(t, {
    log: text(
      [event('publishing', 1, 0), event('lost', 1, 5), event('timeout', 1, 30_000)],
      [event('publishing', 2, 0), event('timeout', 2, 30_000)],
      [event('publishing', 3, 0), event('timeout', 3, 30_000), event('late', 3, 31_000)],
      [lineOf({ kind: 'echoed', device: 'd', number: 3, time: 30_500, took: 30_400 })],
    ),
  });
  const named = { device: 'd', published: at(0) };
  assert.deepEqual(await rows('lost.csv'), [
    { ...named, payload: '1', timedOut: 'yes', application: 'lost' },
    { ...named, payload: '2', timedOut: 'yes', application: '' },
  ]);
  assert.deepEqual(await rows('unanswered.csv'), [
    { ...named, payload: '1', application: 'lost', received: '' },
    { ...named, payload: '2', application: '', received: '' },
  ]);
  assert.deepEqual(await rows('late.csv'), [{ ...named, payload: '3', received: at(31_000), milliseconds: '31000' }]);
  const { timedOut, dropped, received } = result.payloads;
  assert.deepEqual([timedOut, dropped, received, result.responseTimes.count], [3, 1, 0, 0]);
});

test('a log that is there twice counts once', async (t) => {
  const log = text(echo('d', 1, 0, 80));
  const { result } = await harvested(t, { 'a.log': log, 'b.log.gz': gzipSync(log) });
  assert.deepEqual([result.payloads.received, result.payloads.repeated, result.lines.repeated], [1, 0, 3]);
});

test('a packed log that is cut off is read as far as it goes', async (t) => {
  const lines = Array.from({ length: 3000 }, (_, number) => echo(`d${(number * 7919) % 3001}`, number, number, 80));
  const packed = gzipSync(text(...lines));
  const { result } = await harvested(t, { 'a.log.gz': packed.subarray(0, packed.length >> 1) });
  assert.ok(result.payloads.published > 500 && result.payloads.published < 3000, String(result.payloads.published));
  assert.match(result.remarks.join('\n'), /a\.log\.gz was read up to where it is damaged/);
});

test('two packed logs in one file are both read', async (t) => {
  const packed = Buffer.concat([gzipSync(text(echo('d', 1, 0, 80))), gzipSync(text(echo('d', 2, 0, 80)))]);
  assert.equal((await harvested(t, { 'a.log': packed })).result.payloads.received, 2);
});

test('a log that is packed otherwise is refused', async (t) => {
  const packed = Buffer.from('28b52ffd00000000', 'hex');
  await assert.rejects(harvested(t, { 'a.zst': packed }), /a\.zst is packed with zstd; unpack it first/);
});

test('other lines and torn ones are counted, and the first torn ones shown', async (t) => {
  const { result, folder } = await harvested(t, {
    'a.log': text('[…] hello', echo('d', 1, 0, 80), 'publishing d payload 2 at \u001b]0;2026-'),
  });
  assert.deepEqual(result.lines, { total: 5, told: 3, others: 1, torn: 1, repeated: 0 });
  assert.equal(result.tornLines[0]?.line, 5);
  assert.equal(result.tornLines[0]?.text, 'publishing d payload 2 at ·]0;2026-');
  assert.match(await readFile(join(folder, 'run.log'), 'utf8'), / {2}torn: .*a\.log:5: publishing d/);
});

test('without a log of the application, what was never answered is not known', async (t) => {
  const { result } = await harvested(t, { log: text(lineOf({ kind: 'publishing', device: 'd', number: 1, time: 0 })) });
  assert.deepEqual([result.payloads.lost, result.payloads.unanswered, result.executionTimes.count], [1, null, 0]);
  assert.match(result.remarks.join('\n'), /No log of the application was read/);
});

test('of a log of the application alone, the arrival decides', async (t) => {
  const echoed = (number: number, time: number, took: number): string =>
    lineOf({ kind: 'echoed', device: 'd', number, time, took });
  const { result } = await harvested(t, {
    log: text(echoed(1, 5, 10), echoed(2, 5, 5), echoed(3, 60 * minute + 5, 10)),
  });
  assert.deepEqual([result.windowBy, result.payloads.echoed, result.executionTimes.max], ['arrival', 2, 10]);
  assert.match(result.remarks.join('\n'), /No log of a worker was read/);
});

test('an answer whose publishing is in no log is told of, and does not count', async (t) => {
  const lines = [echo('d', 1, 0, 80), echo('d', 2, 0, 80).slice(1)];
  const { result } = await harvested(t, { log: text(...lines) });
  assert.deepEqual([result.payloads.echoed, result.payloads.received, result.payloads.strays], [1, 1, 2]);
});

test('an echo that came back without a word of the application is told of', async (t) => {
  const [publishing = '', , received = ''] = echo('d', 2, 0, 80);
  const { result } = await harvested(t, { log: text(echo('d', 1, 0, 80), publishing, received) });
  assert.deepEqual([result.payloads.received, result.payloads.unanswered], [2, 1]);
  assert.match(result.remarks.join('\n'), /though no log says that they were answered: 1;/);
});

test('a device that starts again counts from the beginning: its payloads stay apart', async (t) => {
  const { result } = await harvested(t, { log: text(echo('d', 0, 0, 80), echo('d', 0, minute, 180)) });
  assert.deepEqual([result.payloads.published, result.payloads.received, result.responseTimes.max], [2, 2, 180]);
});

test('without a payload in the window, it is told when there were any, and nothing is written', async (t) => {
  const place = await temporaryFolder(t);
  await writeFile(join(place, 'log'), text(echo('d', 1, -2 * minute, 80), echo('d', 2, -minute, 80)));
  const folder = join(place, 'runs', 'night');
  const settings = { run: 'night', window: hour, binMilliseconds: 100, isWhole: false };
  await assert.rejects(
    harvest({ ...settings, folder: new RunFolder(folder, false), sources: logSources([join(place, 'log')], nothing) }),
    /no payload was published from .* up to .*; the logs have those of 2026-11-21T15:58:00\.000Z to 2026-11-21T15:59:00\.000Z$/,
  );
  assert.deepEqual(await readdir(join(place, 'runs')), []);
});

test('names of devices are kept as they are', async (t) => {
  const { rows } = await harvested(t, { log: text(echo('gerät,"1"', 1, 0, 80)) });
  assert.equal((await rows('payloads.csv'))[0]?.device, 'gerät,"1"');
});
