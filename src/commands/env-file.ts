import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';

const meant = /^(LTK|KATYDID|LOCUST)_/;

let told = '';

/**
 * Reads `.env` of the working folder into the environment: only LTK_*, KATYDID_* and LOCUST_*, so that it may be another
 * program's as well, nothing that the environment has already, and nothing that is left empty. `tellEnvFile` says so once
 * there is a log.
 */
export function readEnvFile(folder = '.', variables: Record<string, string | undefined> = process.env): void {
  const path = join(folder, '.env');
  if (!existsSync(path)) return;
  let values: NodeJS.Dict<string>;
  try {
    values = parseEnv(readFileSync(path, 'utf8'));
  } catch (thrown) {
    throw new UsageError(`${path} cannot be read: ${(thrown as Error).message}`);
  }
  const names = Object.keys(values)
    .filter((name) => meant.test(name) && values[name] !== '' && !Object.hasOwn(variables, name))
    .sort();
  for (const name of names) variables[name] = values[name];
  // Names only: a value may be a secret.
  told = `read from ${path}: ${names.length === 0 ? 'nothing that is not in the environment' : names.join(', ')}`;
}

/** What `readEnvFile` did, for the log. */
export function tellEnvFile(): void {
  if (told !== '') log.debug(told);
  told = '';
}
