import { deviceIds, isDeviceId } from '../devices/device-id.ts';
import { exportFormats } from '../devices/public-keys.ts';
import { UsageError } from '../errors.ts';
import type { Arguments } from './arguments.ts';
import type { Flag } from './flags.ts';

/** Where the devices are written down. */
export const placeFlags: Readonly<Record<string, Flag>> = {
  list: {
    type: 'string',
    requiresArg: true,
    env: 'LTK_DEVICE_LIST',
    default: 'devicelist.csv',
    describe: 'The list: ids and private keys (LTK_DEVICE_LIST)',
  },
  registry: {
    type: 'string',
    requiresArg: true,
    env: 'LTK_DEVICE_REGISTRY',
    default: 'deviceregistry.csv',
    describe: 'Who knows the public keys: a file, clearblade or thingsboard (LTK_DEVICE_REGISTRY)',
  },
  project: {
    type: 'string',
    requiresArg: true,
    env: 'LTK_TARGET_PROJECT_ID',
    describe: 'ClearBlade: its project (LTK_TARGET_PROJECT_ID)',
  },
  region: {
    type: 'string',
    requiresArg: true,
    env: 'LTK_TARGET_REGION',
    describe: 'ClearBlade: its region (LTK_TARGET_REGION)',
  },
  'registry-id': {
    type: 'string',
    requiresArg: true,
    env: 'LTK_TARGET_REGISTRY_ID',
    describe: 'ClearBlade: its name (LTK_TARGET_REGISTRY_ID)',
  },
  url: {
    type: 'string',
    requiresArg: true,
    env: 'LTK_REGISTRY_URL',
    describe:
      'ThingsBoard: https://thingsboard.example.com; ClearBlade: if not that of the account file (LTK_REGISTRY_URL)',
  },
  help: { type: 'boolean', alias: 'h', describe: 'This text' },
};

/** What devices are called. */
export const nameFlags: Readonly<Record<string, Flag>> = {
  prefix: { type: 'string', requiresArg: true, default: 'LTK', describe: 'Of their names' },
  digits: { type: 'number', requiresArg: true, default: 5, describe: 'Of the numbers in their names' },
};

export const createFlags: Readonly<Record<string, Flag>> = {
  algorithm: {
    type: 'string',
    requiresArg: true,
    choices: ['ES256', 'RS256'],
    default: 'ES256',
    describe: 'What their keys are for: P-256, or RSA of 2048 bits',
  },
};

export const listFlags: Readonly<Record<string, Flag>> = {
  json: { type: 'boolean', describe: 'As JSON' },
};

export const exportFlags: Readonly<Record<string, Flag>> = {
  format: { type: 'string', requiresArg: true, choices: exportFormats, default: 'csv', describe: 'How it is written' },
  output: { type: 'string', alias: 'o', requiresArg: true, describe: 'The file; stdout if not given' },
  force: { type: 'boolean', describe: 'Overwrite it if it exists' },
};

const mostDevices = 1_000_000;

/** The ids that `MIN MAX` mean. */
export function idsOf(args: Arguments, command: string): string[] {
  const [, first, last, ...more] = args._;
  const isNumber = (value: unknown): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  if (!isNumber(first) || !isNumber(last) || more.length > 0) {
    throw new UsageError(`two whole numbers are expected, the first and the last: katydid devices ${command} 1 100`);
  }
  if (last < first) throw new UsageError(`${first} to ${last} are no devices; the lower number comes first`);
  if (last - first >= mostDevices) throw new UsageError(`${first} to ${last} are more than ${mostDevices} devices`);
  const digits = args.digits as number;
  if (!Number.isSafeInteger(digits) || digits < 1 || digits > 15) {
    throw new UsageError(`--digits must be a whole number from 1 to 15; ${digits} was given`);
  }
  const prefix = String(args.prefix ?? '');
  const ids = deviceIds(prefix, digits, first, last);
  if (isDeviceId(ids[0] ?? '')) return ids;
  throw new UsageError(`--prefix is '${prefix}'; names are levels of MQTT topics: no blanks, quotes, commas, / + #`);
}
