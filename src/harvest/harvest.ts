import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { UsageError } from '../errors.ts';
import { rowsOf } from './distribution.ts';
import { EventSorter } from './event-sorter.ts';
import { harvestPage } from './harvest-page.ts';
import { isoOf, type TimeWindow } from './moment.ts';
import { type ListHead, PayloadFiles, wholeList } from './payload-files.ts';
import { LogReading } from './reading.ts';
import { remarksOf } from './remarks.ts';
import { type HarvestResult, resultFormat } from './result.ts';
import type { RunFolder } from './run-folder.ts';
import { Settler } from './settler.ts';
import type { LogSource } from './source.ts';
import { summaryOf } from './summary.ts';
import { type Known, Tally } from './tally.ts';

export interface HarvestSettings {
  /** The run's name, for people. */
  readonly run: string;
  /** Where the files go. It is finished, or discarded if anything fails. */
  readonly folder: RunFolder;
  readonly window: TimeWindow;
  /** Width of a bucket, in whole ms. */
  readonly binMilliseconds: number;
  readonly sources: readonly LogSource[];
  /** Whether `payloads.csv` is written: a row for each payload. */
  readonly isWhole: boolean;
  /** Records that are sorted at once; the usual number if not given. */
  readonly recordsInMemory?: number | undefined;
  /** The page with the charts; the usual one if not given. */
  readonly makePage?: typeof harvestPage;
  /** Lines so far. */
  readonly onProgress?: ((lines: number) => void) | undefined;
}

/**
 * Reads logs of workers and application, and writes what became of the payloads that were published in the window:
 * distributions and lists as CSV, `harvest.json`, `harvest.html` and `run.log`.
 *
 * Memory is bounded by the number of devices, not by that of lines: events are sorted on disk (32 bytes each, beside the
 * run's folder), then looked at payload by payload. So the logs may come in any order, and nothing is guessed.
 *
 * @example await harvest({ run: 'night', folder: new RunFolder('runs/night', false), window: windowOf(start, end), … })
 */
export async function harvest(settings: HarvestSettings): Promise<HarvestResult> {
  const { folder } = settings;
  const sorter = new EventSorter(join(folder.path, 'events'), settings.recordsInMemory);
  try {
    const reading = new LogReading(sorter);
    for (const source of settings.sources) {
      await reading.read(source, () => settings.onProgress?.(reading.counts.total));
    }
    const { result, lists } = settle(settings, reading, sorter, folder.path);
    writeReports(folder.path, result, (settings.makePage ?? harvestPage)(result, lists));
    folder.finish(settings.isWhole ? [] : [wholeList]);
    return result;
  } finally {
    sorter.close();
    folder.discard();
  }
}

function settle(
  { run, window, binMilliseconds, sources, isWhole }: HarvestSettings,
  reading: LogReading,
  sorter: EventSorter,
  folder: string,
): { readonly result: HarvestResult; readonly lists: readonly ListHead[] } {
  const known: Known = {
    hasPublishing: sorter.has('publishing'),
    hasApplication: sorter.has('echoed') || sorter.has('lost'),
  };
  const files = new PayloadFiles(folder, isWhole);
  const tally = new Tally(window, binMilliseconds * 1000, known, files);
  const settler = new Settler(tally);
  const repeated = sorter.drain(settler);
  settler.end();
  const lists = files.close();
  const payloads = tally.counts;
  if (payloads.published + payloads.echoed === 0) throw new UsageError(whyNone(reading, known, tally, window));
  const result: HarvestResult = {
    format: resultFormat,
    run,
    window: { start: isoOf(window.start), end: isoOf(window.end) },
    windowBy: known.hasPublishing ? 'publishing' : 'arrival',
    binMilliseconds,
    devices: tally.devices,
    payloads,
    responseTimes: tally.responseTimes.data(),
    executionTimes: tally.executionTimes.data(),
    lines: { ...reading.counts, repeated },
    tornLines: reading.tornLines,
    logs: sources.map(({ name }) => name),
    remarks: remarksOf(known, payloads, tally.receivedUnanswered, { ...reading.counts, repeated }, reading.broken),
  };
  return { result, lists };
}

function whyNone(reading: LogReading, known: Known, tally: Tally, window: TimeWindow): string {
  const { total, told } = reading.counts;
  const lines = `${total} ${total === 1 ? 'line' : 'lines'}`;
  if (told === 0) {
    return `no payload is told of in ${lines}; lines such as 'publishing LTK00001 payload 12 at 2019-01-04T20:00:00.123Z' are looked for`;
  }
  const between = `from ${isoOf(window.start)} up to ${isoOf(window.end)}`;
  if (!known.hasPublishing)
    return `no payload reached the application ${between}, and no log says that one was published`;
  const span = `${isoOf(tally.firstPublished)} to ${isoOf(tally.lastPublished)}`;
  return `no payload was published ${between}; the logs have those of ${span}`;
}

function writeReports(folder: string, result: HarvestResult, page: string): void {
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  const table = (data: HarvestResult['responseTimes']): string =>
    stringify([['milliseconds', 'count'], ...rowsOf(data, result.binMilliseconds)]);
  write('response-times.csv', table(result.responseTimes));
  write('execution-times.csv', table(result.executionTimes));
  write('harvest.json', `${JSON.stringify(result, undefined, 2)}\n`);
  write('run.log', `${summaryOf(result).join('\n')}\n`);
  write('harvest.html', page);
}
