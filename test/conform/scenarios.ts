// Runs the Python harness beside this file and reads its report.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { katydidCli } from '../tools/katydid.ts';
import { tryRun } from '../tools/run.ts';

/** What one scenario showed: `lines` are faults, `should` are differences that the master copes with. */
export interface Scenario {
  readonly name: string;
  readonly ok: boolean;
  readonly lines: readonly string[];
  readonly should: readonly string[];
}

/** A difference that is better on purpose: the `should` lines of that scenario that begin with `difference`. */
export interface Exception {
  readonly scenario: string;
  readonly difference: string;
  readonly reason: string;
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const quoted = (word: string): string => `'${word.replaceAll("'", `'"'"'`)}'`;

/** The command line of a worker for the harness, which puts the port in. */
export const workerCommand = (...options: readonly string[]): string =>
  [process.execPath, katydidCli, '--worker', '-f', file('users.ts')].map(quoted).join(' ') +
  ` --master-host 127.0.0.1 --master-port {port} ${options.join(' ')}`;

/** Plays all scenarios against a worker, four at a time, and compares with the reference. */
export async function playScenarios(python: string, worker: string): Promise<readonly Scenario[]> {
  const folder = await mkdtemp(join(tmpdir(), 'katydid-conform-'));
  const report = join(folder, 'report.json');
  try {
    const args = ['--suite', 'shared', '--load', file('ref-2.47.0.json'), '--json', report, '-j', '4', '-v'];
    const { output } = await tryRun(python, [file('run.py'), ...args, '--worker', worker]);
    const text = await readFile(report, 'utf8').catch(() => {
      throw new Error(`the harness left no report:\n${output.slice(-4000)}`);
    });
    const found = JSON.parse(text) as Record<string, Omit<Scenario, 'name'>>;
    return Object.entries(found).map(([name, { ok, lines, should }]) => ({ name, ok, lines, should }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The listed exceptions, from `should.json`. */
export async function readExceptions(): Promise<readonly Exception[]> {
  return JSON.parse(await readFile(file('should.json'), 'utf8')) as readonly Exception[];
}

/** Plays `real_master.py`: an unmodified master of one version, two workers, its web API. Returns what it printed. */
export async function playRealMaster(python: string, locust: string, worker: string): Promise<string> {
  const { code, output } = await tryRun(python, [
    file('real_master.py'),
    '--locust',
    locust,
    '--worker',
    worker,
    '-n',
    '2',
  ]);
  if (code !== 0) throw new Error(output);
  return output;
}
