// How soon a worker is acknowledged by a real master, and what it then needs in memory while it idles: katydid beside
// Python's worker, in turns. `npm run build && node --import tsx bench/start.ts [rounds]`
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../test/e2e/child.ts';
import { Master } from '../test/e2e/master.ts';
import { katydidCli, projectFolder } from '../test/tools/katydid.ts';
import { findLocust, newestLocust } from '../test/tools/locust.ts';

const rounds = Number(process.argv[2] ?? 5);
const users = join(projectFolder, 'users', 'website.ts');
const idleSeconds = 3;

const twin = `from locust import HttpUser, between, task


class WebsiteUser(HttpUser):
    host = "http://127.0.0.1:1"
    wait_time = between(5, 9)

    @task
    def index(self):
        self.client.get("/")
`;

const figures = (values: readonly number[], digits: number): string => {
  const sorted = [...values].sort((a, b) => a - b);
  const chosen = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return chosen.map((value) => (value ?? Number.NaN).toFixed(digits)).join(' / ');
};

async function residentMegabytes(pid: number | undefined): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

const locust = await findLocust(newestLocust);
const folder = await mkdtemp(join(tmpdir(), 'katydid-bench-'));
await writeFile(join(folder, 'users.py'), twin);
const master = await Master.start(locust, { users, args: [] });
const to = ['--worker', '--master-host', '127.0.0.1', '--master-port', String(master.port)];
const commands: Record<string, readonly [string, ...string[]]> = {
  katydid: [process.execPath, katydidCli, '-f', users, ...to],
  'locust (Python)': [locust.command, '-f', join(folder, 'users.py'), ...to],
};
const ready = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
const memory = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
const acknowledged = (): number => master.child.output.split('reported as ready').length;
for (let round = 0; round < rounds; round++) {
  for (const [name, [program, ...args]] of Object.entries(commands)) {
    const before = acknowledged();
    const began = performance.now();
    const worker = new Child(name, program, args);
    while (acknowledged() === before) await sleep(2);
    ready.get(name)?.push((performance.now() - began) / 1000);
    await sleep(idleSeconds * 1000);
    memory.get(name)?.push(await residentMegabytes(worker.pid));
    await worker.end();
    await master.web.until('the worker is gone', (now) => now.workers.length === 0);
  }
}
await master.end();
await rm(folder, { recursive: true });
process.stdout.write(`${rounds} rounds in turns, minimum / median / maximum\n\n`);
process.stdout.write('| worker | s to the ack | MB resident, idle |\n|---|---|---|\n');
for (const name of Object.keys(commands)) {
  process.stdout.write(`| ${name} | ${figures(ready.get(name) ?? [], 2)} | ${figures(memory.get(name) ?? [], 0)} |\n`);
}
