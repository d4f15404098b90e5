import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import type { Vitals } from '../monitor/metrics.ts';
import type { Health } from '../monitor/monitor.ts';
import { workerId } from '../protocol/identity.ts';
import { Logbook } from '../runner/logbook.ts';
import { WorkerRunner } from '../runner/worker.ts';
import type { Precision } from '../stats/bucket.ts';
import { Pool, type PoolListener } from '../swarm/pool.ts';
import type { Arguments } from './arguments.ts';
import { parseAll, threadsOf, userClassesOf } from './command-line.ts';
import type { Settings } from './config-files.ts';
import { setUpLog } from './logging.ts';
import { shardOf } from './shard.ts';
import { onSignals } from './signals.ts';
import { userFiles } from './user-files.ts';
import { Watched } from './watched.ts';

/** Serves a Locust master until it, a signal or user code ends the worker. Resolves with the exit code. */
export async function runWorker(argv: readonly string[], first: Arguments, fromFiles: Settings): Promise<number> {
  const logbook = new Logbook();
  const logLevel = setUpLog(first, (line) => logbook.add(line));
  const clientId = workerId();
  const threads = threadsOf(first.processes);
  const socketModule = import('../protocol/socket.ts');
  let runner: WorkerRunner | undefined;
  let vitals: () => Vitals & Health = () => asleep;
  const watched = new Watched(() => vitals());
  await watched.open(first);
  const listener: PoolListener = {
    onException: (message, traceback) => runner?.tellException(message, traceback),
    onMessage: (type, data) => runner?.tellMessage(type, data),
    onMeasured: watched.add,
    onQuit: (reason = 'user code said quit') => void runner?.quit(reason),
    onHopeless: (reason) => {
      log.critical(reason);
      if (runner === undefined) process.exitCode = 1;
      runner?.tellException(reason, reason);
      void runner?.quit('no load thread can run the users', 1);
    },
  };
  const files = userFiles(first.locustfile as string | undefined);
  const userClasses = userClassesOf(first, process.env);
  const shard = shardOf(first.shard);
  if (shard.origin === 'ordinal') {
    const part = `${shard.index}/${shard.count}`;
    log.info(`this is part ${part} of the workers, by the ordinal in the name of its host; --shard may say otherwise`);
  }
  const precision = precisionOf(first.responseTimePrecision);
  const settings = { files, threads, clientId, kind: 'worker', logLevel, shard, userClasses, precision } as const;
  const pool = await Pool.start(settings, listener);
  const { options: specs } = pool.manifest;
  const { args, options } = parseAll(argv, specs, fromFiles);
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
  const known = runner;
  let reconnects = 0;
  connection.onReconnect(() => {
    reconnects++;
  });
  vitals = () => {
    const { state, ...counted } = known.vitals;
    const isReady = state !== 'connecting' && state !== 'quitting';
    return { ...counted, state, isReady, users: pool.counts(), reconnects, droppedMessages: connection.lost };
  };
  onSignals((signal) => void runner.quit(`got ${signal}`));
  return runner.run();
}

/** A worker that still reads its user files. */
const asleep: Vitals & Health = {
  ...{ state: 'connecting', isReady: false, users: new Map(), reconnects: 0, brokenMessages: 0, droppedMessages: 0 },
  ...{ heartbeatsSent: 0, heartbeatsReceived: 0 },
};

function precisionOf(given: unknown): Precision {
  if (given === 2 || given === 3) return given;
  throw new UsageError(`--response-time-precision must be 2 or 3 significant digits; ${String(given)} was given`);
}
