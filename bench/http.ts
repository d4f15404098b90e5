// Requests per CPU-second of the load generator: katydid beside other tools, in interleaved rounds.
// `npm run build && node --import tsx bench/http.ts [--rounds 5] [--users 100,1000] [--only name,…] [--plot file.svg]`
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { whileWatched } from './cores.ts';
import { type Generator, katydidWorker, measure, prepareAll } from './generator.ts';
import { described, progress } from './machine.ts';
import { peers } from './peers.ts';
import { withPlace } from './place.ts';
import { plot } from './plot.ts';
import { perCpuSecond, type Ratio, Results } from './ratios.ts';
import { spread, summary, table } from './table.ts';

const fast = 'katydid FastHttpUser';
const http = 'katydid HttpUser';
const scenarios = { listener: '+ listener', catch: '+ catchResponse', json: '+ JSON per request' };
const own = [fast, http].flatMap((name) => {
  const file = name === fast ? 'fast' : 'http';
  const more = Object.entries(scenarios).map(([suffix, what]) => katydidWorker(`${name} ${what}`, `${file}-${suffix}`));
  return [katydidWorker(name, file), ...more];
});
const generators: readonly Generator[] = [...peers, ...own];

const ratios: readonly Ratio[] = [
  { of: fast, to: 'wrk', wanted: 0.72 },
  { of: fast, to: 'autocannon', wanted: 1.35 },
  { of: fast, to: 'k6', wanted: 9 },
  { of: fast, to: 'Locust FastHttpUser', wanted: 15 },
  { of: http, to: 'undici dispatch', wanted: 0.9 },
  { of: http, to: 'k6', wanted: 4.5 },
  { of: http, to: 'Locust HttpUser', wanted: 35 },
  ...[fast, http].flatMap((to) => Object.values(scenarios).map((what) => ({ of: `${to} ${what}`, to, wanted: 0.7 }))),
];
/** At the greatest number of users, beside its own figure at the least. */
const wantedAtMany = 0.8;

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    users: { type: 'string', default: '100,1000' },
    only: { type: 'string' },
    plot: { type: 'string' },
    'warm-up': { type: 'string', default: '3' },
    window: { type: 'string', default: '4' },
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

function figures(users: number): string {
  const rows = wanted
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
  const head = [
    'generator',
    'requests/CPU-s',
    'µs CPU/request',
    'requests/s',
    'cores used',
    'by others',
    'MB',
    'rounds',
  ];
  return `${users} users\n\n${table(head, rows)}`;
}

function ratioTable(): string {
  const rows = ratios
    .map(({ of, to, wanted: least }) => [
      `${of} / ${to}`,
      `≥ ${least}`,
      ...counts.map((users) => spread(results.ratios(of, to, users), 2)),
    ])
    .filter((row) => row.slice(2).some((cell) => cell !== '–'));
  return table(['ratio, paired per round', 'wanted', ...counts.map((users) => `${users} users`)], rows);
}

function manyTable(few: number, many: number): string {
  const rows = [fast, http, 'wrk', 'autocannon', 'undici dispatch']
    .map((name) => [name, spread(results.ratios(name, name, many, few), 2)])
    .filter(([, cell]) => cell !== '–');
  return table([`${many} users / ${few} users (wanted of ${fast}: ≥ ${wantedAtMany})`, 'ratio'], rows);
}

await whileWatched(() =>
  described(async () => {
    const chosen = generators.filter(({ name }) => wanted.includes(name));
    const prepared = await prepareAll(chosen, (line) => process.stdout.write(`${line}\n\n`));
    await withPlace(async (place) => {
      for (let round = 0; round < Number(given.rounds); round++) {
        for (const users of counts) {
          for (const generator of prepared) {
            const what = `round ${round + 1}, ${users} users, ${generator.name}`;
            try {
              const sample = await measure(place, generator, { users }, timing);
              results.add(generator.name, users, round, sample);
              progress(
                `${what}: ${perCpuSecond(sample).toFixed(0)} requests/CPU-s, others ${sample.others.toFixed(2)}`,
              );
            } catch (error) {
              progress(`${what}: ${String(error)}`);
            }
          }
        }
      }
    });
    for (const users of counts) process.stdout.write(figures(users));
    process.stdout.write(ratioTable());
    const [few, many] = [Math.min(...counts), Math.max(...counts)];
    if (many > few) process.stdout.write(manyTable(few, many));
    if (given.plot !== undefined) {
      const bars = wanted
        .filter((name) => !Object.values(scenarios).some((what) => name.endsWith(what)))
        .map((name) => {
          const values = results.samples(name, few).map(perCpuSecond);
          return { name, values, isOurs: name.startsWith('katydid') };
        });
      await writeFile(given.plot, plot(`Requests per CPU-second of the generator, ${few} users`, bars));
    }
  }),
);
