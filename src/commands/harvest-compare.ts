import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { comparedFigures, comparisonTable, readResult } from '../harvest/comparison.ts';
import { comparisonPage } from '../harvest/comparison-page.ts';
import { runFolderOf } from '../harvest/run-folder.ts';
import { argumentsOf, check, parser } from './arguments.ts';
import type { Flag } from './flags.ts';

const flags: Readonly<Record<string, Flag>> = {
  'runs-dir': { type: 'string', requiresArg: true, default: 'runs', describe: 'The folder that holds the runs' },
  html: { type: 'string', requiresArg: true, describe: 'The page with the charts; in --runs-dir if not given' },
  json: { type: 'boolean', describe: 'The figures as data, instead of the table' },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

/** As `parser` has it, but for runs whose names look like numbers: `1.0` is none. */
export const runNames: Readonly<Record<string, boolean>> = {
  'boolean-negation': false,
  'duplicate-arguments-array': false,
  'greedy-arrays': true,
  'parse-positional-numbers': false,
};

const usage = `katydid harvest compare RUN_A RUN_B

Shows how two runs differ, in percentiles and numbers, and writes a page with their distributions one over the other.`;

/** `katydid harvest compare`: two harvested runs side by side. */
export async function compareHarvests(argv: readonly string[]): Promise<number> {
  const args = await argumentsOf(parser(argv, flags).parserConfiguration(runNames).usage(usage));
  if (args === undefined) return 0;
  check(args, flags);
  const [one, other, ...more] = args._.map(String);
  if (one === undefined || other === undefined || more.length > 0) {
    throw new UsageError('two runs are needed: katydid harvest compare night-1 night-2');
  }
  const runsFolder = String(args.runsDir);
  const folders = [runFolderOf(runsFolder, one), runFolderOf(runsFolder, other)] as const;
  const [a, b] = [readResult(folders[0]), readResult(folders[1])];
  if (a.binMilliseconds !== b.binMilliseconds) {
    throw new UsageError(
      `the buckets of ${one} are ${a.binMilliseconds} ms wide, those of ${other} ${b.binMilliseconds} ms: harvest both with the same --bin`,
    );
  }
  const names = folders.map((folder) => basename(folder)).join('-and-');
  const page = (args.html as string | undefined) ?? join(runsFolder, `${names}.html`);
  write(page, comparisonPage(a, b));
  const data = { a: a.run, b: b.run, figures: comparedFigures(a, b), html: page };
  process.stdout.write(
    args.json === true
      ? `${JSON.stringify(data, undefined, 2)}\n`
      : `${[...comparisonTable(a, b), '', `wrote ${page}`].join('\n')}\n`,
  );
  return 0;
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (thrown) {
    throw new UsageError(`${path} cannot be written: ${(thrown as Error).message}`);
  }
}
