import { existsSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { Exceptions } from '../report/exceptions.ts';
import { hasFailed, short, type Trial, trialText } from '../report/trial.ts';
import type { StatsSnapshot } from '../stats/snapshot.ts';
import { Pool, type PoolListener } from '../swarm/pool.ts';
import { sumOfCounts } from '../swarm/split.ts';
import type { ToldRequest } from '../swarm/told-request.ts';
import { begunOf, limitIterations } from '../user/iterations.ts';
import type { ParsedOptions } from '../user/options.ts';
import { type Arguments, check, flagsOf, parser, valuesOf } from './arguments.ts';
import { parsedOptions, secondsOf } from './command-line.ts';
import { only, readConfigFiles } from './config-files.ts';
import { configFlags, type Flag, logFlags, masterFlags, userFlags, workerFlags } from './flags.ts';
import { setUpLog } from './logging.ts';
import { onSignals } from './signals.ts';
import { userFiles } from './user-files.ts';

const usualIterations = 10;
const mostIterations = 2 ** 31 - 1;
/** A trial that takes longer says how far it is, or ends if it has not begun and cannot: users may try for ever. */
const patienceMilliseconds = 10_000;
/** Listeners of `testStart` are waited for; a timer cannot be longer. */
const longestMilliseconds = 2 ** 30;

const flags: Readonly<Record<string, Flag>> = {
  locustfile: userFlags.locustfile ?? {},
  iterations: {
    type: 'number',
    alias: 'i',
    requiresArg: true,
    describe: `How many tasks of its own table each user runs, task sets to their end; ${usualIterations} if not given`,
  },
  once: { type: 'boolean', describe: 'One iteration, and each request is printed as it ends' },
  waits: { type: 'boolean', describe: 'Pause between tasks, which is left out otherwise' },
  host: masterFlags.host ?? {},
  tags: userFlags.tags ?? {},
  'exclude-tags': userFlags['exclude-tags'] ?? {},
  'equal-weights': workerFlags['equal-weights'] ?? {},
  'run-time': { ...masterFlags['run-time'], describe: 'How long each class is tried at most: 30s, 5m' },
  'stop-timeout': masterFlags['stop-timeout'] ?? {},
  ...configFlags,
  ...logFlags,
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};
const usage = `katydid bench users.ts [classes …]

Tries a user file out: one user of each class, one class after the other, each for so many iterations.
Exit code 1 if a request failed or the user's code threw.`;

/** `katydid bench users.ts`: what the users of a file do, and what it costs, before they are many. */
export async function bench(argv: readonly string[]): Promise<number> {
  const line = parser(argv, flags).usage(usage);
  const first = line.parseSync() as Arguments;
  if (first.help === true) {
    process.stdout.write(`${await line.getHelp()}\n`);
    return 0;
  }
  const logLevel = setUpLog(first);
  const { files, userClasses } = wordsOf(argv, first);
  const listener = new BenchListener();
  const shard = { index: 0, count: 1 };
  const settings = { files, threads: 1, clientId: 'bench', kind: 'local', logLevel, shard, userClasses } as const;
  const pool = await Pool.start({ ...settings, precision: 3 }, listener);
  let code = 1;
  try {
    const own = { ...flags, ...flagsOf(pool.manifest.options) };
    const config = only(readConfigFiles(argv), (key) => Object.hasOwn(own, key));
    const args = parser(argv, own, process.env, config).parseSync() as Arguments;
    check(args, own);
    const iterations = iterationsOf(args);
    const options = { ...parsedOptions(args), ...valuesOf(pool.manifest.options, args) };
    onSignals((signal) => {
      log.info(`got ${signal}: ending`);
      listener.end();
    });
    await pool.init(options);
    code = (await tryAll(pool, listener, { args, options, iterations })) ? 0 : 1;
    await pool.quitting();
  } finally {
    await pool.end(code);
  }
  return pool.exitCode ?? code;
}

/** Words are user files, if they look like some, or names of classes. */
function wordsOf(
  argv: readonly string[],
  args: Arguments,
): { readonly files: string[]; readonly userClasses: string[] } {
  const words = args._.map(String);
  const isFile = (word: string): boolean => existsSync(word) || /[/\\.,]/.test(word);
  const named = words.filter(isFile);
  // The variable is for when no file is named.
  const isGiven = named.length === 0 || argv.some((word) => /^(-f|--locustfile)/.test(word));
  const all = [isGiven ? (args.locustfile ?? []) : [], named].flat().join(',');
  return { files: userFiles(all === '' ? undefined : all), userClasses: words.filter((word) => !isFile(word)) };
}

function iterationsOf({ iterations, once }: Arguments): number {
  if (once === true && iterations !== undefined) throw new UsageError('--once is --iterations 1; give one of them');
  const count = once === true ? 1 : (iterations ?? usualIterations);
  if (Number.isInteger(count) && Number(count) >= 1 && Number(count) <= mostIterations) return Number(count);
  throw new UsageError(`--iterations is ${String(count)}; a whole number from 1 on is expected`);
}

/** What the trials hear of the pool. */
class BenchListener implements PoolListener {
  exceptions = new Exceptions();
  /** Failed requests of the running trial. */
  failures = 0;
  /** Something has happened that may be the end of a trial. */
  onChange: () => void = () => {};
  /** The running trial is to end. */
  isQuitting = false;
  /** No other trial is to begin. */
  isEnding = false;
  isHopeless = false;

  onException(message: string, traceback: string): void {
    this.exceptions.add(message, traceback);
  }

  onMessage(messageType: string): void {
    log.debug(`the message '${messageType}' has no master to go to`);
  }

  onQuit(reason = 'user code said quit'): void {
    log.info(reason);
    this.isQuitting = true;
    this.onChange();
  }

  onHopeless(reason: string): void {
    log.critical(reason);
    this.exceptions.add(reason, reason);
    this.isHopeless = true;
    this.end();
  }

  onCounts(): void {
    this.onChange();
  }

  onMeasured(_thread: number, { total }: StatsSnapshot): void {
    this.failures += total.numFailures;
  }

  onRequest(request: ToldRequest): void {
    process.stdout.write(`${requestLine(request)}\n`);
  }

  end(): void {
    this.isEnding = true;
    this.onChange();
  }
}

interface Given {
  readonly args: Arguments;
  readonly options: ParsedOptions;
  readonly iterations: number;
}

/** One class after the other, as only so the figures are each one's own. Whether all went well. */
async function tryAll(pool: Pool, listener: BenchListener, given: Given): Promise<boolean> {
  let isWell = true;
  for (const { name } of pool.manifest.classes) {
    if (listener.isEnding) return false;
    if (given.args.once === true) process.stdout.write(`${name}\n`);
    const trial = await tryClass(pool, listener, name, given);
    process.stdout.write(`${given.args.once === true ? '\n' : ''}${trialText(trial)}\n`);
    if (hasFailed(trial)) isWell = false;
  }
  return isWell && !listener.isEnding;
}

async function tryClass(pool: Pool, listener: BenchListener, name: string, given: Given): Promise<Trial> {
  const { args, options, iterations: wanted } = given;
  const limit = limitIterations(wanted, 'turn');
  const stopTimeout = secondsOf(args.stopTimeout, '--stop-timeout') ?? 0;
  const test = {
    host: (args.host as string | undefined) ?? null,
    stopTimeout,
    parsedOptions: options,
    iterations: limit,
    withoutWaits: args.waits !== true,
    tellsRequests: args.once === true,
  };
  listener.isQuitting = false;
  listener.failures = 0;
  // What `init` listeners asked for is no part of it.
  pool.takeStats();
  const began = performance.now();
  const seconds = secondsOf(args.runTime, '--run-time');
  const progress = setInterval(() => {
    if (begunOf(limit) === 0 && listener.failures > 0 && seconds === undefined) {
      const after = `${patienceMilliseconds / 1000} s`;
      return listener.onQuit(
        `${name}: no iteration has begun after ${after}, as requests fail; --run-time gives it longer`,
      );
    }
    const hint = 'a task set ends by interrupt(), --run-time ends the trial';
    log.info(`${name}: ${begunOf(limit)} of ${wanted} iterations have begun; ${hint}`);
  }, patienceMilliseconds);
  const timer =
    seconds === undefined ? undefined : setTimeout(() => listener.onQuit('--run-time limit reached'), seconds * 1000);
  let isStarted = false;
  const started = pool.resize(new Map([[name, 1]]), test, true, longestMilliseconds).then(() => {
    isStarted = true;
    listener.onChange();
  });
  await new Promise<void>((resolve) => {
    listener.onChange = () => {
      const isGone = isStarted && sumOfCounts(pool.counts()) === 0;
      if (isGone || listener.isQuitting || listener.isEnding) resolve();
    };
    listener.onChange();
  });
  clearInterval(progress);
  clearTimeout(timer);
  if (!listener.isHopeless) await Promise.all([pool.stop(stopTimeout), started]);
  const took = (performance.now() - began) / 1000;
  const exceptions = listener.exceptions.rows;
  listener.exceptions = new Exceptions();
  return { className: name, iterations: begunOf(limit), wanted, seconds: took, stats: pool.takeStats(), exceptions };
}

/** One request as it is told: figures first, which have their columns, then the texts. */
function requestLine(request: ToldRequest): string {
  const { method, name, url, status, responseTime, responseLength, failure, context } = request;
  const time = responseTime === null ? '-' : `${short(responseTime)} ms`;
  const figures = [String(status ?? '-').padStart(5), time.padStart(10), `${responseLength} B`.padStart(10)];
  const texts = [`${method} ${name}`, url ?? '', context, failure === null ? '' : `failed: ${failure}`];
  return [...figures, ...texts.filter((text) => text !== '')].join('  ');
}
