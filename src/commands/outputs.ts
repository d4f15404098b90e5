import { closeSync, existsSync, mkdirSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { CsvFiles } from '../report/csv.ts';
import { htmlReport } from '../report/html.ts';
import { jsonReport } from '../report/json.ts';
import type { RunRecord } from '../report/record.ts';
import type { Run } from '../report/run.ts';
import type { Arguments } from './arguments.ts';

/** Where the reports of a run go. */
export interface OutputSettings {
  readonly csv?: string | undefined;
  readonly hasFullHistory: boolean;
  readonly html?: string | undefined;
  /** With its ending. */
  readonly jsonFile?: string | undefined;
  /** On stdout. */
  readonly json: boolean;
}

/** What the flags say; `users`, `spawnRate` and `runTime` fill in the tags of the HTML report's name. */
export function outputSettings(args: Arguments): OutputSettings {
  const text = (name: string): string | undefined => args[name] as string | undefined;
  if (args.csvFullHistory === true && args.csv === undefined) throw new UsageError('--csv-full-history requires --csv');
  const jsonFile = text('jsonFile');
  return {
    csv: text('csv'),
    hasFullHistory: args.csvFullHistory === true,
    html: text('html'),
    // Locust's rule: the ending is added, whatever the name.
    jsonFile: jsonFile === undefined ? undefined : `${jsonFile}.json`,
    json: args.json === true,
  };
}

/** `report_{u}_{r}_{t}.html` with users, rate and time, as far as they were given. Locust's `process_html_filename`. */
export function htmlName(name: string, users?: number | null, rate?: number | null, seconds?: number | null): string {
  const values = { u: users, r: rate, t: seconds };
  return name.replace(/\{([urt])\}/g, (tag, letter: 'u' | 'r' | 't') => String(values[letter] ?? tag));
}

/**
 * The reports of a run. Each is written for itself: one that cannot be written is told of, and keeps no other from
 * being written.
 */
export class Outputs {
  readonly #settings: OutputSettings;
  readonly #csv: CsvFiles | undefined;
  /** What could not be written. */
  readonly #lost = new Set<string>();
  #printed: Promise<void> = Promise.resolve();

  /** Opens or tries all of them; one that cannot be written is a `UsageError`. */
  constructor(settings: OutputSettings) {
    this.#settings = settings;
    const { csv, html, jsonFile } = settings;
    if (html !== undefined) tryFile(html, '--html');
    if (jsonFile !== undefined) tryFile(jsonFile, '--json-file');
    if (csv !== undefined) {
      makeFolder(csv, '--csv');
      this.#csv = CsvFiles.open(csv, settings.hasFullHistory);
    }
  }

  /** Whether anything could not be written. */
  get hasLost(): boolean {
    return this.#lost.size > 0;
  }

  /** What goes into the CSV files while the run goes on. */
  second(record: RunRecord): void {
    this.#write(`the CSV history ${this.#settings.csv}`, () => this.#csv?.second(record));
  }

  /** All reports of a run that has ended. `run` is called for those that need it. */
  finish(record: RunRecord, run: () => Run): void {
    const { csv, html, jsonFile, json } = this.#settings;
    if (csv !== undefined) this.#write(`the CSV files ${csv}`, () => this.#csv?.finish(record));
    if (jsonFile !== undefined) this.#file('the JSON file', jsonFile, () => jsonReport(record.totals));
    if (json) this.#print(`${jsonReport(record.totals)}\n`);
    if (html !== undefined) this.#file('the HTML report', html, () => htmlReport(run()));
  }

  /** Resolves when stdout has taken what was printed. */
  get printed(): Promise<void> {
    return this.#printed;
  }

  /** Tells of what else could not be written. */
  lost(what: string, reason: string): void {
    if (this.#lost.has(what)) return;
    this.#lost.add(what);
    log.error(`${what} could not be written: ${reason}`);
  }

  #print(text: string): void {
    this.#printed = new Promise((resolve) => {
      process.stdout.once('error', () => {});
      process.stdout.write(text, (error) => {
        if (error) this.lost('the JSON on stdout', error.message);
        resolve();
      });
    });
  }

  #file(what: string, path: string, text: () => string): void {
    this.#write(`${what} ${path}`, () => writeFileSync(path, text()));
  }

  #write(what: string, write: () => unknown): void {
    try {
      write();
    } catch (thrown) {
      this.lost(what, (thrown as Error).message);
    }
  }
}

function tryFile(path: string, flag: string): void {
  makeFolder(path, flag);
  try {
    const isNew = !existsSync(path);
    closeSync(openSync(path, 'a'));
    if (isNew) unlinkSync(path);
  } catch (thrown) {
    throw new UsageError(`${flag} ${path} cannot be written: ${(thrown as Error).message}`);
  }
}

function makeFolder(path: string, flag: string): void {
  try {
    makeParents(path);
  } catch (thrown) {
    throw new UsageError(`${flag} ${path}: its folder cannot be made: ${(thrown as Error).message}`);
  }
}

/** Not by `mkdir`'s own recursion: Node's never ends where a folder's parent is there and says ENOENT, as in /proc. */
function makeParents(path: string): void {
  const folder = dirname(path);
  if (existsSync(folder)) return;
  makeParents(folder);
  mkdirSync(folder);
}
