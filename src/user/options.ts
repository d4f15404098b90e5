import { UsageError } from '../errors.ts';

/** A value that a custom argument can have. */
export type OptionValue = string | number | boolean | readonly string[] | null;

/**
 * One custom argument, declared once: a flag of the command line, an environment variable, a field of the master's
 * web UI. The type of the value is that of `default`.
 */
export interface OptionSpec<V extends OptionValue = OptionValue> {
  readonly default: V;
  readonly help?: string;
  /** The values that are allowed; a drop-down in the web UI. */
  readonly choices?: readonly string[];
  /** A list: the flag takes several values, the web UI a multiple choice. */
  readonly multiple?: boolean;
  /** A password field in the web UI; masked wherever options are printed. */
  readonly secret?: boolean;
  /** The web UI does not start without it. */
  readonly required?: boolean;
  /** The environment variable that sets it; `LOCUST_<NAME>` works always. */
  readonly env?: string;
  /** One letter: `-x`. */
  readonly short?: string;
  /** Whether the web UI shows it. Default true. */
  readonly inWebUi?: boolean;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Makes a mistyped word in a declaration an error, which an inferred type would take in silently. */
type NoOtherWords<S> = { readonly [K in keyof S]: Readonly<Record<Exclude<keyof S[K], keyof OptionSpec>, never>> };

type Widened<V> = V extends string ? string : V extends number ? number : V extends boolean ? boolean : V;

/** The values that declared options have, by name. */
export type OptionValues<S extends OptionSpecs> = { readonly [K in keyof S]: Widened<S[K]['default']> };

/**
 * The options as users see them: Locust's own ones that a worker knows, and the custom ones. What the master's web UI
 * sets arrives with the start of each test. Locust's `environment.parsed_options`.
 */
export interface ParsedOptions {
  readonly [name: string]: unknown;
  readonly worker: boolean;
  readonly tags: readonly string[] | null;
  readonly excludeTags: readonly string[] | null;
  readonly expectWorkers: number;
  readonly numUsers: number | null;
  readonly spawnRate: number | null;
  readonly runTime: number | null;
}

/**
 * Declares the custom arguments of a user file. Locust's `init_command_line_parser` with `parser.add_argument`.
 * `maxTokens` is `--max-tokens` on the command line, `LOCUST_MAX_TOKENS` in the environment and
 * `environment.parsedOptions.maxTokens` in a user.
 *
 * @example
 * export const options = defineOptions({
 *   tenant: { default: 'acme', choices: ['acme', 'globex'], help: 'whose shop is visited' },
 *   maxTokens: { default: 100 },
 * });
 */
export function defineOptions<const S extends OptionSpecs>(specs: S & NoOtherWords<S>): DefinedOptions<S> {
  for (const [name, spec] of Object.entries(specs)) checkSpec(name, spec);
  return new DefinedOptions(specs);
}

/** What `defineOptions` returns; the user file exports it. */
export class DefinedOptions<S extends OptionSpecs = OptionSpecs> {
  readonly specs: S;

  constructor(specs: S) {
    this.specs = specs;
  }

  /** The declared options out of all, typed. */
  of(environment: { readonly parsedOptions: ParsedOptions }): OptionValues<S> {
    return environment.parsedOptions as unknown as OptionValues<S>;
  }
}

const words: readonly string[] = [
  'default',
  'help',
  'choices',
  'multiple',
  'secret',
  'required',
  'env',
  'short',
  'inWebUi',
] satisfies (keyof OptionSpec)[];

function checkSpec(name: string, spec: OptionSpec): void {
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
    throw new UsageError(`option '${name}' must be a camelCase name such as 'maxTokens'`);
  }
  if (spec === null || typeof spec !== 'object' || !('default' in spec)) {
    throw new UsageError(
      `option '${name}' needs a default; its type is that of the option, for instance { default: 5 }`,
    );
  }
  for (const word of Object.keys(spec).filter((key) => !words.includes(key))) {
    throw new UsageError(`option '${name}' says '${word}'; it may say ${words.join(', ')}`);
  }
  if (spec.multiple === true && !Array.isArray(spec.default)) {
    throw new UsageError(`option '${name}' is multiple, so its default must be a list, not ${typeof spec.default}`);
  }
  if (spec.short !== undefined && !/^[a-zA-Z]$/.test(spec.short)) {
    throw new UsageError(`option '${name}' has the short form '${spec.short}'; one letter is expected`);
  }
  const wrong = [spec.default]
    .flat()
    .filter((value) => spec.choices !== undefined && !spec.choices.includes(String(value)));
  if (wrong.length > 0 && spec.default !== null && spec.default !== '') {
    throw new UsageError(`option '${name}' defaults to ${wrong.join(', ')}, which is none of its choices`);
  }
}
