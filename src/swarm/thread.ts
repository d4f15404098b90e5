// A load thread from its start to its end: takes orders, runs the swarm, reports.
import { parentPort, workerData } from 'node:worker_threads';
import { ControlFlow, toError, UsageError } from '../errors.ts';
import type { EventHook } from '../events.ts';
import { log, setLogLevel, setLogSink } from '../log.ts';
import { Stats } from '../stats/stats.ts';
import { takeMissed } from '../user/backlog.ts';
import { Environment } from '../user/environment.ts';
import { events } from '../user/events.ts';
import { Iteration } from '../user/iteration.ts';
import type { ParsedOptions } from '../user/options.ts';
import { setPlace } from '../user/place.ts';
import type { Bundle } from './bundle.ts';
import { Exceptions } from './exceptions.ts';
import { readUserFile, type UserFile } from './manifest.ts';
import type { Notice, Order, Report, TestSettings, ThreadData } from './port.ts';
import type { Counts } from './split.ts';
import { StackMapper } from './stack.ts';
import { StrainGauge } from './strain.ts';
import { Swarm } from './swarm.ts';
import { logConsole } from './thread-console.ts';
import { ThreadRunner } from './thread-runner.ts';
import { Ticker } from './ticker.ts';
import { tellRequests } from './told-request.ts';

/** What was measured is handed over this often, so that a thread that dies takes little with it. */
const handOverMilliseconds = 1000;
/** While it stops, a thread says this often that it is alive. */
const stoppingMilliseconds = 250;

const port = parentPort;
if (port === null) throw new Error('swarm/thread runs as a worker thread only');
const post = (report: Report): void => port.postMessage(report);
const data = workerData as ThreadData;

const runner = new ThreadRunner(data, post);
const stats = new Stats(data.precision);
const environment = new Environment({ ...data, stats, runner, parsedOptions: {} as ParsedOptions });
let mapper: StackMapper | undefined;
let file: UserFile | undefined;
let swarm: Swarm | undefined;
let ticker: Ticker | undefined;
let testStarted: Promise<void> = Promise.resolve();
let isTestRunning = false;
/** A second stop is not announced again; the first one is, even without a test. Locust's rule. */
let isStopped = false;
let countsDue = false;

const traceback = (error: Error): string => mapper?.traceback(error) ?? error.stack ?? error.message;

setLogLevel(data.logLevel);
setLogSink((record) => post({ type: 'log', record }));
globalThis.console = logConsole();

events.request.countWith(({ requestType, name, responseTime, responseLength, exception }) => {
  const time = typeof responseTime === 'number' && Number.isFinite(responseTime) ? Math.max(0, responseTime) : null;
  const length = Number.isFinite(responseLength) ? Math.max(0, Math.trunc(responseLength)) : 0;
  const lateness = Iteration.current?.lateness ?? null;
  stats.record(String(requestType), String(name), time, length, exception, undefined, lateness);
});

const tellException = (message: string, text: string): void => post({ type: 'exception', message, traceback: text });
const exceptions = new Exceptions(tellException, data.kind === 'worker');
const reportException = (error: Error): void => exceptions.report(error.message, traceback(error));

events.userError.addListener(({ exception }) => reportException(exception));

process.on('uncaughtException', (thrown) => reportException(toError(thrown)));
process.on('unhandledRejection', (thrown) => {
  // Work of a user that nobody waited for, ended with it: no error.
  if (!(thrown instanceof ControlFlow)) reportException(toError(thrown));
});
const strain = new StrainGauge();

function handOver(): void {
  post({ type: 'stats', stats: stats.drain(), strain: strain.take() });
}

process.on('exit', handOver);
setInterval(handOver, handOverMilliseconds).unref();

async function load(bundle: Bundle): Promise<void> {
  mapper = new StackMapper(bundle);
  setPlace({ ...data, folders: bundle.folders });
  try {
    const source = `${bundle.code}\n//# sourceURL=${bundle.name}`;
    const url = `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`;
    const modules = (await import(url)) as Record<string, Record<string, unknown>>;
    file = readUserFile(Object.values(modules), environment, bundle.folders);
    const onLimit = (): void => post({ type: 'limitReached' });
    swarm = new Swarm(file, environment, { onCounts: reportCountsSoon, onError: reportStartError, onLimit });
    ticker = new Ticker(file.shapeClasses, environment, traceback);
    post({ type: 'loaded', manifest: file.manifest });
  } catch (thrown) {
    const error = toError(thrown);
    post({ type: 'loadFailed', reason: error instanceof UsageError ? error.message : traceback(error) });
  }
}

/** A run without a master has no web UI in which a host could still be filled in: it ends. Locust's rule. */
function reportStartError(error: Error, isFatal: boolean): void {
  if (!isFatal || data.kind !== 'local') return reportException(error);
  exceptions.report(error.message, error.message);
  runner.quit(error.message);
}

/** Users end one by one, often many in one turn: one report for all. */
function reportCountsSoon(): void {
  if (countsDue) return;
  countsDue = true;
  setImmediate(() => {
    countsDue = false;
    post({ type: 'counts', counts: counts() });
  });
}

const counts = (): Counts => swarm?.counts() ?? new Map();

async function init(parsedOptions: ParsedOptions, workerIndex: number): Promise<void> {
  environment.parsedOptions = parsedOptions;
  runner.workerIndex = workerIndex;
  await events.init.fireAndWait({ environment });
  post({ type: 'ready' });
}

async function resize(id: number, isNewTest: boolean, target: Counts, test: TestSettings): Promise<void> {
  environment.stopTimeout = test.stopTimeout;
  environment.parsedOptions = test.parsedOptions;
  if (test.host !== null) {
    environment.host = test.host;
    swarm?.setHost(test.host);
  }
  if (isNewTest) {
    stats.clear();
    swarm?.choose(test.parsedOptions);
    swarm?.begin(test);
    if (test.tellsRequests === true) tellRequests((request) => post({ type: 'request', request }));
    isTestRunning = true;
    isStopped = false;
    testStarted = events.testStart.fireAndWait({ environment });
  }
  await testStarted;
  if (isTestRunning) await swarm?.resize(target, test.stopTimeout);
  post({ type: 'resized', id, counts: counts() });
}

async function stop(stopTimeout: number): Promise<void> {
  const alive = setInterval(() => post({ type: 'stopping' }), stoppingMilliseconds);
  const isAnnounced = !isStopped;
  isStopped = true;
  isTestRunning = false;
  if (isAnnounced) await events.testStopping.fireAndWait({ environment });
  await testStarted;
  await swarm?.stop(stopTimeout);
  for (const line of takeMissed()) log.warning(line);
  if (isAnnounced) await events.testStop.fireAndWait({ environment });
  clearInterval(alive);
  post({ type: 'stopped', stats: stats.drain(), counts: counts() });
}

function report(): void {
  const extra: Record<string, unknown> = {};
  events.reportToMaster.fire({ clientId: runner.clientId, data: extra });
  post({ type: 'report', stats: stats.drain(), extra });
}

function notify(notice: Notice): void {
  const { clientId } = runner;
  switch (notice.name) {
    case 'spawningComplete':
      return events.spawningComplete.fire({ userCount: notice.userCount });
    case 'usageMonitor':
      return events.usageMonitor.fire({ environment, ...notice });
    case 'cpuWarning':
      return events.cpuWarning.fire({ environment, ...notice });
    case 'workerReport':
      return events.workerReport.fire({ clientId, data: notice.data });
    default:
      return (events[notice.name] as EventHook<{ clientId: string; timestamp: number }>).fire({
        clientId,
        timestamp: notice.timestamp,
      });
  }
}

async function quitting(): Promise<void> {
  await events.quitting.fireAndWait({ environment });
  post({ type: 'quitting' });
}

function end(exitCode: number): void {
  events.quit.fire({ exitCode: environment.processExitCode ?? exitCode });
  post({ type: 'ended', exitCode: environment.processExitCode });
}

function obey(order: Order): unknown {
  switch (order.type) {
    case 'load':
      return load(order.bundle);
    case 'init':
      return init(order.parsedOptions, order.workerIndex);
    case 'resize':
      return resize(order.id, order.isNewTest, order.counts, order.test);
    case 'stop':
      return stop(order.stopTimeout);
    case 'report':
      return report();
    case 'message':
      return runner.receive(order.messageType, environment, order.data);
    case 'updateUserClass':
      return swarm?.update(order.name, order.attributes, order.tasks);
    case 'workerIndex':
      runner.workerIndex = order.index;
      return;
    case 'notice':
      return notify(order.notice);
    case 'totals':
      runner.stats = order.stats;
      return;
    case 'tick':
      return ticker?.tick(order).then(post);
    case 'limitReached':
      return swarm?.stopIdle();
    case 'resetStats':
      stats.clear();
      return events.resetStats.fire({});
    case 'quitting':
      return quitting();
    case 'end':
      return end(order.exitCode);
  }
}

/** Loading and `init` come before everything else; the other orders begin in their order and may overlap. */
let prepared: Promise<unknown> = Promise.resolve();

port.on('message', (order: Order) => {
  const done = prepared.then(() => obey(order)).catch((thrown: unknown) => reportException(toError(thrown)));
  if (order.type === 'load' || order.type === 'init') prepared = done;
});
