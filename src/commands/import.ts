import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../errors.ts';
import { type ImportSettings, importLogs } from '../recording/import.ts';
import type { Format } from '../recording/reading.ts';
import { type Arguments, argumentsOf, check, parseDuration, parser } from './arguments.ts';
import type { Flag } from './flags.ts';

const flags: Readonly<Record<string, Flag>> = {
  output: { type: 'string', alias: 'o', requiresArg: true, describe: 'The user file; stdout if not given' },
  force: { type: 'boolean', describe: 'Overwrite it if it exists' },
  format: {
    type: 'string',
    choices: ['access', 'json', 'har'],
    requiresArg: true,
    describe: 'How the files are written; found out if not given',
  },
  host: {
    type: 'string',
    alias: 'H',
    requiresArg: true,
    describe: 'The system under test, to be written into the file',
  },
  include: {
    type: 'string',
    isRepeated: true,
    requiresArg: true,
    describe: 'Only paths that match this regular expression',
  },
  exclude: { type: 'string', isRepeated: true, requiresArg: true, describe: 'No paths that match this one' },
  methods: { type: 'string', requiresArg: true, describe: 'Only these methods: GET,POST' },
  assets: { type: 'boolean', describe: 'Keep pictures, scripts, fonts …' },
  hosts: { type: 'string', requiresArg: true, describe: 'HAR: hosts to keep beside that of the first page' },
  'session-gap': {
    type: 'string',
    requiresArg: true,
    default: '30m',
    describe: 'After so much silence a client begins a new session',
  },
  distinct: {
    type: 'number',
    requiresArg: true,
    default: 50,
    describe: 'More different parts of a path in one place than this are values, not names',
  },
  values: { type: 'number', requiresArg: true, default: 200, describe: 'Values that are kept of each name' },
  names: { type: 'number', requiresArg: true, default: 200, describe: 'Names in the file, the frequent ones first' },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

const usage = `katydid import access.log|trace.har … -o users/recorded.ts

Makes a user file of production logs: access logs (common, combined), JSON lines, recordings of a browser (HAR);
packed with gzip or not, several files, or - for standard input.`;

/** `katydid import`: a user file from production logs. What was read is told on stderr. */
export async function importRecording(argv: readonly string[]): Promise<number> {
  const args = await argumentsOf(parser(argv, flags).usage(usage));
  if (args === undefined) return 0;
  check(args, flags);
  const files = args._.map(String);
  if (files.length === 0)
    throw new UsageError('which logs? katydid import access.log -o users/recorded.ts, or - for stdin');
  const output = args.output as string | undefined;
  if (output !== undefined && existsSync(output) && args.force !== true) {
    throw new UsageError(`${output} exists; --force overwrites it, or give another name with -o`);
  }
  const { code, summary } = await importLogs(files, settingsOf(args, argv));
  if (output === undefined) process.stdout.write(code);
  else write(output, code, args.force === true);
  const host = args.host === undefined ? ' -H http://localhost:8080' : '';
  const next =
    output === undefined ? [] : [`wrote      ${output}; try it: katydid -f ${output} --headless -u 1 -t 30s${host}`];
  process.stderr.write(`${[...summary, ...next].join('\n')}\n`);
  return 0;
}

function settingsOf(args: Arguments, argv: readonly string[]): ImportSettings {
  const host = args.host as string | undefined;
  if (host !== undefined && !(URL.canParse(host) && /^https?:/i.test(host))) {
    throw new UsageError(`--host is '${host}'; a base URL such as http://localhost:8080 is expected`);
  }
  const sessionGap = parseDuration(String(args.sessionGap), '--session-gap');
  return {
    format: args.format as Format | undefined,
    host,
    hosts: words(args.hosts),
    include: patternOf(args.include, '--include'),
    exclude: patternOf(args.exclude, '--exclude'),
    methods: new Set(words(args.methods).map((method) => method.toUpperCase())),
    keepAssets: args.assets === true,
    sessionGap,
    distinct: whole(args, 'distinct'),
    values: whole(args, 'values'),
    names: whole(args, 'names'),
    commandLine: ['katydid import', ...argv.map(shellWord)].join(' '),
  };
}

/** Of several expressions one is enough. */
function patternOf(given: unknown, flag: string): RegExp | undefined {
  const patterns = [given ?? []].flat().map(String);
  try {
    return patterns.length === 0 ? undefined : new RegExp(patterns.map((pattern) => `(?:${pattern})`).join('|'));
  } catch (thrown) {
    throw new UsageError(`${flag} is no regular expression: ${(thrown as Error).message}`);
  }
}

function words(given: unknown): string[] {
  return String(given ?? '')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}

function whole(args: Arguments, name: string): number {
  const value = args[name] as number;
  if (Number.isSafeInteger(value) && value >= 1 && value <= 100_000) return value;
  throw new UsageError(`--${name} must be a whole number from 1 to 100000; ${value} was given`);
}

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

function write(path: string, code: string, isForced: boolean): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Not even a file that came while the logs were read.
    writeFileSync(path, code, { flag: isForced ? 'w' : 'wx' });
  } catch (thrown) {
    throw new UsageError(`${path} cannot be written: ${(thrown as Error).message}`);
  }
}
