import type { Argv } from 'yargs';
import yargs from 'yargs';
import { UsageError } from '../errors.ts';
import type { OptionSpec, OptionSpecs } from '../user/options.ts';
import { nearest } from '../words.ts';
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

/** A parser of these flags, with the environment below the command line. */
export function parser(
  argv: readonly string[],
  flags: Readonly<Record<string, Flag>>,
  env: Environment = process.env,
): Argv {
  const known = Object.entries(flags);
  const fromEnvironment = known.flatMap(([name, flag]) => {
    const value = flag.env === undefined ? undefined : env[flag.env];
    return value === undefined || value === '' ? [] : [[name, ofEnvironment(flag, value)] as const];
  });
  return (
    yargs([...argv])
      // Before the options: it would take the alias of our own --help away.
      .version(false)
      .help(false)
      .options(Object.fromEntries(known.map(([name, { env: _, forMaster: __, ...option }]) => [name, option])))
      .config(Object.fromEntries(fromEnvironment))
      .parserConfiguration({ 'boolean-negation': false, 'duplicate-arguments-array': false, 'greedy-arrays': true })
      .exitProcess(false)
      .wrap(Math.min(110, process.stdout.columns ?? 110))
      .fail((message, error) => {
        throw error instanceof UsageError ? error : new UsageError(message ?? String(error));
      })
  );
}

function ofEnvironment(flag: Flag, value: string): unknown {
  if (flag.type === 'array') return value.split(/[\s,]+/).filter((part) => part !== '');
  if (flag.type === 'boolean') return ['1', 'true', 'yes', 'on'].includes(value.toLowerCase());
  return flag.type === 'number' ? Number(value) : value;
}

/** Refuses flags that nobody knows, with the nearest one, and numbers that are none. */
export function check(args: Arguments, flags: Readonly<Record<string, Flag>>): void {
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
