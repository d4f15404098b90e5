import { createRequire } from 'node:module';
import { UsageError } from '../errors.ts';
import { nearest } from '../words.ts';
import { type Arguments, check, parser } from './arguments.ts';
import { allFlags } from './flags.ts';

const help = `katydid: a Locust worker in TypeScript. An unmodified Locust master and its web UI order, katydid runs the users.

  katydid up -f users.ts                               a master with its web UI and workers, on this machine
  katydid -f users.ts --worker --master-host HOST      a worker for a master that you have
  katydid locustfile -f users.ts                       print the locustfile that this master must load
  katydid doctor -f users.ts --master-host HOST        can a worker run against that master?
  katydid target website                               a small system under test, to try it out
  katydid --version
`;
const commandNames = ['up', 'locustfile', 'doctor', 'target'];

/** A command line without a command's name: a worker, as `locust --worker` is one. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--version') || argv.includes('-V')) {
    const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
    process.stdout.write(`katydid ${version}\n`);
    return 0;
  }
  const line = parser(argv, {
    ...allFlags,
    help: { type: 'boolean', alias: 'h', describe: 'This text' },
  });
  const args = line.parseSync() as Arguments;
  if (args.help === true) {
    process.stdout.write(`${help}\n${await line.getHelp()}\n`);
    return 0;
  }
  if (args.worker === true) {
    const { runWorker } = await import('./worker.ts');
    return runWorker(argv, args);
  }
  throw new UsageError(whatIsMeant(args));
}

function whatIsMeant(args: Arguments): string {
  const [word] = args._.map(String);
  const command = word === undefined ? undefined : nearest(word, commandNames);
  if (command !== undefined) return `there is no command '${word}'; did you mean 'katydid ${command}'?`;
  check(args, { ...allFlags, ...(args.locustfile === undefined ? {} : looseFlags(args)) });
  if (args.headless === true) {
    return "runs without a master (--headless) are not in this version; 'katydid up --headless -u 10 -t 1m' runs one with a master";
  }
  if (word !== undefined && args.locustfile === undefined) {
    return `there is no command '${word}'; there are ${commandNames.join(', ')}, and 'katydid --help'`;
  }
  return `how shall the users run?\n\n${help}`;
}

/** Flags that the user file may declare: not for this place to judge. */
function looseFlags(args: Arguments): Record<string, { readonly type: 'string' }> {
  return Object.fromEntries(Object.keys(args).map((name) => [name, { type: 'string' as const }]));
}
