import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import type { Flag } from './flags.ts';
import { meantVariable, prefixes } from './variables.ts';

let told = '';
/** Name → where it was read. */
let places: ReadonlyMap<string, string> = new Map();

/**
 * Reads `.env` of the working folder into the environment: only LTK_*, KATYDID_* and LOCUST_*, so that it may be another
 * program's as well, nothing that the environment has already, and nothing that is left empty. `tellEnvFile` says so once
 * there is a log.
 */
export function readEnvFile(folder = '.', variables: Record<string, string | undefined> = process.env): void {
  const path = join(folder, '.env');
  if (!existsSync(path)) return;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new UsageError(`${path} cannot be read: ${(thrown as Error).message}`);
  }
  const values = parseEnv(text);
  const names = Object.keys(values)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
    .filter((name) => values[name] !== '' && !Object.hasOwn(variables, name))
    .sort();
  for (const name of names) variables[name] = values[name];
  // Names only: a value may be a secret.
  places = new Map(names.map((name) => [name, `line ${lineOf(name, text)} of ${path}`]));
  told = `read from ${path}: ${names.length === 0 ? 'nothing that is not in the environment' : names.join(', ')}`;
}

/** What `readEnvFile` did, for the log. */
export function tellEnvFile(): void {
  if (told !== '') log.debug(told);
  told = '';
}

/** Warns, once, of variables of the file that nobody reads, as they are nearly others; `flags` are all that there are. */
export function warnOfMisspelt(flags: Readonly<Record<string, Flag>>): void {
  for (const [name, place] of places) {
    const meant = meantVariable(name, flags);
    if (meant !== undefined) log.warning(`${name}, ${place}, is not known; did you mean ${meant}?`);
  }
  places = new Map();
}

/** From 1; of a name that is there twice the last one, which counts. */
function lineOf(name: string, text: string): number {
  const nameOf = (line: string): string | undefined => /^\s*(?:export\s+)?([^\s=]+)\s*=/.exec(line)?.[1];
  return text.split('\n').findLastIndex((line) => nameOf(line) === name) + 1;
}
