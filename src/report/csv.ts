import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { toError, UsageError } from '../errors.ts';
import { CsvFile } from './csv-file.ts';
import {
  type Cells,
  exceptionRows,
  exceptionTitles,
  failureRows,
  failureTitles,
  historyRows,
  historyTitles,
  statsRows,
  statsTitles,
} from './csv-rows.ts';
import type { RunRecord } from './record.ts';

interface Files {
  readonly stats: CsvFile;
  readonly history: CsvFile;
  readonly failures: CsvFile;
  readonly exceptions: CsvFile;
}

/** As Python's csv module writes it. */
const textOf = (rows: readonly Cells[]): string => stringify([...rows], { record_delimiter: '\r\n' });

/**
 * The files of `--csv`: PREFIX_stats.csv, _failures.csv and _exceptions.csv are rewritten each second, _stats_history.csv
 * grows. Locust's `StatsCSVFileWriter`.
 *
 * A write that fails, on a full disk for instance, never keeps the other files from being written: `second` and `finish`
 * try all of them, then throw an `AggregateError` whose message names each file and its reason. The next second tries
 * again; rows of the history that could not be written are missing then.
 *
 * @example
 * const csv = CsvFiles.open('out/run', false);
 * csv.second(record); // each second, after record.keep
 * csv.finish(record);
 */
export class CsvFiles {
  readonly #files: Files;
  readonly #withFullHistory: boolean;
  #hasHistory = false;
  /** What the last rows of the history were about. */
  #time = Number.NaN;

  private constructor(files: Files, withFullHistory: boolean) {
    this.#files = files;
    this.#withFullHistory = withFullHistory;
  }

  /**
   * Opens all four, with their folder, and empties them. A UsageError if one cannot be written; then nothing of a former
   * run is lost.
   */
  static open(prefix: string, withFullHistory: boolean): CsvFiles {
    const opened: CsvFile[] = [];
    const open = (end: string): CsvFile => {
      const file = openFile(`${prefix}_${end}.csv`);
      opened.push(file);
      return file;
    };
    try {
      const [stats, history] = [open('stats'), open('stats_history')];
      const files = { stats, history, failures: open('failures'), exceptions: open('exceptions') };
      for (const file of opened) file.rewrite('');
      return new CsvFiles(files, withFullHistory);
    } catch (error) {
      for (const file of opened) file.close();
      throw error;
    }
  }

  /** Writes what the record holds now; it is on its way to the disk when this returns. */
  second(record: RunRecord): void {
    report(this.#write(record));
  }

  /** Writes the last figures and closes the files. */
  finish(record: RunRecord): void {
    const failed = this.#write(record, record.time !== this.#time);
    for (const file of Object.values(this.#files)) failed.push(...tried(file, () => file.close()));
    report(failed);
  }

  #write(record: RunRecord, hasNews = true): Error[] {
    const { stats, history, failures, exceptions } = this.#files;
    return [
      ...tried(stats, () => stats.rewrite(textOf([statsTitles, ...statsRows(record)]))),
      ...(hasNews ? tried(history, () => this.#addHistory(record)) : []),
      ...tried(failures, () => failures.rewrite(textOf([failureTitles, ...failureRows(record.failures)]))),
      ...tried(exceptions, () => exceptions.rewrite(textOf([exceptionTitles, ...exceptionRows(record.exceptions)]))),
    ];
  }

  #addHistory(record: RunRecord): void {
    const rows = historyRows(record, this.#withFullHistory);
    this.#files.history.append(textOf(this.#hasHistory ? rows : [historyTitles, ...rows]));
    this.#hasHistory = true;
    this.#time = record.time;
  }
}

function openFile(path: string): CsvFile {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return new CsvFile(path);
  } catch (error) {
    const { message } = toError(error);
    throw new UsageError(
      `--csv: ${path} cannot be written (${message}); give a prefix in a folder where files may be`,
      {
        cause: error,
      },
    );
  }
}

function tried({ path }: CsvFile, write: () => void): Error[] {
  try {
    write();
    return [];
  } catch (error) {
    return [new Error(`${path} could not be written: ${toError(error).message}`, { cause: error })];
  }
}

function report(failed: readonly Error[]): void {
  if (failed.length > 0) throw new AggregateError(failed, failed.map(({ message }) => message).join('; '));
}
