import { UsageError } from '../errors.ts';
import type { Device, RegisteredDevice } from './device.ts';
import { algorithmOf, isSameKey, publicKeyOf } from './key.ts';
import type { Outcome, Registry, Watch } from './registry.ts';

/** How it went, and how many devices were registered before. */
export interface Registration extends Outcome {
  readonly known: number;
}

/** Registers the devices of a list that are not registered yet. One that is there with another key is a failure. */
export async function registerDevices(
  devices: readonly Device[],
  registry: Registry,
  watch: Watch = {},
): Promise<Registration> {
  const all = devices.map(registeredOf);
  const keys = new Map((await registry.list(watch)).map((entry) => [entry.id, entry.keys]));
  const missing = all.filter(({ id }) => !keys.has(id));
  const others = all.filter(({ id, publicKey }) => {
    const known = keys.get(id) ?? [];
    return known.length > 0 && !known.some((key) => isSameKey(key.publicKey, publicKey));
  });
  const { done, failed } = await registry.add(missing, watch);
  const reason = `it is in ${registry.name} with another key`;
  const refused = others.map(({ id }) => ({ id, reason, isUnknown: false }));
  return { done, failed: [...refused, ...failed], known: all.length - missing.length - others.length };
}

function registeredOf({ id, privateKey }: Device): RegisteredDevice {
  try {
    return { id, algorithm: algorithmOf(privateKey), publicKey: publicKeyOf(privateKey) };
  } catch (thrown) {
    throw new UsageError(`${id}: ${(thrown as Error).message}; nothing was registered`);
  }
}
