// REST beside gRPC in three languages: the same users, the same service, one core for the server and one for the worker.
// `npm run build && node --import tsx bench/api-comparison.ts [--rounds 5] [--users 50] [--rate 1000] [--window 10]
//  [--only 'REST, Go;gRPC, Go'] [--plot file.svg] [--json file.json]`
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Program } from '../test/tools/classifiers.ts';
import { type ApiSample, runApi } from './api-run.ts';
import { type ApiServer, apiServers, startServer } from './api-servers.ts';
import { whileWatched } from './cores.ts';
import { described, machine, progress } from './machine.ts';
import { type Panel, panels } from './plot.ts';
import { spread, table } from './table.ts';

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    users: { type: 'string', default: '50' },
    rate: { type: 'string', default: '1000' },
    only: { type: 'string' },
    plot: { type: 'string' },
    json: { type: 'string' },
    'warm-up': { type: 'string', default: '5' },
    window: { type: 'string', default: '10' },
  },
});
const users = Number(given.users);
/** Each is run in each round; with a rate of 0 only the first. */
const scenarios = [
  { title: `${users} users without a pause`, rate: 0 },
  { title: `${users} users, ${given.rate} requests/s in all`, rate: Number(given.rate) },
].filter(({ rate }, i) => i === 0 || rate > 0);
const load = { users, warmUp: Number(given['warm-up']), window: Number(given.window) };
const servers = apiServers.filter(({ name }) => given.only?.split(';').includes(name) ?? true);
const samples = new Map(scenarios.map(({ title }) => [title, new Map<string, ApiSample[]>()]));

interface Figure {
  readonly title: string;
  readonly digits: number;
  readonly of: (sample: ApiSample) => number;
}

const figures: readonly Figure[] = [
  { title: 'requests/s', digits: 0, of: ({ requestsPerSecond }) => requestsPerSecond },
  { title: 'median, ms', digits: 1, of: ({ median }) => median },
  { title: 'p95, ms', digits: 1, of: ({ p95 }) => p95 },
  { title: 'p99, ms', digits: 1, of: ({ p99 }) => p99 },
  { title: 'failures', digits: 0, of: ({ failures }) => failures },
  { title: 'server: share of a core', digits: 2, of: ({ targetCores }) => targetCores },
  { title: 'server: µs CPU/request', digits: 0, of: (sample) => (1e6 * sample.targetCores) / sample.requestsPerSecond },
  { title: 'worker: share of a core', digits: 2, of: ({ workerCores }) => workerCores },
  { title: 'worker: µs CPU/request', digits: 0, of: (sample) => (1e6 * sample.workerCores) / sample.requestsPerSecond },
];
const disturbance: Figure = {
  title: 'by others, of either core',
  digits: 2,
  of: ({ targetOthers, workerOthers }) => Math.max(targetOthers, workerOthers),
};

async function round(number: number, prepared: readonly (readonly [ApiServer, Program])[]): Promise<void> {
  for (const [server, program] of prepared) {
    const started = await startServer(server, program);
    try {
      for (const { title, rate } of scenarios) {
        const sample = await runApi(started, server.users, { ...load, rate });
        const ofAll = samples.get(title);
        ofAll?.set(server.name, [...(ofAll.get(server.name) ?? []), sample]);
        const shown = figures.map((figure) => `${figure.title} ${figure.of(sample).toFixed(figure.digits)}`);
        progress(`round ${number}, ${server.name}, ${title}: ${shown.join(', ')}`);
      }
    } catch (error) {
      progress(`round ${number}, ${server.name}: ${String(error)}`);
    } finally {
      await started.child.end();
    }
  }
}

function scenarioTable(title: string): string {
  const rows = [...(samples.get(title) ?? [])].map(([name, all]) => [
    name,
    ...[...figures, disturbance].map(({ of, digits }) => spread(all.map(of), digits)),
    String(all.length),
  ]);
  return `${title}\n\n${table(['server', ...[...figures, disturbance].map((one) => one.title), 'rounds'], rows)}`;
}

/** gRPC by REST, of the same language, in the same round. */
function ratioTable(title: string): string {
  const ofAll = samples.get(title);
  const wanted = figures.filter((one) => /requests\/s|median|p99|µs/.test(one.title));
  const rows = ['TypeScript', 'Python', 'Go'].map((language) => {
    const [rest = [], grpc = []] = ['REST', 'gRPC'].map((kind) => ofAll?.get(`${kind}, ${language}`));
    const cells = wanted.map(({ of }) =>
      spread(
        grpc.flatMap((sample, i) => (rest[i] === undefined ? [] : [of(sample) / of(rest[i])])),
        2,
      ),
    );
    return [language, ...cells];
  });
  return table(['gRPC / REST, paired per round', ...wanted.map((one) => one.title)], rows);
}

function plotted(): string {
  const all = scenarios.flatMap(({ title, rate }) =>
    figures
      .filter((one) => !/^worker/.test(one.title) && !(rate > 0 && one.title === 'requests/s'))
      .map((figure): Panel => {
        const bars = servers.map(({ name, isGrpc }) => {
          const values = (samples.get(title)?.get(name) ?? []).map(figure.of);
          return { name, values, isMarked: isGrpc };
        });
        return { title: `${figure.title}, ${title}`, bars, digits: figure.digits };
      }),
  );
  return panels(all);
}

await whileWatched(() =>
  described(async () => {
    const prepared: (readonly [ApiServer, Program])[] = [];
    for (const server of servers) {
      try {
        prepared.push([server, await server.find()]);
      } catch (error) {
        process.stdout.write(`${server.name} is left out: ${String(error).split('\n')[0]}\n\n`);
      }
    }
    for (let number = 1; number <= Number(given.rounds); number++) await round(number, prepared);
    for (const { title } of scenarios) process.stdout.write(scenarioTable(title) + ratioTable(title));
    if (given.plot !== undefined) await writeFile(given.plot, plotted());
    if (given.json !== undefined) {
      const content = [...samples].map(([title, of]) => ({ title, servers: Object.fromEntries(of) }));
      await writeFile(given.json, `${JSON.stringify({ machine: machine(), load, runs: content }, undefined, 2)}\n`);
    }
  }),
);
