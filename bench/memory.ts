// Memory of a connected user that waits: each makes one request, keeps its connection, and does nothing more.
// `npm run build && node --import tsx bench/memory.ts [--rounds 3] [--counts 1000,10000] [--only name,…]`
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { run } from '../test/tools/run.ts';
import { whileWatched } from './cores.ts';
import {
  endLoad,
  type Generator,
  katydidWorker,
  type Place,
  type Prepared,
  prepareAll,
  startLoad,
} from './generator.ts';
import { described, progress } from './machine.ts';
import { findK6, goEnv, k6Command, locustWorker } from './peers.ts';
import { withPlace } from './place.ts';
import { residentKilobytes } from './process-tree.ts';
import { spread, table } from './table.ts';

/** The slope begins here: so many users have loaded all code. */
const few = 10;
/** Seconds after the last connection; young garbage is then gone, as far as it goes by itself. */
const settling = 5;
/** Python and k6 are slow to start so many, and take the machine's other users' memory. */
const mostOfPeers = 1000;

const k6: Generator = {
  name: 'k6',
  env: goEnv,
  async prepare() {
    const program = await findK6();
    return (setting) => k6Command(program, setting, { isIdle: true });
  },
};
const own = [katydidWorker('katydid FastHttpUser', 'fast-idle'), katydidWorker('katydid HttpUser', 'http-idle')];
const others = [
  locustWorker('Locust FastHttpUser', 'locust_fast_idle.py'),
  locustWorker('Locust HttpUser', 'locust_http_idle.py'),
  k6,
];
const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    counts: { type: 'string', default: '1000,10000' },
    only: { type: 'string' },
  },
});
const counts = given.counts.split(',').map(Number);
const limit = Number(await run('sh', ['-c', 'ulimit -n']));
const all = [...own, ...others].filter(({ name }) => given.only?.split(',').includes(name) ?? true);
const slopes = new Map(all.map(({ name }) => [name, new Map(counts.map((users) => [users, [] as number[]]))]));

async function settled(place: Place, generator: Prepared, users: number): Promise<number> {
  const spawnRate = Math.max(few, users / 5);
  const child = await startLoad(place, generator, { users, seconds: 120, spawnRate });
  try {
    await sleep(settling * 1000);
    return residentKilobytes(child.pid ?? 0);
  } finally {
    await endLoad(place, generator, child);
  }
}

await whileWatched(() =>
  described(async () => {
    const prepared = await prepareAll(all, (line) => process.stdout.write(`${line}\n\n`));
    await withPlace(async (place) => {
      for (let round = 0; round < Number(given.rounds); round++) {
        for (const generator of prepared) {
          const isOwn = own.some(({ name }) => name === generator.name);
          const base = await settled(place, generator, few);
          for (const users of counts) {
            if (users + 200 > limit) {
              progress(`${users} users need more open files than ulimit -n ${limit}`);
            } else if (isOwn || users <= mostOfPeers) {
              const slope = ((await settled(place, generator, users)) - base) / (users - few);
              slopes.get(generator.name)?.get(users)?.push(slope);
              progress(`round ${round + 1}, ${generator.name}, ${users} users: ${slope.toFixed(1)} KB a user`);
            }
          }
        }
      }
    });
    const rows = prepared.map(({ name }) => [
      name,
      ...counts.map((users) => spread(slopes.get(name)?.get(users) ?? [], 1)),
    ]);
    process.stdout.write(table(['KB resident a user', ...counts.map((users) => `${users} users`)], rows));
  }),
);
