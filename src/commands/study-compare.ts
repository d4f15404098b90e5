import { UsageError } from '../errors.ts';
import { comparedLevels, comparisonText } from '../study/comparison.ts';
import { readResult, type StudyResult } from '../study/result.ts';
import { argumentsOf, check, parser } from './arguments.ts';
import type { Flag } from './flags.ts';

const flags: Readonly<Record<string, Flag>> = {
  json: { type: 'boolean', describe: 'All figures as data, instead of the changes' },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};
const usage = `katydid study compare FOLDER_A FOLDER_B

Says what changed from one study to the other by more than the spread of both.`;

/** `katydid study compare`: two studies of the same system. */
export async function compareStudies(argv: readonly string[]): Promise<number> {
  const args = await argumentsOf(parser(argv, flags).usage(usage));
  if (args === undefined) return 0;
  check(args, flags);
  const [one, other, ...more] = args._.map(String);
  if (one === undefined || other === undefined || more.length > 0) {
    throw new UsageError('two studies are needed: katydid study compare studies/monday studies/tuesday');
  }
  const [a, b] = [readResult(one), readResult(other)];
  process.stdout.write(
    args.json === true
      ? `${JSON.stringify(comparedLevels(a, b), undefined, 2)}\n`
      : `${[header('A', a), header('B', b), '', ...comparisonText(a, b)].join('\n')}\n`,
  );
  return 0;
}

function header(letter: string, { name, startTime, marks }: StudyResult): string {
  const date = new Date(startTime * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return `${letter}: ${name}, ${date} UTC, ${marks.length} marks`;
}
