import { createRequire } from 'node:module';
import { UsageError } from '../errors.ts';
import { nearest, nearMiss } from '../words.ts';
import { type Arguments, check, parser } from './arguments.ts';
import { readConfigFiles, type Settings } from './config-files.ts';
import { allFlags } from './flags.ts';

const help = `katydid: a Locust worker in TypeScript. An unmodified Locust master and its web UI order, katydid runs the users.

  katydid up -f users.ts                               a master with its web UI and workers, on this machine
  katydid -f users.ts --headless -u 10 -r 1 -t 1m      a run without a master, on this machine
  katydid -f users.ts --worker --master-host HOST      a worker for a master that you have
  katydid bench users.ts --once                        try a user file out: one user, each request printed
  katydid import access.log -o users/recorded.ts       a user file from production logs, or from a HAR
  katydid locustfile -f users.ts                       print the locustfile that this master must load
  katydid shape -f users.ts                            show its load shapes as a plot and a table
  katydid doctor -f users.ts --master-host HOST        can a worker run against that master?
  katydid harvest RUN START END logs/                  how long the echoes of IoT payloads took, from logs
  katydid cost --per-hour 1 --devices 100 …            what an application costs a month with more devices
  katydid study study.yaml                             how many users a system can take, and what holds it back
  katydid devices create 1 100                         keys for simulated IoT devices, and a registry that knows them
  katydid bundle users.ts -o users.mjs                 one file, packages and all, that fits a ConfigMap
  katydid target website                               a small system under test, to try it out
  katydid --version
`;
const commandNames = [
  'up',
  'locustfile',
  'doctor',
  'target',
  'shape',
  'bench',
  'import',
  'bundle',
  'devices',
  'harvest',
  'cost',
  'study',
];

/** A command line without a command's name: a worker or a run without a master, as Locust has them. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--version') || argv.includes('-V')) {
    const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
    process.stdout.write(`katydid ${version}\n`);
    return 0;
  }
  const settings = readConfigFiles(argv);
  const known = { ...allFlags, help: { type: 'boolean', alias: 'h', describe: 'This text' } } as const;
  // Flags of no group would come last.
  const flags = Object.fromEntries(Object.entries(known).map(([name, flag]) => [name, { group: 'Options:', ...flag }]));
  const line = parser(argv, flags, process.env, settings);
  const args = line.parseSync() as Arguments;
  if (args.help === true) {
    process.stdout.write(`${help}\n${await line.getHelp()}\n`);
    return 0;
  }
  if (args.worker === true) {
    const { runWorker } = await import('./worker.ts');
    return runWorker(argv, args, settings);
  }
  if (args.headless === true || ['list', 'showTaskRatio', 'showTaskRatioJson'].some((name) => args[name] === true)) {
    const { run } = await import('./run.ts');
    return run(argv, args, settings);
  }
  throw new UsageError(whatIsMeant(args, settings));
}

function whatIsMeant(args: Arguments, settings: Settings): string {
  const [word] = args._.map(String);
  const command = word === undefined ? undefined : nearest(word, commandNames);
  if (command !== undefined) return `there is no command '${word}'; did you mean 'katydid ${command}'?`;
  check(args, { ...allFlags, ...(args.locustfile === undefined ? {} : looseFlags(args)) }, settings);
  if (word !== undefined && args.locustfile === undefined) {
    return `there is no command '${word}'; there are ${commandNames.join(', ')}, and 'katydid --help'`;
  }
  return `how shall the users run?\n\n${help}`;
}

/** Flags that say how users run. */
const modes = ['worker', 'headless', 'list', 'show-task-ratio', 'show-task-ratio-json'];

/** Flags that the user file may declare: not for this place to judge, but for those that were to say how users run. */
function looseFlags(args: Arguments): Record<string, { readonly type: 'string' }> {
  const loose = Object.keys(args).filter((name) => nearMiss(name, modes) === undefined);
  return Object.fromEntries(loose.map((name) => [name, { type: 'string' as const }]));
}
