import type { Argv } from 'yargs';
import yargs from 'yargs';
import { UsageError } from '../errors.ts';
import type { OptionSpec, OptionSpecs } from '../user/options.ts';
import { nearest } from '../words.ts';
import { listOf, type Setting, type Settings } from './config-files.ts';
import { warnOfMisspelt } from './env-file.ts';
import { type Flag, refused } from './flags.ts';

/** What was given on the command line or in the environment, by flag name in camelCase. */
export type Arguments = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** `maxTokens` → `max-tokens`. */
const flagName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `--max-tokens` and its variables for an option that the user file declares. */
export function flagsOf(specs: OptionSpecs): Record<string, Flag> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [flagName(name), flagOf(name, spec)]));
}

function flagOf(name: string, spec: OptionSpec): Flag {
  const kind = typeof spec.default;
  const isList = Array.isArray(spec.default);
  return {
    type: isList ? 'array' : kind === 'number' || kind === 'boolean' ? kind : 'string',
    string: isList || kind === 'string',
    describe: spec.help ?? '',
    group: 'Options of the user file:',
    env: spec.env ?? `LOCUST_${flagName(name).replaceAll('-', '_').toUpperCase()}`,
    ...(spec.short === undefined ? {} : { alias: spec.short }),
    ...(spec.choices === undefined ? {} : { choices: kind === 'number' ? spec.choices.map(Number) : spec.choices }),
    ...(spec.default === null || spec.secret ? {} : { default: spec.default }),
  };
}

/** The values of the user file's own options, by name. */
export function valuesOf(specs: OptionSpecs, args: Arguments): Record<string, unknown> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, args[name] ?? spec.default]));
}

/** A parser of these flags, with the environment below the command line, and configuration files below that. */
export function parser(
  argv: readonly string[],
  flags: Readonly<Record<string, Flag>>,
  env: Environment = process.env,
  settings: Settings = new Map(),
): Argv {
  const known = Object.entries(flags);
  const fromFiles = [...settings]
    // Locust's rule: a list that is left empty was not given.
    .filter(([key, { value }]) => value !== '' || flags[key]?.type !== 'array')
    .map(([key, setting]) => [key, ofFile(flags[key], key, setting)] as const);
  const fromEnvironment = known.flatMap(([name, flag]) => {
    const value = flag.env === undefined ? undefined : env[flag.env];
    return value === undefined || value === '' ? [] : [[name, ofText(flag, value, flag.env ?? name)] as const];
  });
  const { rest, repeated } = takeRepeated(argv, flags);
  return (
    yargs(rest)
      // Before the options: it would take the alias of our own --help away.
      .version(false)
      .help(false)
      .options(
        Object.fromEntries(
          known.map(([name, { env: _, forMaster: __, isRepeated: ___, ...option }]) => [name, option]),
        ),
      )
      .config(Object.fromEntries([...fromFiles, ...fromEnvironment, ...repeated]))
      .parserConfiguration({ 'boolean-negation': false, 'duplicate-arguments-array': false, 'greedy-arrays': true })
      .exitProcess(false)
      .wrap(Math.min(110, process.stdout.columns ?? 110))
      .fail((message, error) => {
        throw error instanceof UsageError ? error : new UsageError(message ?? String(error));
      })
  );
}

/** What was given on a command line; undefined if that was `--help`, whose text is told then. */
export async function argumentsOf(line: Argv): Promise<Arguments | undefined> {
  const args = line.parseSync() as Arguments;
  if (args.help !== true) return args;
  process.stdout.write(`${await line.getHelp()}\n`);
  return undefined;
}

const yesWords = ['1', 'true', 'yes', 'on'];
const noWords = ['0', 'false', 'no', 'off'];

/** The value of a variable, or of a key of a file; `where` is its name, for people. */
function ofText(flag: Flag, value: string, where: string): unknown {
  if (flag.isRepeated === true) return listOf(value) ?? value.split(';').map((part) => part.trim());
  if (flag.type === 'array') return listOf(value) ?? value.split(/[\s,]+/).filter((part) => part !== '');
  if (flag.type === 'number') return value === '' ? Number.NaN : Number(value);
  if (flag.type !== 'boolean') return value;
  const word = value.toLowerCase();
  if (yesWords.includes(word) || noWords.includes(word)) return yesWords.includes(word);
  throw new UsageError(`${where} is '${value}'; ${[...yesWords, ...noWords].join(', ')} are possible`);
}

function ofFile(flag: Flag | undefined, key: string, { value, source }: Setting): unknown {
  if (flag === undefined) return value;
  if (typeof value === 'string') return ofText(flag, value, `${key} in ${source}`);
  if (flag.type === 'array') return value;
  throw new UsageError(`${key} in ${source} is a list; one value is expected`);
}

/** Flags that may be given several times, each time with one value: taken out of the command line. */
function takeRepeated(
  argv: readonly string[],
  flags: Readonly<Record<string, Flag>>,
): { readonly rest: readonly string[]; readonly repeated: readonly (readonly [string, readonly string[]])[] } {
  const rest: string[] = [];
  const repeated = new Map<string, string[]>();
  for (let at = 0; at < argv.length; at++) {
    const [, name = '', given] = /^--([a-z-]+)(?:=(.*))?$/s.exec(argv[at] ?? '') ?? [];
    const value = given ?? argv[at + 1];
    const isTaken = flags[name]?.isRepeated === true && value !== undefined && !value.startsWith('--');
    if (!isTaken) rest.push(argv[at] ?? '');
    else repeated.set(name, [...(repeated.get(name) ?? []), value]);
    if (isTaken && given === undefined) at++;
  }
  return { rest, repeated: [...repeated] };
}

/**
 * Refuses flags and keys of files that nobody knows, with the nearest one, and numbers that are none; warns of such
 * variables of a `.env`.
 */
export function check(args: Arguments, flags: Readonly<Record<string, Flag>>, settings: Settings = new Map()): void {
  warnOfMisspelt(flags);
  const names = new Set(Object.entries(flags).flatMap(([name, { alias }]) => [name, ...[alias ?? []].flat()]));
  for (const given of Object.keys(args)) {
    const kebab = flagName(given);
    // yargs gives each flag in camelCase too.
    const isTwin = names.has(kebab) || (kebab !== given && Object.hasOwn(args, kebab));
    if (given === '_' || given === '$0' || names.has(given) || isTwin) continue;
    const hint = refused[given];
    if (hint !== undefined) throw new UsageError(hint);
    const long = [...names].filter((name) => name.length > 1);
    const meant = nearest(given, long);
    const source = settings.get(given)?.source;
    if (source !== undefined) {
      throw new UsageError(`unknown key ${given} in ${source}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
    }
    throw new UsageError(
      `unknown flag ${given.length === 1 ? '-' : '--'}${given}` +
        `${meant === undefined ? "; 'katydid --help' lists them" : `; did you mean --${meant}?`}`,
    );
  }
  for (const [name, flag] of Object.entries(flags)) {
    const value = args[name];
    if (flag.type !== 'number' || value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new UsageError(`--${name} must be one number; ${Number.isNaN(value) ? 'a text' : String(value)} was given`);
    }
  }
  if (args.runTime !== undefined) parseDuration(String(args.runTime), '--run-time');
  if (args.stopTimeout !== undefined) parseDuration(String(args.stopTimeout), '--stop-timeout');
}

/** Seconds of `20`, `20s`, `3m`, `1h30m10s`; Locust's `parse_timespan`. */
export function parseDuration(given: string, flag: string): number {
  const text = given.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text);
  if (parts === null || text === '') {
    throw new UsageError(`${flag} is '${given}'; a time such as 20, 20s, 3m, 2h or 1h30m10s is expected`);
  }
  const [, hours = 0, minutes = 0, seconds = 0] = parts;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
