import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.ts';
import { locustfileOf, onShapeClass } from '../locustfile/locustfile.ts';
import { log } from '../log.ts';
import { type Arguments, check, flagsOf, parser } from './arguments.ts';
import { Child } from './child.ts';
import { only, readConfigFiles } from './config-files.ts';
import { allFlags, configFlags, type Flag, logFlags, masterFlags, precisionFlags, userFlags } from './flags.ts';
import { findLocust } from './locust.ts';
import { readManifest } from './locustfile.ts';
import { setUpLog } from './logging.ts';
import { logTarget, type RunningTarget, startTarget } from './target.ts';
import { userFiles } from './user-files.ts';

const flags: Readonly<Record<string, Flag>> = {
  ...userFlags,
  processes: { ...userFlags.processes, default: -1 },
  ...precisionFlags,
  ...masterFlags,
  ...configFlags,
  ...logFlags,
  target: {
    type: 'string',
    requiresArg: true,
    describe: 'Start this embedded system under test too: website, classifier, echo, batch, model',
  },
  locust: { type: 'string', requiresArg: true, describe: "Path of Python's locust, if it is not the one on PATH" },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};
const usage = `katydid up -f users.ts

Starts an unmodified Locust master with its web UI, and workers for all cores that run the users; Ctrl-C ends all.`;
const cli = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../cli.ts' : '../cli.js', import.meta.url));
const startSeconds = 60;

/** `katydid up`: a whole swarm on this machine. */
export async function up(argv: readonly string[]): Promise<number> {
  const settings = readConfigFiles(argv);
  // Keys for workers and runs without a master are none of `up`, but may stand in a file for all.
  const common = only(settings, (key) => Object.hasOwn(flags, key) || !Object.hasOwn(allFlags, key));
  const first = parser(argv, flags, process.env, common).usage(usage);
  const early = first.parseSync() as Arguments;
  if (early.help === true) {
    process.stdout.write(`${await first.getHelp()}\n`);
    return 0;
  }
  setUpLog(early);
  const files = userFiles(early.locustfile as string | undefined);
  const manifest = await readManifest(files, early._.map(String));
  const own = flagsOf(manifest.options);
  const args = parser(argv, { ...flags, ...own }, process.env, common).parseSync() as Arguments;
  check(args, { ...flags, ...own }, common);
  const swarm = new LocalSwarm(args);
  try {
    const stub = await swarm.writeStub(locustfileOf(manifest));
    for (const name of manifest.shapeClasses) log.warning(onShapeClass(name));
    const code = await swarm.run(files, stub, handedOn(args, { ...masterFlags, ...own }));
    return swarm.hurriedBy ?? code;
  } finally {
    await swarm.end();
  }
}

/** Flags of the master as they were given, so that they mean to it what they mean to Locust. */
function handedOn(args: Arguments, known: Readonly<Record<string, Flag>>): string[] {
  const own = ['web-host', 'web-port', 'master-bind-host', 'master-bind-port', 'host'];
  return Object.entries(known).flatMap(([name, { type, default: usual }]) => {
    const value = args[name];
    if (own.includes(name) || value === undefined || value === usual) return [];
    if (type === 'boolean') return value === true ? [`--${name}`] : [];
    return [`--${name}`, ...[value].flat().map(String)];
  });
}

/** Master, worker and target of one `katydid up`. */
class LocalSwarm {
  readonly #args: Arguments;
  readonly #children: Child[] = [];
  readonly #interrupted: Promise<void>;
  /** The exit code of a second signal, which ended all at once. */
  hurriedBy: number | undefined;
  #folder: string | undefined;
  #target: RunningTarget | undefined;

  constructor(args: Arguments) {
    this.#args = args;
    this.#interrupted = new Promise((resolve) => {
      let count = 0;
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => {
          resolve();
          if (++count === 1) return;
          this.hurriedBy = 128 + constants.signals[signal];
          for (const child of this.#children) child.kill();
        });
      }
    });
  }

  async writeStub(text: string): Promise<string> {
    this.#folder = await mkdtemp(join(tmpdir(), 'katydid-'));
    const path = join(this.#folder, 'locustfile.py');
    await writeFile(path, text);
    return path;
  }

  /** Runs until Ctrl-C, or until the master ends by itself; resolves with the exit code. */
  async run(files: readonly string[], stub: string, forMaster: readonly string[]): Promise<number> {
    const locust = await findLocust(this.#args.locust as string | undefined);
    const webPort = await freePort(this.#args.webPort, 8089, '--web-port');
    const port = await freePort(this.#args.masterBindPort, 5557, '--master-bind-port');
    const bindHost = String(this.#args.masterBindHost ?? '127.0.0.1');
    const webHost = String(this.#args.webHost ?? '127.0.0.1');
    const host = await this.#startTarget();
    const isHeadless = this.#args.headless === true;
    const master = this.#start('master', locust, [
      ...['-f', stub, '--master', '--master-bind-host', bindHost, '--master-bind-port', `${port}`],
      ...(isHeadless ? [] : ['--web-host', webHost, '--web-port', `${webPort}`]),
      ...(host === undefined ? [] : ['--host', host]),
      ...(isHeadless ? ['--expect-workers', '1'] : []),
      ...forMaster,
    ]);
    const { processes, responseTimePrecision, loglevel } = this.#args;
    // The only worker of its master: whatever the host's name and the variables of a fleet say.
    const { shard = '0/1' } = this.#args;
    const forWorker = {
      'master-host': bindHost === '*' ? '127.0.0.1' : bindHost,
      'master-port': port,
      processes,
      'response-time-precision': responseTimePrecision,
      loglevel,
      shard,
    };
    const worker = this.#start('worker', process.execPath, [
      ...[...process.execArgv, cli, '--worker', '-f', files.join(',')],
      ...Object.entries(forWorker).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ]);
    const ended = Promise.race([
      master.exited,
      worker.exited.then(async (code) => {
        // A headless master ends its worker first, then itself, with the exit code that counts.
        const left = await Promise.race([master.exited, delay(5000)]);
        return left ?? (code === 0 ? 1 : code);
      }),
    ]);
    if (!isHeadless) {
      const url = `http://${webHost === '*' || webHost === '0.0.0.0' ? '127.0.0.1' : webHost}:${webPort}${String(this.#args.webBasePath ?? '')}`;
      const isUp = await Promise.race([
        waitForWorker(url),
        ended.then(() => false),
        this.#interrupted.then(() => false),
      ]);
      if (isUp) process.stdout.write(`\n  katydid is up: open ${url} and press Start. Ctrl-C here ends it all.\n\n`);
    }
    return Promise.race([ended, this.#interrupted.then(() => 0)]);
  }

  /** Ends all that was started, the master first: it takes leave of its worker. */
  async end(): Promise<void> {
    for (const child of this.#children) await child.end();
    await this.#target?.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  #start(name: string, program: string, argv: readonly string[]): Child {
    const child = new Child(name, program, argv, (line) => process.stderr.write(`${name} | ${line}\n`));
    this.#children.push(child);
    return child;
  }

  /** The host for the users: the one given, or the target's, if it has only one; else the users' own. */
  async #startTarget(): Promise<string | undefined> {
    const given = this.#args.host as string | undefined;
    if (this.#args.target === undefined) return given;
    const name = String(this.#args.target);
    this.#target = await startTarget(name, '127.0.0.1', {}, true);
    logTarget(name, this.#target);
    return given ?? this.#target.host;
  }
}

/** The port that was given, or the usual one if it is free, or any other. */
async function freePort(given: unknown, usual: number, flag: string): Promise<number> {
  if (given !== undefined) {
    if (await isFree(Number(given))) return Number(given);
    throw new UsageError(`port ${String(given)} (${flag}) is taken; give another one`);
  }
  if (await isFree(usual)) return usual;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  log.info(`port ${usual} is taken; using ${port} (${flag})`);
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Whether the web UI answers and lists a worker, within a minute. */
async function waitForWorker(url: string): Promise<boolean> {
  const due = performance.now() + startSeconds * 1000;
  while (performance.now() < due) {
    const answer = await fetch(`${url}/stats/requests`).catch(() => undefined);
    const stats = (await answer?.json().catch(() => undefined)) as { workers?: readonly unknown[] } | undefined;
    if (answer?.status === 401 || answer?.redirected === true) return true;
    if ((stats?.workers?.length ?? 0) > 0) return true;
    await delay(200);
  }
  log.warning(`the web UI at ${url} lists no worker after ${startSeconds} s; look at the lines above`);
  return true;
}
