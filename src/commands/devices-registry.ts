import { existsSync, readFileSync } from 'node:fs';
import { ClearBladeRegistry } from '../devices/clearblade.ts';
import type { Registry } from '../devices/registry.ts';
import { RegistryFile } from '../devices/registry-file.ts';
import { type ThingsBoardAccount, ThingsBoardRegistry } from '../devices/thingsboard.ts';
import { UsageError } from '../errors.ts';
import { nearMiss } from '../words.ts';
import type { Arguments } from './arguments.ts';
import { placeFlags } from './devices-flags.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A flag that says where devices are written down. */
export type PlaceName = 'list' | 'registry';

const platforms = ['clearblade', 'thingsboard'];

/** Refuses a file that was named and is not there: a slip would pass for a file without devices. */
export function refuseMissing(args: Arguments, place: PlaceName): void {
  const path = String(args[place]);
  const usual = placeFlags[place]?.default;
  if (path === usual || existsSync(path) || (place === 'registry' && platforms.includes(path))) return;
  if (place === 'registry') refuseMisspelt(path);
  throw new UsageError(
    `--${place} is ${path}, which is not there; it is ${usual} if not given, and 'katydid devices create 1 100' makes one`,
  );
}

/** Refuses a file that is none yet, if its name is nearly that of a platform. */
function refuseMisspelt(path: string): void {
  const meant = nearMiss(path, platforms);
  if (meant === undefined || existsSync(path)) return;
  throw new UsageError(`--registry is ${path}, which is no file; did you mean ${meant}?`);
}

/** The registry that is meant. What is secret of it comes from the environment: flags are seen in process lists. */
export function registryOf(args: Arguments, env: Environment = process.env): Registry {
  const given = String(args.registry);
  if (given === 'clearblade') return clearBlade(args, env);
  if (given === 'thingsboard') return thingsBoard(args, env);
  refuseMisspelt(given);
  if (given === args.list) throw new UsageError(`--list and --registry are one file, ${given}; keys would be lost`);
  return new RegistryFile(given);
}

function clearBlade(args: Arguments, env: Environment): Registry {
  const file = accountFile(env.CLEARBLADE_CONFIGURATION);
  const account = {
    url: urlOf(args.url ?? file.url, '--url'),
    systemKey: env.LTK_CLEARBLADE_SYSTEM_KEY || file.systemKey || '',
    token: env.LTK_CLEARBLADE_TOKEN || file.token || '',
  };
  if (account.systemKey === '' || account.token === '') {
    throw new UsageError(
      'ClearBlade needs an account: CLEARBLADE_CONFIGURATION, the path of its JSON file, ' +
        'or LTK_CLEARBLADE_SYSTEM_KEY and LTK_CLEARBLADE_TOKEN',
    );
  }
  return new ClearBladeRegistry(account, {
    project: needed(args.project ?? file.project, '--project', 'LTK_TARGET_PROJECT_ID'),
    region: needed(args.region, '--region', 'LTK_TARGET_REGION'),
    registry: needed(args.registryId, '--registry-id', 'LTK_TARGET_REGISTRY_ID'),
  });
}

type AccountFile = Readonly<Partial<Record<'url' | 'systemKey' | 'token' | 'project', string>>>;

/** The file that ClearBlade's console hands out, and that its libraries find by the same variable. */
function accountFile(path: string | undefined): AccountFile {
  if (path === undefined || path === '') return {};
  try {
    const values = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    if (typeof values === 'object' && values !== null) return values;
  } catch (thrown) {
    // Not what JSON.parse says: it cites the file, and a token is in it.
    const isParsing = thrown instanceof SyntaxError;
    const reason = isParsing ? 'it is no JSON' : (thrown as Error).message;
    throw new UsageError(`CLEARBLADE_CONFIGURATION is ${path}: ${reason}`);
  }
  throw new UsageError(`CLEARBLADE_CONFIGURATION is ${path}: a JSON object with systemKey, token, url is expected`);
}

function thingsBoard(args: Arguments, env: Environment): Registry {
  return new ThingsBoardRegistry(urlOf(args.url, '--url'), thingsBoardAccount(env));
}

function thingsBoardAccount(env: Environment): ThingsBoardAccount {
  const {
    LTK_THINGSBOARD_API_KEY: apiKey,
    LTK_THINGSBOARD_TOKEN: token,
    LTK_THINGSBOARD_USERNAME: username,
    LTK_THINGSBOARD_PASSWORD: password,
  } = env;
  if (apiKey) return { apiKey };
  if (token) return { token };
  if (username && password) return { username, password };
  throw new UsageError(
    'ThingsBoard needs an account: LTK_THINGSBOARD_API_KEY, LTK_THINGSBOARD_TOKEN, ' +
      'or LTK_THINGSBOARD_USERNAME and LTK_THINGSBOARD_PASSWORD',
  );
}

function urlOf(given: unknown, flag: string): string {
  const url = String(given ?? '');
  // Not as it was given: a password is in it.
  if (/\/\/[^/?#]*@/.test(url))
    throw new UsageError(`${flag} (LTK_REGISTRY_URL) is a URL with a user name: leave it out`);
  if (URL.canParse(url) && /^https?:/i.test(url)) return url;
  throw new UsageError(`${flag} (LTK_REGISTRY_URL) is '${url}'; a base URL such as https://example.com is expected`);
}

function needed(given: unknown, flag: string, variable: string): string {
  if (given !== undefined && given !== '') return String(given);
  throw new UsageError(`ClearBlade needs ${flag}, or ${variable}`);
}
