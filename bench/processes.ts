// Two load threads beside one, on a machine of two cores that the target and the master share.
// `npm run build && node --import tsx bench/processes.ts [--rounds 5] [--users 100]`
import { parseArgs } from 'node:util';
import { cores, whileWatched } from './cores.ts';
import { katydidWorker, measure, prepareAll, type Sample } from './generator.ts';
import { described, progress } from './machine.ts';
import { withPlace } from './place.ts';
import { perCpuSecond } from './ratios.ts';
import { spread, table } from './table.ts';

const { values: given } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, users: { type: 'string', default: '100' } },
});
const users = Number(given.users);
const timing = { warmUp: 3, window: 4 };

interface Pair {
  readonly one: Sample;
  readonly two: Sample;
}

const kinds = { 'fast-signed': 'FastHttpUser that signs (the target idles)', fast: 'FastHttpUser', http: 'HttpUser' };
const files = Object.keys(kinds);
const pairs = new Map<string, Pair[]>(files.map((file) => [file, []]));

await whileWatched(() =>
  described(async () => {
    await withPlace(async (place) => {
      for (let round = 0; round < Number(given.rounds); round++) {
        for (const file of files) {
          const threads = ['1', '2'].map((count) => katydidWorker(`${file} ${count}`, file, '--processes', count));
          const [alone, both] = await prepareAll(threads, progress);
          if (alone === undefined || both === undefined) continue;
          const options = { users, on: cores.all };
          const one = await measure(place, alone, options, timing, 1);
          const two = await measure(place, both, options, timing, 1);
          pairs.get(file)?.push({ one, two });
          progress(`round ${round + 1}, ${file}: ${(two.requests / one.requests).toFixed(2)}`);
        }
      }
    });
    const rows = Object.entries(kinds).map(([file, name]) => {
      const measured = pairs.get(file) ?? [];
      const ofBoth = (figure: (sample: Sample) => number): number[] =>
        measured.map(({ one, two }) => figure(two) / figure(one));
      return [
        name,
        spread(measured.map(({ one }) => one.requests / one.wall)),
        spread(measured.map(({ two }) => two.requests / two.wall)),
        spread(
          ofBoth(({ requests, wall }) => requests / wall),
          2,
        ),
        spread(ofBoth(perCpuSecond), 2),
        spread(
          measured.map(({ one }) => one.cpu / one.wall),
          2,
        ),
        spread(
          measured.map(({ two }) => two.cpu / two.wall),
          2,
        ),
        spread(
          measured.map(({ two }) => two.targetCpu / two.wall),
          2,
        ),
      ];
    });
    const head = ['users', 'requests/s, 1 thread', '2 threads', 'ratio (wanted ≥ 1.8)', 'ratio per CPU-second'];
    process.stdout.write(table([...head, 'cores used by 1', 'by 2', 'by the target'], rows));
  }),
);
