// Devices that are connected and wait: memory of each, and what their connecting costs, each with a fresh token of its own.
// `npm run build && node --import tsx bench/mqtt-memory.ts [--rounds 3] [--counts 1000,5000] [--rates 500,all] [--only name,…]`
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { until } from '../test/e2e/until.ts';
import { readyOf, rowsOf } from '../test/e2e/web-api.ts';
import { katydidCli } from '../test/tools/katydid.ts';
import { run } from '../test/tools/run.ts';
import { cores, startOn, whileWatched } from './cores.ts';
import { endLoad, katydidWorker, type Place, type Prepared, prepareAll } from './generator.ts';
import { described, progress } from './machine.ts';
import { Broker, Mosquitto } from './mqtt-broker.ts';
import { withPlaceOf } from './place.ts';
import { cpuSeconds, residentKilobytes } from './process-tree.ts';
import { spread, table } from './table.ts';

/** The slope begins here: so many devices have loaded all code. */
const few = 10;
/** Seconds after the last connection; young garbage is then gone, as far as it goes by itself. */
const settling = 5;
const values = { project: 'p', region: 'r', registry: 'g' };

/** How devices log in, and to whom. */
interface Way {
  readonly name: string;
  readonly hasTokens: boolean;
  startBroker(registry: string): Promise<Broker>;
}

const ways: readonly Way[] = [
  { name: 'ES256 tokens to target echo', hasTokens: true, startBroker: (registry) => Broker.echo(registry, values) },
  // It lets in everybody, whatever they say: what devices do is the same.
  { name: 'ES256 tokens to Mosquitto', hasTokens: true, startBroker: () => Mosquitto.start() },
  { name: 'no tokens to Mosquitto', hasTokens: false, startBroker: () => Mosquitto.start() },
];

/** What was seen of one worker with so many devices. */
interface Seen {
  readonly residentKilobytes: number;
  /** From the order to start to the last subscription. */
  readonly cpuSeconds: number;
  /** From the first connection to the last subscription. */
  readonly seconds: number;
}

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    counts: { type: 'string', default: '1000,5000' },
    // Devices a second; or all at once.
    rates: { type: 'string', default: '500,all' },
    only: { type: 'string' },
  },
});
const counts = given.counts.split(',').map(Number);
const rates = given.rates.split(',').map((rate) => (rate === 'all' ? undefined : Number(rate)));
const limit = Number(await run('sh', ['-c', 'ulimit -n']));
const chosen = ways.filter(({ name }) => given.only?.split(',').includes(name) ?? true);
if (chosen.length === 0) throw new Error(`there are: ${ways.map(({ name }) => name).join(', ')}`);

/** The first devices of a list, as their only list. */
async function listOf(folder: string, count: number): Promise<string> {
  const all = (await readFile(join(folder, 'all.csv'), 'utf8')).split('\n');
  const path = join(folder, `${count}.csv`);
  await writeFile(path, `${all.slice(0, count).join('\n')}\n`, { mode: 0o600 });
  return path;
}

/** How many devices there are to be, and how many more each second; all at once if not given. */
interface Crowd {
  readonly count: number;
  readonly rate: number | undefined;
}

interface Figures {
  /** KB a device. */
  readonly slope: number;
  /** Milliseconds a connect. */
  readonly cpu: number;
  /** Connects a second. */
  readonly pace: number;
}

async function see(
  place: Place<Broker>,
  worker: Prepared,
  { hasTokens }: Way,
  list: string,
  { count, rate = count }: Crowd,
): Promise<Seen> {
  const { target, master } = place;
  const command = worker.command({ url: target.url, users: count, seconds: 0, masterPort: master.port });
  const child = startOn(cores.generator, worker.name, command, {
    BENCH_DEVICES: String(count),
    ...(hasTokens ? { BENCH_PLATFORM: 'gcp', BENCH_DEVICE_LIST: list } : {}),
  });
  try {
    await master.web.until('the worker is ready', (now) => !child.isAlive || readyOf(now) === 1);
    const pid = child.pid ?? 0;
    const before = cpuSeconds(pid);
    await master.web.swarm(count, rate);
    const isBegun = (): boolean => !child.isAlive || target.open > 0;
    await until('the first connection', isBegun, { every: 0.01, show: () => child.output });
    const began = performance.now();
    await child.said(`${count} devices are there`, 60);
    const seconds = (performance.now() - began) / 1000;
    const cpu = cpuSeconds(pid) - before;
    await sleep(settling * 1000);
    const rows = rowsOf(await master.web.statistics());
    const failed = rows.reduce((sum, { num_failures }) => sum + num_failures, 0);
    if (failed > 0) throw new Error(`${failed} requests have failed`);
    if (target.open !== count) throw new Error(`the broker has ${target.open} connections of ${count}`);
    return { residentKilobytes: residentKilobytes(pid), cpuSeconds: cpu, seconds };
  } finally {
    await endLoad(place, worker, child);
  }
}

const crowds: readonly Crowd[] = counts
  .filter((count) => {
    if (count + 200 > limit) progress(`${count} devices need more open files than ulimit -n ${limit}`);
    return count + 200 <= limit;
  })
  .flatMap((count) => rates.map((rate) => ({ count, rate })));
const key = ({ name }: Way, { count, rate }: Crowd): string => [name, count, rate].join();
const shown = ({ rate }: Crowd): string => (rate === undefined ? 'all at once' : `${rate}/s`);

await whileWatched(() =>
  described(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'katydid-bench-'));
    const registry = join(folder, 'registry.csv');
    const files = ['--list', join(folder, 'all.csv'), '--registry', registry];
    await run(process.execPath, [katydidCli, 'devices', 'create', '1', String(Math.max(...counts)), ...files]);
    const [worker] = await prepareAll([katydidWorker('katydid MqttUser', 'mqtt-idle')], progress);
    const figures = new Map<string, Figures[]>();
    const measure = async (place: Place<Broker>, way: Way, of: Prepared): Promise<void> => {
      const base = await see(place, of, way, await listOf(folder, few), { count: few, rate: undefined });
      for (const crowd of crowds) {
        const { count } = crowd;
        const now = await see(place, of, way, await listOf(folder, count), crowd);
        const slope = (now.residentKilobytes - base.residentKilobytes) / (count - few);
        const [cpu, pace] = [(1000 * now.cpuSeconds) / count, count / now.seconds];
        const all = figures.get(key(way, crowd)) ?? [];
        figures.set(key(way, crowd), [...all, { slope, cpu, pace }]);
        const told = `${slope.toFixed(1)} KB, ${cpu.toFixed(2)} ms CPU, ${pace.toFixed(0)} connects/s`;
        progress(`${way.name}, ${count} devices, ${shown(crowd)}: ${told}`);
      }
    };
    for (let round = 0; worker !== undefined && round < Number(given.rounds); round++) {
      for (const way of chosen) {
        const broker = await way.startBroker(registry);
        await withPlaceOf(broker, (place) => measure(place, way, worker), 'mqtt-idle');
      }
    }
    await rm(folder, { recursive: true });
    const rows = chosen.flatMap((way) =>
      crowds.map((crowd) => {
        const all = figures.get(key(way, crowd)) ?? [];
        const of = (what: keyof Figures, digits: number): string => {
          const values = all.map((one) => one[what]);
          return spread(values, digits);
        };
        return [way.name, String(crowd.count), shown(crowd), of('slope', 1), of('cpu', 2), of('pace', 0)];
      }),
    );
    const head = ['login', 'devices', 'started', 'KB resident a device', 'ms CPU a connect', 'connects/s'];
    process.stdout.write(table(head, rows));
  }),
);
