import { UsageError } from '../errors.ts';
import { barsOf } from '../harvest/bars.ts';
import { harvest } from '../harvest/harvest.ts';
import { kubectlSource } from '../harvest/kubectl.ts';
import { type TimeWindow, windowOf } from '../harvest/moment.ts';
import type { HarvestResult } from '../harvest/result.ts';
import { RunFolder, runFolderOf } from '../harvest/run-folder.ts';
import { type LogSource, logSources, stdinSource } from '../harvest/source.ts';
import { summaryOf } from '../harvest/summary.ts';
import { type Arguments, argumentsOf, check, parser } from './arguments.ts';
import type { Flag } from './flags.ts';
import { compareHarvests, runNames } from './harvest-compare.ts';
import { Screen } from './screen.ts';

const flags: Readonly<Record<string, Flag>> = {
  'runs-dir': {
    type: 'string',
    requiresArg: true,
    default: 'runs',
    describe: 'The folder in which each run has one of its own',
  },
  bin: {
    type: 'string',
    requiresArg: true,
    default: '100ms',
    describe: 'Width of the buckets that times are rounded up to: 100ms, 1s',
  },
  kubectl: {
    type: 'string',
    isRepeated: true,
    requiresArg: true,
    describe: 'Read the logs of the pods with these labels, by kubectl logs: app=katydid-iot; several times for more',
  },
  'kubectl-namespace': { type: 'string', requiresArg: true, describe: 'The namespace of those pods' },
  payloads: { type: 'boolean', describe: 'Also write payloads.csv, a row for each payload' },
  force: { type: 'boolean', describe: 'Overwrite an earlier harvest of this run' },
  ascii: { type: 'boolean', describe: 'Draw the bars with plain letters' },
  json: { type: 'boolean', describe: 'The result as data, instead of the summary and the bars' },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

const usage = `katydid harvest RUN_DIR START END [LOG …]
katydid harvest compare RUN_A RUN_B

Reads logs of workers and application, and writes into runs/RUN_DIR how long the echoes of the payloads took that were
published from START up to, not with, END (UTC, 2019-01-04T20:00:00Z), and which never came back. LOG is a file, packed
with gzip or not, a folder, or - for standard input, which is read too if no LOG is given.`;
const example = 'katydid harvest night-1 2019-01-04T20:00:00Z 2019-01-04T21:00:00Z logs/';
const usualWidth = 80;
/** Between two updates of the line that tells how far it is. */
const linesAtOnce = 200_000;

/** `katydid harvest`: what became of payloads, from logs. What was found is told on stdout. */
export async function harvestLogs(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'compare') return compareHarvests(argv.slice(1));
  const args = await argumentsOf(parser(argv, flags).parserConfiguration(runNames).usage(usage));
  if (args === undefined) return 0;
  check(args, flags);
  const [run, start, end, ...logs] = args._.map(String);
  if (run === undefined || start === undefined || end === undefined) {
    throw new UsageError(`RUN_DIR, START and END are needed: ${example}`);
  }
  const window = windowOf(start, end);
  const folder = runFolderOf(String(args.runsDir), run);
  const binMilliseconds = binOf(String(args.bin));
  const sources = sourcesOf(args, logs, window);
  const making = new RunFolder(folder, args.force === true);
  whenEnded(() => making.discard());
  const screen = new Screen(process.stderr, () => {});
  let told = 0;
  const result = await harvest({
    run,
    folder: making,
    window,
    binMilliseconds,
    sources,
    isWhole: args.payloads === true,
    onProgress: (lines) => {
      if (lines - told < linesAtOnce) return;
      told = lines;
      screen.status(`${lines.toLocaleString('en-US')} lines …`);
    },
  });
  screen.status('');
  process.stdout.write(
    args.json === true ? `${JSON.stringify(result, undefined, 2)}\n` : textOf(result, folder, args.ascii === true),
  );
  return 0;
}

/** Cleans up before a signal ends this program as it always would. */
function whenEnded(clean: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      clean();
      process.kill(process.pid, signal);
    });
  }
}

/** Whole ms of `100ms`, `100` or `0.5s`. */
function binOf(given: string): number {
  const [, number = '', unit = 'ms'] = /^(\d{1,9}(?:\.\d+)?)(ms|s)?$/.exec(given) ?? [];
  const milliseconds = Math.round(Number(number) * (unit === 's' ? 1e6 : 1e3)) / 1e3;
  if (number !== '' && Number.isInteger(milliseconds) && milliseconds >= 1) return milliseconds;
  throw new UsageError(`--bin is '${given}'; a width in whole ms is expected, such as 100ms or 1s`);
}

function sourcesOf(args: Arguments, logs: readonly string[], window: TimeWindow): LogSource[] {
  const selectors = [args.kubectl ?? []].flat().map(String);
  const namespace = args.kubectlNamespace as string | undefined;
  if (namespace !== undefined && selectors.length === 0) {
    throw new UsageError("--kubectl-namespace needs --kubectl 'app=katydid-iot'");
  }
  const pods = selectors.map((selector) => kubectlSource({ selector, namespace, since: window.start }));
  const files = logSources(logs, process.stdin);
  if (files.length + pods.length > 0) return [...files, ...pods];
  if (process.stdin.isTTY) throw new UsageError(`which logs? ${example}, or - for standard input, or --kubectl`);
  return [stdinSource(process.stdin)];
}

function textOf(result: HarvestResult, folder: string, isAscii: boolean): string {
  const { isTTY, columns } = process.stdout;
  const settings = {
    width: isTTY ? columns : usualWidth,
    isColoured: isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    isAscii,
  };
  const charts = [
    { name: 'response times', data: result.responseTimes },
    { name: 'execution times', data: result.executionTimes },
  ].flatMap(({ name, data }) => {
    if (data.count === 0) return [];
    return ['', `${name}, up to so many ms`, ...barsOf(data, result.binMilliseconds, settings)];
  });
  return `${[...summaryOf(result), ...charts, '', `wrote      ${folder}; open ${folder}/harvest.html`].join('\n')}\n`;
}
