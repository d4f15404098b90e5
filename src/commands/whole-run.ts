import { createRequire } from 'node:module';
import { mask, withoutPassword } from '../report/password.ts';
import { ratiosOf } from '../report/ratio.ts';
import type { RunRecord } from '../report/record.ts';
import type { Run, ThresholdResult } from '../report/run.ts';
import type { ClassManifest } from '../swarm/manifest.ts';
import type { OptionSpecs } from '../user/options.ts';
import type { Arguments } from './arguments.ts';
import { flagsOf } from './arguments.ts';
import { allFlags } from './flags.ts';

/** What the record of a run does not know of it. */
export interface RunFacts {
  readonly startTime: number;
  readonly endTime: number;
  readonly files: readonly string[];
  readonly args: Arguments;
  readonly specs: OptionSpecs;
  readonly classes: readonly ClassManifest[];
  /** Most users that ran, by class. */
  readonly users: ReadonlyMap<string, number>;
  readonly thresholds: readonly ThresholdResult[];
  readonly remarks: readonly string[];
}

/** katydid's version. */
export function version(): string {
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}

/** The whole run as the HTML report needs it. */
export function wholeRun(record: RunRecord, facts: RunFacts): Run {
  const { startTime, endTime, args, specs, classes, users, thresholds, remarks } = facts;
  return {
    startTime,
    endTime,
    host: withoutPassword(String(args.host ?? '')),
    userFiles: facts.files,
    profile: (args.profile as string | undefined) ?? null,
    versions: new Map([
      ['katydid', version()],
      ['Node.js', process.versions.node],
    ]),
    stats: record.totals,
    exceptions: record.exceptions,
    samples: record.samples,
    names: record.names,
    ratios: ratiosOf(classes, users),
    options: givenOptions(args, specs),
    thresholds,
    remarks,
  };
}

/** What was given on the command line, in the environment or in a file; secrets masked. */
export function givenOptions(args: Arguments, specs: OptionSpecs): ReadonlyMap<string, string> {
  const own = flagsOf(specs);
  const secrets = Object.values(specs).some(({ secret }) => secret === true) ? secretFlags(specs) : new Set<string>();
  const given = Object.entries({ ...allFlags, ...own }).flatMap(([name, flag]): [string, string][] => {
    const value = args[name];
    if (value === undefined || value === false || JSON.stringify(value) === JSON.stringify(flag.default)) return [];
    return [[name, secrets.has(name) ? mask : textOf(value)]];
  });
  return new Map(args._.length > 0 ? [...given, ['user classes', args._.join(', ')]] : given);
}

function secretFlags(specs: OptionSpecs): Set<string> {
  const secret = Object.entries(specs).filter(([, spec]) => spec.secret === true);
  return new Set(Object.keys(flagsOf(Object.fromEntries(secret))));
}

function textOf(value: unknown): string {
  return withoutPassword([value].flat().map(String).join(', '));
}
