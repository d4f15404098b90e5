import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import type { LocalSettings } from '../runner/local.ts';
import { camelCase } from '../runner/options.ts';
import { type LoadShape, shapeOf } from '../runner/shape.ts';
import type { ClassManifest } from '../swarm/manifest.ts';
import type { Pool } from '../swarm/pool.ts';
import { limitIterations } from '../user/iterations.ts';
import type { ParsedOptions } from '../user/options.ts';
import type { Arguments } from './arguments.ts';
import { threadsOf } from './command-line.ts';
import { type ClassSettings, classSettings } from './config-users.ts';
import { masterFlags } from './flags.ts';

/** What a run without a master will do, from the command line; checked. */
export interface RunPlan extends LocalSettings {
  /** As they run, with what `--config-users` says. */
  readonly classes: readonly ClassManifest[];
  readonly classSettings: readonly ClassSettings[];
}

/** Of a master only; everything else of `masterFlags` is understood here too. */
const idle =
  /^(web-|tls-|build-path|class-picker|autostart|autoquit|expect-workers|enable-rebalancing|master-bind-|otel)/;
/** Of no effect where a shape says how many users run. */
const common = ['run-time', 'users', 'spawn-rate'];

/** Reads the plan and says what of the command line is of no effect. */
export function planOf(pool: Pick<Pool, 'manifest' | 'tick'>, args: Arguments, options: ParsedOptions): RunPlan {
  const shape = shapeOf(pool, args.shape as string | undefined);
  const users = count(args.users, '--users') ?? 1;
  const iterations = positive(count(args.iterations, '--iterations'), '--iterations');
  const settings = settingsOf(args, pool.manifest.classes);
  const classes = classesOf(pool.manifest.classes, args);
  tellIdle(args, shape);
  tellFixed(classes, users, shape);
  return {
    classes,
    classSettings: settings,
    users,
    spawnRate: positive(args.spawnRate, '--spawn-rate') ?? 1,
    runTime: options.runTime ?? undefined,
    shape,
    test: {
      host: (options.host as string | null) || null,
      stopTimeout: options.stopTimeout as number,
      parsedOptions: options,
      ...(iterations === undefined ? {} : { iterations: limitIterations(iterations, 'task') }),
    },
    threads: threadsOf(args.processes),
    resetStats: args.resetStats === true,
  };
}

const settingsOf = (args: Arguments, declared: readonly ClassManifest[]): readonly ClassSettings[] =>
  classSettings(args.configUsers as readonly string[] | undefined, declared);

/**
 * The classes as they run, with what `--config-users` says. Locust's rules: a class without weight has no users;
 * `--equal-weights` makes all others alike.
 */
export function classesOf(declared: readonly ClassManifest[], args: Arguments): ClassManifest[] {
  const settings = settingsOf(args, declared);
  const set = declared.map((one): ClassManifest => {
    const said = settings.filter(({ name }) => name === one.name);
    return Object.assign({}, one, ...said.map(({ attributes }) => numbersOf(attributes, one.name)));
  });
  const wanted = set.filter(({ weight, fixedCount }) => weight > 0 || fixedCount > 0);
  if (wanted.length === 0) throw new UsageError('all user classes have the weight 0, so there is nothing to run');
  return args.equalWeights === true ? wanted.map((one) => ({ ...one, weight: 1 })) : wanted;
}

function numbersOf(attributes: ReadonlyMap<string, unknown>, className: string): Partial<ClassManifest> {
  const numbers = ['weight', 'fixedCount'].flatMap((name): [string, number][] => {
    const value = attributes.get(name);
    if (value === undefined) return [];
    if (typeof value === 'number' && value >= 0) return [[name, value]];
    throw new UsageError(`--config-users: ${name} of ${className} is ${String(value)}; a number from 0 on is expected`);
  });
  return Object.fromEntries(numbers);
}

function tellIdle(args: Arguments, shape: LoadShape | undefined): void {
  const given = Object.keys(masterFlags).filter((name) => {
    const value = args[camelCase(name.replaceAll('-', '_'))];
    return value !== undefined && value !== false;
  });
  const names = given.filter((name) => idle.test(name)).map((name) => `--${name}`);
  if (names.length > 0) log.info(`${names.join(', ')}: of no effect in a run without a master and web UI`);
  const ignored = given.filter((name) => common.includes(name)).map((name) => `--${name}`);
  if (shape !== undefined && ignored.length > 0) {
    log.warning(`${ignored.join(', ')}: of no effect, for the load shape ${shape.name} says how many users run`);
  }
}

function tellFixed(classes: readonly ClassManifest[], users: number, shape: LoadShape | undefined): void {
  const fixed = classes.reduce((sum, { fixedCount }) => sum + fixedCount, 0);
  if (shape !== undefined || fixed <= users) return;
  log.info(
    `Total fixed_count of User classes (${fixed}) is greater than the specified number of users (${users}), so not all ` +
      'will be spawned.',
  );
}

function count(given: unknown, flag: string): number | undefined {
  if (given === undefined || (Number.isInteger(given) && Number(given) >= 0)) return given as number | undefined;
  throw new UsageError(`${flag} is ${String(given)}; a whole number from 0 on is expected`);
}

/** A number above 0, if one was given. */
export function positive(given: unknown, flag: string): number | undefined {
  if (given === undefined || Number(given) > 0) return given as number | undefined;
  throw new UsageError(`${flag} is ${String(given)}; a number above 0 is expected`);
}
