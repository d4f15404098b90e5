import { nearMiss } from '../words.ts';
import { allFlags, type Flag } from './flags.ts';

/** Begins the names of the variables that a `.env` is read for. */
export const prefixes: readonly string[] = ['LTK_', 'KATYDID_', 'LOCUST_'];

/** Variables that are read beside those of `allFlags`: by other commands, shipped users, images, and Locust's master. */
const others: readonly string[] = [
  ...['KATYDID_MQTT_USERNAME', 'KATYDID_MQTT_PASSWORD', 'KATYDID_SHARDS', 'KATYDID_TOKEN_SECRET'],
  ...['LTK_CLEARBLADE_SYSTEM_KEY', 'LTK_CLEARBLADE_TOKEN', 'LTK_DEVICE_LIST', 'LTK_DEVICE_REGISTRY'],
  ...['LTK_ECHO_TIMEOUT', 'LTK_NUM_LOCUST_WORKERS', 'LTK_PAYLOAD_INTERVAL', 'LTK_PLATFORM', 'LTK_REGISTRY_URL'],
  ...['LTK_TARGET_PROJECT_ID', 'LTK_TARGET_REGION', 'LTK_TARGET_REGISTRY_ID', 'LTK_THINGSBOARD_API_KEY'],
  ...['LTK_THINGSBOARD_PASSWORD', 'LTK_THINGSBOARD_TOKEN', 'LTK_THINGSBOARD_USERNAME', 'LTK_TOKEN_LIFETIME'],
  ...['LOCUST_MASTER', 'LOCUST_MODE', 'LOCUST_MODE_MASTER', 'LOCUST_USER_CLASSES'],
  ...['LOCUST_WAIT_FOR_WORKERS_REPORT_AFTER_RAMP_UP', 'LOCUST_WORKER_ADDITIONAL_WAIT_BEFORE_READY_AFTER_STOP'],
];

/**
 * The variable that was meant by this one, which is none but for a letter or two; undefined if it is known, or like no
 * other: the user's own. `flags` beside `allFlags`: the command's, and those that the user file declares.
 */
export function meantVariable(name: string, flags: Readonly<Record<string, Flag>>): string | undefined {
  const known = [...others, ...Object.values({ ...allFlags, ...flags }).flatMap(({ env }) => env ?? [])];
  if (known.includes(name)) return undefined;
  const prefix = prefixes.find((each) => name.startsWith(each)) ?? '';
  const ends = known.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
  const meant = nearMiss(name.slice(prefix.length), ends);
  return meant === undefined ? undefined : `${prefix}${meant}`;
}
