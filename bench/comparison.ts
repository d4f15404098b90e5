// Duty: load generators beside one another: interleaved rounds, tables of requests per CPU-second and of ratios, a plot.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { whileWatched } from './cores.ts';
import { disturbed, type Generator, measure, prepareAll } from './generator.ts';
import { described, progress } from './machine.ts';
import { withPlaceOf } from './place.ts';
import { plot } from './plot.ts';
import { perCpuSecond, type Ratio, Results } from './ratios.ts';
import { spread, summary, table } from './table.ts';
import type { UnderLoad } from './target.ts';

/** What is compared. */
export interface Comparison {
  readonly generators: readonly Generator[];
  readonly ratios: readonly Ratio[];
  readonly target: () => Promise<UnderLoad>;
  /** What is counted; requests if not given. */
  readonly unit?: string;
  /** A file of `bench/users/`: the master needs the names of the classes. */
  readonly users: string;
  /** Numbers of users, unless the command line says otherwise. */
  readonly counts: string;
  /** Of the plot; the number of users is added. */
  readonly title: string;
  readonly isInPlot: (name: string) => boolean;
  /** Whose figures at the greatest number of users are set beside those at the least; the first one's is wanted. */
  readonly scaling?: { readonly names: readonly string[]; readonly wanted: number };
}

const head = (unit: string): readonly string[] => [
  ...['generator', `${unit}/CPU-s`, `µs CPU/${unit.replace(/s$/, '')}`, `${unit}/s`, 'cores used'],
  ...['by others', 'MB', 'rounds'],
];

function figures(results: Results, names: readonly string[], users: number, unit: string): string {
  const rows = names
    .map((name) => ({ name, samples: results.samples(name, users) }))
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, samples }) => ({ name, samples, speeds: samples.map(perCpuSecond) }))
    .sort((a, b) => summary(b.speeds).median - summary(a.speeds).median)
    .map(({ name, samples, speeds }) => [
      name,
      spread(speeds),
      (1e6 / summary(speeds).median).toFixed(1),
      spread(samples.map(({ requests, wall }) => requests / wall)),
      summary(samples.map(({ cpu, wall }) => cpu / wall)).median.toFixed(2),
      summary(samples.map(({ others }) => others)).median.toFixed(2),
      (summary(samples.map((sample) => sample.residentKilobytes)).median / 1024).toFixed(0),
      String(samples.length),
    ]);
  return `${users} users\n\n${table(head(unit), rows)}`;
}

function ratioTable(results: Results, ratios: readonly Ratio[], counts: readonly number[]): string {
  const rows = ratios
    .map(({ of, to, wanted: least }) => [
      `${of} / ${to}`,
      least === undefined ? '' : `≥ ${least}`,
      ...counts.map((users) => spread(results.ratios(of, to, users), 2)),
    ])
    .filter((row) => row.slice(2).some((cell) => cell !== '–'));
  return table(['ratio, paired per round', 'wanted', ...counts.map((users) => `${users} users`)], rows);
}

/** Generators are not disturbed alike, even within a round: a ratio with a disturbed sample in it means little. */
function disturbanceLine(results: Results, names: readonly string[], counts: readonly number[]): string {
  const lines = counts.flatMap((users) =>
    names.flatMap((name) => {
      const all = results.samples(name, users);
      const count = all.filter(({ others }) => others > disturbed).length;
      return count === 0 ? [] : [`${name}, ${users} users: ${count} of ${all.length}`];
    }),
  );
  const what = `Samples with more than ${disturbed} of the core taken by others`;
  return `${what}: ${lines.length === 0 ? 'none' : lines.join('; ')}.\n\n`;
}

function scalingTable(
  results: Results,
  { names, wanted }: NonNullable<Comparison['scaling']>,
  few: number,
  many: number,
): string {
  const rows = names
    .map((name) => [name, spread(results.ratios(name, name, many, few), 2)])
    .filter(([, cell]) => cell !== '–');
  return table([`${many} users / ${few} users (wanted of ${names[0]}: ≥ ${wanted})`, 'ratio'], rows);
}

/** Runs the comparison as the command line says, and prints what came out. */
export async function compare(comparison: Comparison): Promise<void> {
  const { generators, ratios, scaling, unit = 'requests' } = comparison;
  const { values: given } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      users: { type: 'string', default: comparison.counts },
      only: { type: 'string' },
      plot: { type: 'string' },
      'warm-up': { type: 'string', default: '3' },
      window: { type: 'string', default: '4' },
      tries: { type: 'string', default: '3' },
    },
  });
  const counts = given.users.split(',').map(Number);
  const wanted = given.only?.split(',') ?? generators.map(({ name }) => name);
  for (const name of wanted) {
    if (generators.some((generator) => generator.name === name)) continue;
    throw new Error(`no generator '${name}'; there are: ${generators.map((generator) => generator.name).join(', ')}`);
  }
  const timing = { warmUp: Number(given['warm-up']), window: Number(given.window) };
  const results = new Results();
  await whileWatched(() =>
    described(async () => {
      const chosen = generators.filter(({ name }) => wanted.includes(name));
      const prepared = await prepareAll(chosen, (line) => process.stdout.write(`${line}\n\n`));
      await withPlaceOf(
        await comparison.target(),
        async (place) => {
          for (let round = 0; round < Number(given.rounds); round++) {
            for (const users of counts) {
              for (const generator of prepared) {
                const what = `round ${round + 1}, ${users} users, ${generator.name}`;
                try {
                  const sample = await measure(place, generator, { users }, timing, Number(given.tries));
                  results.add(generator.name, users, round, sample);
                  progress(
                    `${what}: ${perCpuSecond(sample).toFixed(0)} ${unit}/CPU-s, others ${sample.others.toFixed(2)}`,
                  );
                } catch (error) {
                  progress(`${what}: ${String(error)}`);
                }
              }
            }
          }
        },
        comparison.users,
      );
      for (const users of counts) process.stdout.write(figures(results, wanted, users, unit));
      process.stdout.write(ratioTable(results, ratios, counts));
      process.stdout.write(disturbanceLine(results, wanted, counts));
      const [few, many] = [Math.min(...counts), Math.max(...counts)];
      if (scaling !== undefined && many > few) process.stdout.write(scalingTable(results, scaling, few, many));
      if (given.plot !== undefined) {
        const bars = wanted.filter(comparison.isInPlot).map((name) => {
          const values = results.samples(name, few).map(perCpuSecond);
          return { name, values, isMarked: name.startsWith('katydid') };
        });
        await writeFile(given.plot, plot(`${comparison.title}, ${few} users`, bars));
      }
    }),
  );
}
