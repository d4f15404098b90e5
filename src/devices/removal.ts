import { UsageError } from '../errors.ts';
import { spans } from './device-id.ts';
import { DeviceListChange } from './device-list.ts';
import { lockFile } from './file-lock.ts';
import type { Outcome, Registry, Watch } from './registry.ts';

/** How it went, of those devices that there were. */
export interface Removal extends Outcome {
  readonly there: readonly string[];
}

/**
 * Deletes those of the devices that there are, from the registry and then from the list: a run that is cut short leaves
 * devices that the next one finds and deletes.
 *
 * @throws UsageError if there is none of them.
 */
export async function removeDevices(
  listPath: string,
  registry: Registry,
  ids: readonly string[],
  watch: Watch = {},
): Promise<Removal> {
  const lock = await lockFile(listPath);
  try {
    const list = new DeviceListChange(listPath, lock);
    const known = new Set([...list.devices, ...(await registry.list(watch))].map(({ id }) => id));
    const there = ids.filter((id) => known.has(id));
    if (there.length === 0)
      throw new UsageError(`${spans(ids)}: none of them is in ${listPath} or in ${registry.name}`);
    const outcome = await registry.remove(there, watch);
    list.remove(new Set(outcome.done));
    return { ...outcome, there };
  } finally {
    lock.release();
  }
}
