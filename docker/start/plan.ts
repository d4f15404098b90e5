// What a container runs: its arguments and variables → a program. Pure but for looking at which files there are.
import { UsageError } from '../../src/errors.ts';
import { foundFiles, isPython, meantFiles, mounts } from './user-code.ts';
import { takeLocustfile, without } from './words.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What an image holds. */
export interface Image {
  readonly node: string;
  /** katydid's command line. */
  readonly cli: string;
  /** Python's Locust, in the image that has it. */
  readonly locust: string | undefined;
  /** Run when nothing else is there to run. */
  readonly example: string;
  /** Folders in which user files are looked for. */
  readonly folders: readonly string[];
  /** What configuration files name as the user files. */
  readonly configured: (argv: readonly string[]) => string | undefined;
  /** The program of this name on PATH. */
  readonly program: (name: string) => string | undefined;
}

/** What a container is there for: asked for its health. */
export type Role = 'master' | 'worker' | 'other';

/** The program that a container becomes. */
export interface Plan {
  readonly role: Role;
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: Environment;
  /** For a master: the user files whose stub is to be written, and given to it with `-f`. */
  readonly stubOf?: readonly string[];
  /** What a person should know. */
  readonly note?: string;
}

/** A command of katydid, which no name of a class looks like. */
const command = /^[a-z][a-z-]*$/;
const modes = ['standalone', 'master', 'worker'];

/** Flags that a master has not. One of the operators gives the same arguments to master and workers. */
const workersOnly = [
  ...['--shard', '--health-port', '--health-host', '--log-format', '--response-time-precision', '--max-connect-time'],
  // Locust's too, but not beside --master: what it counts here are a worker's threads.
  '--processes',
];

const isYes = (value: string | undefined): boolean => /^(1|true|yes|on)$/i.test(value ?? '');

/** The program for these arguments and variables. */
export function planOf(words: readonly string[], variables: Environment, image: Image): Plan {
  const argv = ['locust', 'katydid'].includes(words[0] ?? '') ? words.slice(1) : words;
  const env = translated(variables);
  const [first = ''] = argv;
  const katydid = (own: readonly string[], role: Role = 'other', more: Environment = {}): Plan => ({
    ...{ role, program: image.node, argv: [image.cli, ...own], env: { ...env, ...more } },
  });
  if (command.test(first)) {
    const program = image.program(first);
    return program === undefined ? katydid(argv) : { role: 'other', program, argv: argv.slice(1), env };
  }

  const mode = modeOf(argv, env);
  if (mode === undefined && argv.length === 0) return katydid(['--help']);
  const { rest, given } = takeLocustfile(argv);
  const named = given ?? env.LOCUST_LOCUSTFILE ?? image.configured(argv);
  const found = named === undefined ? foundFiles(image.folders) : meantFiles(named, image.folders);
  const isExample = found.length === 0 && env.LOCUST_MODE !== undefined;
  const files = isExample ? [image.example] : found;
  const note = isExample
    ? { note: `no user file is in ${mounts.join(', ')} and none is given with -f: running ${image.example}` }
    : {};
  const located = files.length === 0 ? {} : { LOCUST_LOCUSTFILE: files.join(',') };
  if (mode === 'master') return { ...master(rest, files, env, image), ...note };
  if (mode === 'worker') return { ...katydid(flagged(rest, '--worker'), 'worker', located), ...note };
  const isLocal = rest.includes('--headless') || isYes(env.LOCUST_HEADLESS) || image.locust === undefined;
  if (mode !== 'standalone') return katydid(rest, 'other', located);
  if (isLocal) return { ...katydid(flagged(rest, '--headless'), 'other', located), ...note };
  const web = rest.some((word) => word.startsWith('--web-host')) ? [] : ['--web-host', '0.0.0.0'];
  return { ...katydid(['up', '--locust', image.locust, ...web, ...rest], 'other', located), ...note };
}

/** An unmodified master. Files in Python are its own matter; for ours it gets a stub. */
function master(rest: readonly string[], files: readonly string[], env: Environment, image: Image): Plan {
  if (image.locust === undefined) {
    throw new UsageError(
      'this image runs users, and holds no master: take the image katydid-locust, or Locust itself with what ' +
        "'katydid locustfile -f users.ts' prints",
    );
  }
  const { LOCUST_PROCESSES: _, LOCUST_LOCUSTFILE: __, ...others } = env;
  const argv = flagged(without(rest, workersOnly), '--master');
  const plan = { role: 'master', program: image.locust, env: others } as const;
  if (files.length > 0 && files.some(isPython)) return { ...plan, argv: ['-f', files.join(','), ...argv] };
  return { ...plan, argv, ...(files.length > 0 ? { stubOf: files } : {}) };
}

/** What is asked for in the arguments wins over Locust's variables, and those over the image's own. */
function modeOf(argv: readonly string[], env: Environment): string | undefined {
  if (argv.includes('--worker')) return 'worker';
  if (argv.includes('--master')) return 'master';
  if (isYes(env.LOCUST_MODE_WORKER)) return 'worker';
  if (isYes(env.LOCUST_MODE_MASTER)) return 'master';
  const mode = env.LOCUST_MODE;
  if (mode === undefined || modes.includes(mode)) return mode;
  throw new UsageError(`LOCUST_MODE is '${mode}'; ${modes.join(', ')} are possible`);
}

/** The image's own variables in Locust's words, which win where both are set. */
function translated({ TARGET_HOST, LOCUST_MASTER, ...env }: Environment): Environment {
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(LOCUST_MASTER ?? '') ?? [];
  return {
    ...(TARGET_HOST ? { LOCUST_HOST: TARGET_HOST } : {}),
    ...(host === '' ? {} : { LOCUST_MASTER_NODE_HOST: host }),
    ...(port === undefined ? {} : { LOCUST_MASTER_NODE_PORT: port }),
    ...withoutEmpty(env),
  };
}

/** A variable that a compose file hands on without a value is empty, and means nothing. */
function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => value !== '' || !name.startsWith('LOCUST_')));
}

const flagged = (argv: readonly string[], flag: string): readonly string[] =>
  argv.includes(flag) ? argv : [flag, ...argv];
