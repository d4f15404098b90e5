import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { run } from '../tools/run.ts';
import { type Traffic, traces } from './traffic.ts';

/** What Python's Locust prints, and how. */
export interface PythonReports {
  readonly current: string;
  readonly final: string;
  readonly percentiles: string;
  readonly errors: string;
  readonly json: unknown;
}

const script = fileURLToPath(new URL('reports.py', import.meta.url));

/** Lets the unmodified Locust report on the traffic; its CSV files have the prefix `locust` in the folder. */
export async function pythonReports(
  traffic: Traffic,
  folder: string,
  { fullHistory = false, nameWidth = 80 }: { fullHistory?: boolean; nameWidth?: number } = {},
): Promise<PythonReports> {
  const { python } = await findLocust(newestLocust);
  const [given, out] = [join(folder, 'given.json'), join(folder, 'out.json')];
  const exceptions = traces.map(({ count, message, traceback, nodes }) => ({ count, msg: message, traceback, nodes }));
  const prefix = join(folder, 'locust');
  await writeFile(given, JSON.stringify({ ...traffic, exceptions, fullHistory, nameWidth, prefix }));
  await run(python, [script, given, out]);
  return JSON.parse(await readFile(out, 'utf8'));
}
