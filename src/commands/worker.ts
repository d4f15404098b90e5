import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { workerId } from '../protocol/identity.ts';
import { Logbook } from '../runner/logbook.ts';
import { WorkerRunner } from '../runner/worker.ts';
import { Pool, type PoolListener } from '../swarm/pool.ts';
import type { Share } from '../user/environment.ts';
import type { OptionSpecs, ParsedOptions } from '../user/options.ts';
import { type Arguments, check, flagsOf, parseDuration, parser, valuesOf } from './arguments.ts';
import { allowedCores } from './cores.ts';
import { allFlags } from './flags.ts';
import { setUpLog } from './logging.ts';
import { userFiles } from './user-files.ts';

/** Serves a Locust master until it, a signal or user code ends the worker. Resolves with the exit code. */
export async function runWorker(argv: readonly string[], first: Arguments): Promise<number> {
  const logbook = new Logbook();
  const logLevel = setUpLog(first, (line) => logbook.add(line));
  const clientId = workerId();
  const threads = threadsOf(first.processes);
  const socketModule = import('../protocol/socket.ts');
  let runner: WorkerRunner | undefined;
  const listener: PoolListener = {
    onException: (message, traceback) => runner?.tellException(message, traceback),
    onMessage: (type, data) => runner?.tellMessage(type, data),
    onQuit: () => void runner?.quit('user code said quit'),
    onHopeless: (reason) => {
      log.critical(reason);
      if (runner === undefined) process.exitCode = 1;
      runner?.tellException(reason, reason);
      void runner?.quit('no load thread can run the users', 1);
    },
  };
  const files = userFiles(first.locustfile as string | undefined);
  const userClasses = first._.map(String);
  const shard = shardOf(first.shard);
  const pool = await Pool.start({ files, threads, clientId, kind: 'worker', logLevel, shard, userClasses }, listener);
  const { options: specs } = pool.manifest;
  const { args, options } = parseAll(argv, specs);
  await pool.init(options);
  const { MasterSocket } = await socketModule;
  const [host, port] = [String(args.masterHost), Number(args.masterPort)];
  const onTrouble = (what: string): void => log.warning(what);
  const connection = new MasterSocket({ host, port, identity: clientId, onTrouble });
  runner = new WorkerRunner(pool, connection, {
    clientId,
    master: `${host}:${port}`,
    options,
    threads,
    maxConnectTime: args.maxConnectTime as number | undefined,
    additionalWait: Number(process.env.LOCUST_WORKER_ADDITIONAL_WAIT_BEFORE_READY_AFTER_STOP ?? 0) || 0,
    resetStats: args.resetStats === true,
    takeLogs: () => logbook.take(),
  });
  onSignals((signal) => void runner.quit(`got ${signal}`));
  return runner.run();
}

/** The whole command line, now that the user file's own flags are known. */
function parseAll(argv: readonly string[], specs: OptionSpecs): { args: Arguments; options: ParsedOptions } {
  const flags = { ...allFlags, ...flagsOf(specs) };
  const args = parser(argv, flags).parseSync() as Arguments;
  check(args, flags);
  return { args, options: { ...parsedOptions(args), ...valuesOf(specs, args) } };
}

/** Locust's own options as users may read them, by Locust's names. */
export function parsedOptions(args: Arguments): ParsedOptions {
  return {
    worker: args.worker === true,
    tags: (args.tags as string[] | undefined) ?? null,
    excludeTags: (args.excludeTags as string[] | undefined) ?? null,
    expectWorkers: (args.expectWorkers as number | undefined) ?? 1,
    numUsers: (args.users as number | undefined) ?? null,
    spawnRate: (args.spawnRate as number | undefined) ?? null,
    runTime: args.runTime === undefined ? null : parseDuration(String(args.runTime), '--run-time'),
    host: (args.host as string | undefined) ?? null,
    stopTimeout: args.stopTimeout === undefined ? 0 : parseDuration(String(args.stopTimeout), '--stop-timeout'),
    loglevel: args.loglevel,
    equalWeights: args.equalWeights === true,
  };
}

function threadsOf(given: unknown): number {
  if (given === -1) return allowedCores();
  if (typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= 256) return given;
  throw new UsageError(`--processes must be a whole number from 1 on, or -1 for all cores; ${String(given)} was given`);
}

function shardOf(given: unknown): Share {
  if (given === undefined) return { index: 0, count: 1 };
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(String(given)) ?? [];
  if (index === undefined || Number(index) >= Number(count)) {
    throw new UsageError(
      `--shard is '${String(given)}'; the part and the number of parts are expected, such as 0/4 … 3/4`,
    );
  }
  return { index: Number(index), count: Number(count) };
}

/** The first SIGTERM or SIGINT ends in good order, the second at once. */
function onSignals(quit: (signal: string) => void): void {
  let count = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      count++;
      if (count === 1) quit(signal);
      else process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  }
}
