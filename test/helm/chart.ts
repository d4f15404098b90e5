// The chart, rendered.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../tools/katydid.ts';
import { type Ran, tryRun } from '../tools/run.ts';

export const chartFolder: string = join(projectFolder, 'helm', 'katydid');

/** Values that the chart is tested with: by name, the files that hold them. `default` has none. */
export async function valueSets(): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = (await readdir(join(chartFolder, 'ci'))).filter((file) => file.endsWith('-values.yaml')).sort();
  const sets = files.map((file): [string, string[]] => {
    return [file.replace('-values.yaml', ''), ['--values', join(chartFolder, 'ci', file)]];
  });
  return new Map([['default', []], ...sets]);
}

/** `helm template` with these values and flags. */
export const template = (helm: string, ...flags: readonly string[]): Promise<Ran> =>
  tryRun(join(helm, 'helm'), ['template', 'load', chartFolder, ...flags]);
