import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { parse } from 'csv-parse/sync';
import { katydidCli } from '../tools/katydid.ts';
import { Child } from './child.ts';
import { finalRows } from './console-tables.ts';
import { Target } from './target.ts';
import { userFile } from './worker.ts';

/** A run without a master: its target, and a folder for its reports. */
export interface HeadlessScene {
  readonly target: Target;
  readonly folder: string;
  /** Starts the program; `{}` in an argument is the folder. */
  start(...argv: string[]): Child;
}

export async function headlessScene(t: TestContext, users = 'shop.ts'): Promise<HeadlessScene> {
  const target = await Target.start();
  t.after(() => target.close());
  const folder = await mkdtemp(join(tmpdir(), 'katydid-headless-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const start = (...argv: string[]): Child => {
    const own = argv.map((word) => word.replace('{}', folder));
    const flags = ['--headless', '-f', userFile(users), '-H', target.url, ...own];
    const child = new Child('katydid', process.execPath, [katydidCli, ...flags]);
    t.after(() => child.end('SIGKILL'));
    return child;
  };
  return { target, folder, start };
}

/** The requests of a run, by where they were told of. */
export interface Totals {
  readonly console: number;
  readonly csv: number;
  readonly history: number;
  readonly json: number;
  readonly html: number;
}

/** Flags that write all reports; read back by `totalsOf`. */
export const allReports = ['--csv', '{}/run', '--html', '{}/run.html', '--json-file', '{}/run'] as const;

/** How many requests each of the reports says that there were. */
export async function totalsOf(folder: string, output: string): Promise<Totals> {
  const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const rows = (csv: string): Record<string, string>[] => parse(csv, { columns: true }) as Record<string, string>[];
  const html = await text('run.html');
  const json = JSON.parse(await text('run.json')) as { num_requests: number }[];
  return {
    console: finalRows(output).get('Aggregated')?.requests ?? -1,
    csv: Number(rows(await text('run_stats.csv')).find(({ Name }) => Name === 'Aggregated')?.['Request Count']),
    history: Number(rows(await text('run_stats_history.csv')).at(-1)?.['Total Request Count']),
    json: json.reduce((sum, { num_requests }) => sum + num_requests, 0),
    html: Number(/Aggregated.*?<td[^>]*>([\d,]+)<\/td>/s.exec(html)?.[1]?.replaceAll(',', '')),
  };
}
