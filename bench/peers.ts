// Duty: the load generators of others, found or installed once into the tools' folder.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from '../test/tools/cache.ts';
import { findLocust, newestLocust } from '../test/tools/locust.ts';
import { run } from '../test/tools/run.ts';
import type { Generator, Setting } from './generator.ts';

const k6Version = '1.8.1';
const autocannonVersion = '9';
/** k6 is built from source; on a small machine that takes minutes. */
const buildSeconds = '900';

/** The path of a file of `bench/peers/`. */
export const peer = (name: string): string => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

async function findWrk(): Promise<string> {
  await run('sh', ['-c', 'command -v wrk']).catch(() => {
    throw new Error('wrk is not on the PATH (Debian: apt-get install wrk)');
  });
  return 'wrk';
}

export async function findK6(): Promise<string> {
  const home = await cached(`k6-${k6Version}`, async (folder) => {
    await mkdir(folder, { recursive: true });
    const module = `go.k6.io/k6@v${k6Version}`;
    await run('timeout', [buildSeconds, 'env', `GOBIN=${folder}`, 'go', 'install', module]);
  });
  return join(home, 'k6');
}

function findAutocannon(): Promise<string> {
  return cached(`autocannon-${autocannonVersion}`, async (folder) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--no-audit', '--no-fund', `autocannon@${autocannonVersion}`], { cwd: folder });
  });
}

/** A script of `bench/peers/`. */
export const node = (script: string, ...args: readonly string[]): readonly [string, ...string[]] => [
  process.execPath,
  '--import',
  'tsx',
  peer(script),
  ...args,
];

export const goEnv: Record<string, string> = { GOMAXPROCS: '1', K6_NO_USAGE_REPORT: 'true' };

/** A Python worker of the newest Locust with one of the files beside. */
export const locustWorker = (name: string, file: string): Generator => ({
  name,
  isWorker: true,
  async prepare() {
    const { command } = await findLocust(newestLocust);
    return ({ masterPort }) => [command, '-f', peer(file), '--worker', '--master-port', String(masterPort)];
  },
});

export const peers: readonly Generator[] = [
  {
    name: 'wrk',
    async prepare() {
      const wrk = await findWrk();
      return ({ url, users, seconds }) => [
        ...([wrk, '-t1', `-c${users}`, `-d${seconds}s`] as const),
        ...['-s', peer('mix.lua'), `${url}/`],
      ];
    },
  },
  {
    name: 'autocannon',
    async prepare() {
      const folder = await findAutocannon();
      return ({ url, users, seconds }) => node('autocannon.ts', folder, url, String(users), String(seconds));
    },
  },
  {
    name: 'k6',
    env: goEnv,
    async prepare() {
      const k6 = await findK6();
      return ({ url, users, seconds }) => k6Command(k6, { url, users, seconds });
    },
  },
  {
    name: 'undici dispatch',
    prepare:
      async () =>
      ({ url, users }: Setting) =>
        node('dispatch.ts', url, String(users)),
  },
  locustWorker('Locust FastHttpUser', 'locust_fast.py'),
  locustWorker('Locust HttpUser', 'locust_http.py'),
];

/** One run of k6: of a script beside, with one request of each user if it is told to idle. */
export function k6Command(
  k6: string,
  { url, users, seconds }: Omit<Setting, 'masterPort'>,
  { script = 'k6.js', isIdle = false }: { readonly script?: string; readonly isIdle?: boolean } = {},
): readonly [string, ...string[]] {
  const idle = isIdle ? ['-e', 'IDLE=1'] : [];
  const load = ['--vus', String(users), '--duration', `${seconds}s`, '-e', `URL=${url}`, ...idle];
  return [k6, 'run', '-q', ...load, peer(script)];
}
