// The command line as a whole: ours and the flags that the user file declares.
import { UsageError } from '../errors.ts';
import type { OptionSpecs, ParsedOptions } from '../user/options.ts';
import { type Arguments, check, flagsOf, parseDuration, parser, valuesOf } from './arguments.ts';
import type { Settings } from './config-files.ts';
import { allowedCores } from './cores.ts';
import { allFlags } from './flags.ts';

/** The whole command line, now that the user file's own flags are known. */
export function parseAll(
  argv: readonly string[],
  specs: OptionSpecs,
  settings: Settings,
): { readonly args: Arguments; readonly options: ParsedOptions } {
  const flags = { ...allFlags, ...flagsOf(specs) };
  const args = parser(argv, flags, process.env, settings).parseSync() as Arguments;
  check(args, flags, settings);
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
    runTime: secondsOf(args.runTime, '--run-time') ?? null,
    host: (args.host as string | undefined) ?? null,
    stopTimeout: secondsOf(args.stopTimeout, '--stop-timeout') ?? 0,
    loglevel: args.loglevel,
    equalWeights: args.equalWeights === true,
  };
}

/** A duration that may be missing. */
export function secondsOf(given: unknown, flag: string): number | undefined {
  return given === undefined ? undefined : parseDuration(String(given), flag);
}

/** Names of user classes after the flags, or in Locust's variable. */
export function userClassesOf(args: Arguments, env: Readonly<Record<string, string | undefined>>): string[] {
  if (args._.length > 0) return args._.map(String);
  return (env.LOCUST_USER_CLASSES ?? '').split(/\s+/).filter((name) => name !== '');
}

/** The load threads that `--processes` means. */
export function threadsOf(given: unknown): number {
  if (given === -1) return allowedCores();
  if (typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= 256) return given;
  throw new UsageError(`--processes must be a whole number from 1 on, or -1 for all cores; ${String(given)} was given`);
}
