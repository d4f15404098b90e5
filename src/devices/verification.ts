import { setImmediate as turn } from 'node:timers/promises';
import type { Device } from './device.ts';
import { spans } from './device-id.ts';
import { deviceListRows, looseMode } from './device-list.ts';
import { problemText, readIfThere } from './device-rows.ts';
import { algorithmOf, isSameKey, parseKey, publicKeyOf } from './key.ts';
import type { Registry, RegistryEntry, Watch } from './registry.ts';

/** What is wrong, a line each, and of how many devices. */
export interface Verification {
  readonly devices: number;
  readonly problems: readonly string[];
}

/**
 * Looks for all that would keep devices from connecting: rows that cannot be read, ids that stand there twice, keys that
 * cannot be parsed or do not match the registry's, devices that are on one side only; and for a list that others can read.
 */
export async function verifyDevices(listPath: string, registry: Registry, watch: Watch = {}): Promise<Verification> {
  const text = readIfThere(listPath);
  const problems: string[] = [];
  if (text === undefined) problems.push(`${listPath} is not there`);
  const mode = looseMode(listPath);
  if (mode !== undefined) {
    const told = mode.toString(8).padStart(4, '0');
    problems.push(`${listPath}: its permissions are ${told}, and it holds private keys; chmod 600 ${listPath}`);
  }
  const { rows, problems: bad } = deviceListRows(text ?? '');
  problems.push(...bad.map((problem) => `${listPath}, ${problemText(problem)}`));
  const entries = new Map((await registry.list(watch)).map((entry) => [entry.id, entry]));
  for (const [at, device] of rows.entries()) {
    if (watch.signal?.aborted === true) break;
    const problem = problemOf(device, entries.get(device.id), registry.name);
    if (problem !== undefined) problems.push(`${listPath}, ${device.id}: ${problem}`);
    watch.onProgress?.(at + 1, rows.length);
    // A key takes half a millisecond: signals are heard, and the bar is drawn, in between.
    if (at % 50 === 49) await turn();
  }
  const listed = new Set([...rows, ...bad].map(({ id }) => id));
  const unregistered = rows.map(({ id }) => id).filter((id) => !entries.has(id));
  const unlisted = [...entries.keys()].filter((id) => !listed.has(id));
  if (unregistered.length > 0) problems.push(`in ${listPath}, but not in ${registry.name}: ${told(unregistered)}`);
  if (unlisted.length > 0) problems.push(`in ${registry.name}, but not in ${listPath}: ${told(unlisted)}`);
  return { devices: listed.size + unlisted.length, problems };
}

const told = (ids: readonly string[]): string => `${spans(ids)} (${ids.length})`;

function problemOf({ privateKey }: Device, entry: RegistryEntry | undefined, place: string): string | undefined {
  try {
    const key = parseKey(privateKey);
    algorithmOf(key);
    if (entry === undefined) return undefined;
    if (entry.keys.length === 0) return `${place} tells no public key of it`;
    const own = publicKeyOf(privateKey);
    return entry.keys.some(({ publicKey }) => isSameKey(publicKey, own))
      ? undefined
      : `its key is not that in ${place}`;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}
