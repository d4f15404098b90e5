import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { UsageError } from '../errors.ts';

/** One setting of a configuration file. */
export interface Setting {
  readonly value: string | readonly string[];
  /** The file, as a person would name it. */
  readonly source: string;
}

/** By key, which is a flag's long name. */
export type Settings = ReadonlyMap<string, Setting>;

/** Where files are looked for. */
export interface ConfigPlace {
  readonly home: string;
  readonly folder: string;
}

/** `key = value`, `key: value`, `key value`, `--key value` or `key`; the value may be in quotes, a comment may follow. */
const line = /^(?<key>[^:=;#\s]+)\s*(?:(?<sign>[:=\s])\s*(?<quote>['"]?)(?<value>.+?)?\k<quote>)?\s*(?:\s[;#].*)?$/;

/**
 * The settings of all configuration files; where two have a key, the later file wins, in Locust's order:
 * `~/.locust.conf`, `./locust.conf`, `./pyproject.toml`, those named by `--config`. Environment and command line win
 * over them all.
 */
export function readConfigFiles(
  argv: readonly string[],
  { home, folder }: ConfigPlace = { home: homedir(), folder: '.' },
): Settings {
  // A broken file must not keep anybody from the help.
  if (argv.includes('--help') || argv.includes('-h')) return new Map();
  const usual = [join(home, '.locust.conf'), join(folder, 'locust.conf'), join(folder, 'pyproject.toml')];
  const files = [
    ...usual.filter((file) => existsSync(file)),
    ...named(argv).map((file) => (isAbsolute(file) ? file : join(folder, file))),
  ];
  const all = files.flatMap((source) => read(source).map(([key, value]) => [key, { value, source }] as const));
  // Locust follows no --config of a file either.
  return new Map(all.filter(([key]) => key !== 'config'));
}

/** The settings without those that only other commands understand. */
export function only(settings: Settings, isMeant: (key: string) => boolean): Settings {
  return new Map([...settings].filter(([key]) => isMeant(key)));
}

function named(argv: readonly string[]): string[] {
  return argv.flatMap((word, at) => {
    if (word.startsWith('--config=')) return [word.slice('--config='.length)];
    const next = argv[at + 1];
    return word === '--config' && next !== undefined ? [next] : [];
  });
}

type Entries = readonly (readonly [key: string, value: Setting['value']])[];

function read(file: string): Entries {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new UsageError(`the configuration file ${file} cannot be read: ${(thrown as Error).message}`);
  }
  return file.endsWith('.toml') ? ofToml(text, file) : ofConf(text, file);
}

/** The table `[tool.locust]`. */
function ofToml(text: string, file: string): Entries {
  let table: Record<string, unknown>;
  try {
    table = tableOf(tableOf(parseToml(text).tool).locust);
  } catch (thrown) {
    throw new UsageError(`${file} is no TOML: ${(thrown as Error).message.split('\n')[0]}`);
  }
  return Object.entries(table).map(([key, value]) => {
    if (Array.isArray(value)) return [key, value.map(String)];
    if (typeof value !== 'object') return [key, String(value)];
    throw new UsageError(`${key} in ${file} is a table; a text, a number, true, false or a list is expected`);
  });
}

function tableOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The syntax of Locust's `locust.conf`, which is that of Python's configargparse. */
function ofConf(text: string, file: string): Entries {
  return text.split(/\r?\n/).flatMap((raw, at): Entries => {
    const trimmed = raw.trim();
    // Section names are comments, and so are YAML's dashes.
    if (/^([#;[]|---|$)/.test(trimmed)) return [];
    const { key = '', sign, value } = line.exec(trimmed)?.groups ?? {};
    if (key === '') throw new UsageError(`line ${at + 1} of ${file} is '${trimmed}'; key = value is expected`);
    const text = value ?? (sign === undefined || sign === ' ' ? 'true' : '');
    return [[key.replace(/^-+/, ''), listOf(text) ?? text]];
  });
}

/** `["a", "b"]` or `[a, b]`; undefined if it is no list. */
export function listOf(text: string): string[] | undefined {
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
  try {
    return (JSON.parse(text) as unknown[]).map(String);
  } catch {
    return text
      .slice(1, -1)
      .split(',')
      .map((part) => part.trim());
  }
}
