// A run without a master of 10,000 users and 1,000 names, with all reports: memory, how late the main thread is, and how
// long the reports take. `npm run build && node --import tsx bench/headless.ts [seconds]`
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { katydidCli } from '../test/tools/katydid.ts';
import { cores, startOn, whileWatched } from './cores.ts';
import { userFile } from './generator.ts';
import { described } from './machine.ts';
import { residentKilobytes } from './process-tree.ts';
import { table } from './table.ts';
import { Target } from './target.ts';

const users = 10_000;
const spawnRate = 500;
const rampSeconds = users / spawnRate;
/** With all users running. */
const seconds = Number(process.argv[2] ?? 60);
const between = 10;

await whileWatched(() =>
  described(async () => {
    const target = await Target.start();
    const folder = await mkdtemp(join(tmpdir(), 'katydid-bench-'));
    const out = join(folder, 'run');
    const load = ['-u', `${users}`, '-r', `${spawnRate}`, '-t', `${rampSeconds + seconds}s`, '-H', target.url];
    const reports = ['--csv', out, '--csv-full-history', '--html', `${out}.html`, '--json-file', out];
    const child = startOn(cores.all, 'katydid', [
      ...([process.execPath, katydidCli] as const),
      ...['--headless', '-f', userFile('many-names'), '--only-summary', '-L', 'DEBUG', ...load, ...reports],
    ]);
    const megabytes: number[] = [];
    await sleep(rampSeconds * 1000);
    for (let at = 0; at <= seconds - between / 2; at += between) {
      megabytes.push(Math.round(residentKilobytes(child.pid ?? 0) / 1024));
      await sleep(between * 1000);
    }
    await child.said('shutting down');
    const began = performance.now();
    const code = await child.ended;
    const reportSeconds = (performance.now() - began) / 1000;
    const lags = [...child.output.matchAll(/at most ([\d.]+) ms late/g)].map((match) => Number(match[1]));
    const sizes = await Promise.all(
      ['run_stats_history.csv', 'run.html', 'run.json'].map(async (name) => {
        const { size } = await stat(join(folder, name));
        return `${name} ${(size / 2 ** 20).toFixed(1)} MB`;
      }),
    );
    process.stdout.write(
      table(
        [`${users} users, ${seconds} s after their start`, 'figure'],
        [
          [`MB resident, each ${between} s`, megabytes.join(' ')],
          ['main thread late at most, each 10 s, ms', lags.map((lag) => lag.toFixed(0)).join(' ')],
          ['s from the end of the run to that of the process', reportSeconds.toFixed(2)],
          ['reports', sizes.join(', ')],
          ['requests at the target', String(target.requests)],
          ['exit code', String(code)],
        ],
      ),
    );
    await target.end();
    await rm(folder, { recursive: true });
  }),
);
