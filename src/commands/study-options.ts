import { UsageError } from '../errors.ts';
import { camelCase } from '../runner/options.ts';
import type { Variant } from '../study/settings.ts';
import type { OptionSpecs } from '../user/options.ts';
import { nearest } from '../words.ts';
import { flagsOf } from './arguments.ts';
import { allFlags, refused } from './flags.ts';

const camel = (name: string): string => camelCase(name.replaceAll('-', '_'));

/** The users' options are flags here, but were written as keys of a file. */
export function checkOptions(options: Variant['options'], specs: OptionSpecs): void {
  const flags = Object.entries({ ...allFlags, ...flagsOf(specs) });
  const known = flags.flatMap(([name, { alias }]) => [name, ...[alias ?? []].flat()]).map(camel);
  const unknown = Object.keys(options).find((name) => !known.includes(camel(name)) && !Object.hasOwn(refused, name));
  if (unknown === undefined) return;
  const meant = nearest(
    unknown,
    flags.map(([name]) => name),
  );
  const hint = meant === undefined ? "'katydid run --help' lists them" : `did you mean options.${meant}?`;
  throw new UsageError(`unknown key options.${unknown} in the study; ${hint}`);
}
