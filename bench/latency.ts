// Whether the times that a worker reports are true: against a server that answers after 20 ms, at half of the rate at
// which the worker is saturated, what the master shows beside what the server measured.
// `npm run build && node --import tsx bench/latency.ts [--rounds 5]`
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Child } from '../test/e2e/child.ts';
import { whileWatched } from './cores.ts';
import { endLoad, katydidWorker, observe, type Place, type Prepared, prepareAll, startLoad } from './generator.ts';
import { described, progress } from './machine.ts';
import { withPlace } from './place.ts';
import { spread, table } from './table.ts';
import { httpTarget, percentile } from './target.ts';

const answerMilliseconds = 20;
/** A user's mean time from one request to the next: the answer and the wait of `users/*-paced.ts`. */
const cycleSeconds = 0.06;
const saturating = 8000;
/** A worker looks at its CPU time each ten seconds. */
const saturatedSeconds = 18;

const { values: given } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const workers = [katydidWorker('FastHttpUser', 'fast-paced'), katydidWorker('HttpUser', 'http-paced')];

interface Truth {
  readonly saturation: number;
  /** Cores used when saturated: with less than one, something else held it up. */
  readonly saturatedCores: number;
  readonly rate: number;
  readonly cores: number;
  readonly reported: { readonly median: number; readonly p99: number; readonly requests: number };
  readonly served: { readonly median: number; readonly p99: number };
  readonly says: boolean;
}

/** The row of all requests, as the web UI shows it. */
interface Total {
  readonly median_response_time: number;
  readonly num_requests: number;
  readonly [percentile: string]: number;
}

async function total({ master }: Place): Promise<Total> {
  const { stats } = (await master.web.settledStatistics()) as unknown as { stats: readonly Total[] };
  const last = stats.at(-1);
  if (last === undefined) throw new Error('the master has no statistics');
  return last;
}

async function loaded<T>(
  place: Place,
  worker: Prepared,
  users: number,
  work: (child: Child) => Promise<T>,
): Promise<T> {
  const child = await startLoad(place, worker, { users, seconds: 120, spawnRate: Math.max(100, users / 4) });
  try {
    await sleep(3000);
    return await work(child);
  } finally {
    await endLoad(place, worker, child);
  }
}

async function truthOf(place: Place, worker: Prepared): Promise<Truth> {
  const { target, master } = place;
  const past = await loaded(place, worker, saturating, async (child) => {
    const { requests, cpu, wall } = await observe(target, child, saturatedSeconds);
    return { rate: requests / wall, cores: cpu / wall, says: /CPU usage is/.test(child.output) };
  });
  const users = Math.round((past.rate / 2) * cycleSeconds);
  return loaded(place, worker, users, async (child) => {
    await master.web.resetStatistics();
    const before = target.times();
    const { requests, cpu, wall } = await observe(target, child, 10);
    const { median_response_time: median, num_requests, ...more } = await total(place);
    const after = target.times();
    const p99 = more['response_time_percentile_0.99'] ?? Number.NaN;
    return {
      saturation: past.rate,
      saturatedCores: past.cores,
      says: past.says,
      rate: requests / wall,
      cores: cpu / wall,
      reported: { median, p99, requests: num_requests },
      served: { median: percentile(before, after, 0.5), p99: percentile(before, after, 0.99) },
    };
  });
}

await whileWatched(() =>
  described(async () => {
    const truths = new Map(workers.map(({ name }) => [name, [] as Truth[]]));
    await withPlace(async (place) => {
      for (let round = 0; round < Number(given.rounds); round++) {
        for (const worker of await prepareAll(workers, progress)) {
          const truth = await truthOf(place, worker);
          truths.get(worker.name)?.push(truth);
          progress(`round ${round + 1}, ${worker.name}: ${JSON.stringify(truth)}`);
        }
      }
    }, httpTarget(answerMilliseconds));
    const rows = [...truths].map(([name, all]) => [
      name,
      spread(all.map(({ saturation }) => saturation)),
      spread(
        all.map(({ saturatedCores }) => saturatedCores),
        2,
      ),
      spread(all.map(({ rate }) => rate)),
      spread(
        all.map(({ served }) => served.median),
        2,
      ),
      spread(
        all.map(({ reported }) => reported.median),
        2,
      ),
      spread(
        all.map(({ served }) => served.p99),
        2,
      ),
      spread(all.map(({ reported }) => reported.p99)),
      `${all.filter(({ says }) => says).length} of ${all.length}`,
    ]);
    const head = [
      'users',
      'saturated at, requests/s',
      'cores',
      'measured at',
      'server: median ms',
      'reported',
      'server: p99 ms',
    ];
    process.stdout.write(table([...head, 'reported p99', 'warned when saturated'], rows));
  }),
);
