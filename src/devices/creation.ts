import { availableParallelism } from 'node:os';
import { UsageError } from '../errors.ts';
import type { Device, RegisteredDevice } from './device.ts';
import { spans } from './device-id.ts';
import { DeviceListChange } from './device-list.ts';
import { lockFile } from './file-lock.ts';
import { type KeyAlgorithm, makeKeyPairAside } from './key.ts';
import type { Failure, Outcome, Registry, Watch } from './registry.ts';

/** Which devices are made, and where they are written down. */
export interface CreationPlan {
  readonly listPath: string;
  readonly registry: Registry;
  readonly ids: readonly string[];
  readonly algorithm: KeyAlgorithm;
}

/**
 * So many devices, or those of so long, are written at a time: what a `kill -9` can lose. Each time both files are
 * written whole: with a batch of a tenth of them, however many they are, no more than eleven times what they end with.
 */
const leastBatch = 1000;
const batchPart = 0.1;
const batchMilliseconds = 2000;
/** Keys in the making: enough for libuv's threads. */
const width = Math.max(2, Math.min(8, availableParallelism()));

/**
 * Makes devices: a key pair each, appended to the list and registered, a batch at a time. The list comes first: a device
 * whose key is on the disk can still be registered (`devices import`), one that is registered and has no key is lost.
 * What the registry refused is taken out of the list again; what it may have taken, unanswered, stays.
 *
 * @returns what is in the list and registered, and what kept it from being all of them.
 * @throws UsageError if one of them exists already: nothing was changed.
 */
export async function createDevices(plan: CreationPlan, watch: Watch = {}): Promise<Outcome> {
  const { listPath, registry, ids } = plan;
  const lock = await lockFile(listPath);
  try {
    const list = new DeviceListChange(listPath, lock);
    refuseExisting(ids, listPath, new Set(list.devices.map(({ id }) => id)));
    refuseExisting(ids, registry.name, new Set((await registry.list(watch)).map(({ id }) => id)));
    return await createAll(list, plan, watch);
  } finally {
    lock.release();
  }
}

async function createAll(list: DeviceListChange, plan: CreationPlan, watch: Watch): Promise<Outcome> {
  const done: string[] = [];
  const rest = [...plan.ids];
  while (rest.length > 0 && watch.signal?.aborted !== true) {
    try {
      const { done: created, failed } = await createBatch(list, rest, plan, {
        ...watch,
        onProgress: (count) => watch.onProgress?.(done.length + count),
      });
      for (const id of created) done.push(id);
      if (failed.length > 0) return { done, failed };
    } catch (thrown) {
      if (!(thrown instanceof UsageError) || done.length === 0) throw thrown;
      return { done, failed: [{ id: plan.ids[done.length] ?? '', reason: thrown.message, isUnknown: false }] };
    }
  }
  return { done, failed: [] };
}

/** Takes the batch off `rest`. */
async function createBatch(
  list: DeviceListChange,
  rest: string[],
  { algorithm, registry }: CreationPlan,
  watch: Watch,
): Promise<Outcome> {
  // Half of a device is its key, half its registration.
  const halves = (count: number): void => watch.onProgress?.(Math.floor(count / 2));
  const most = Math.max(leastBatch, Math.floor(list.devices.length * batchPart));
  const batch = await makeBatch(rest.slice(0, most), algorithm, { ...watch, onProgress: halves });
  rest.splice(0, batch.length);
  list.append(batch.map(({ id, privateKey }) => ({ id, privateKey })));
  const devices = batch.map(({ id, publicKey }) => ({ id, algorithm, publicKey }));
  const outcome = await register(list, registry, devices, {
    ...watch,
    onProgress: (count) => halves(batch.length + count),
  });
  watch.onProgress?.(outcome.done.length);
  return outcome;
}

function refuseExisting(ids: readonly string[], place: string, known: ReadonlySet<string>): void {
  const twice = ids.filter((id) => known.has(id));
  if (twice.length === 0) return;
  const exist = twice.length === 1 ? 'exists' : 'exist';
  throw new UsageError(`${spans(twice)} (${twice.length} of ${ids.length}) ${exist} in ${place}; nothing was changed`);
}

type NewDevice = Device & RegisteredDevice;

/** The next devices, from the first of `ids` on: fewer of them when time is up, or when the watch is aborted. */
async function makeBatch(ids: readonly string[], algorithm: KeyAlgorithm, watch: Watch): Promise<readonly NewDevice[]> {
  const end = performance.now() + batchMilliseconds;
  const batch: NewDevice[] = [];
  let next = 0;
  let made = 0;
  const lane = async (): Promise<void> => {
    while (next < ids.length && (next === 0 || (performance.now() < end && watch.signal?.aborted !== true))) {
      const at = next++;
      batch[at] = { id: ids[at] ?? '', algorithm, ...(await makeKeyPairAside(algorithm)) };
      watch.onProgress?.(++made);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return batch;
}

/** Registers what is in the list, and takes out of the list what is not registered then. */
async function register(
  list: DeviceListChange,
  registry: Registry,
  devices: readonly RegisteredDevice[],
  watch: Watch,
): Promise<Outcome> {
  const takeOut = (done: readonly string[], failed: readonly Failure[]): void => {
    const kept = new Set([...done, ...failed.filter(({ isUnknown }) => isUnknown).map(({ id }) => id)]);
    list.remove(new Set(devices.map(({ id }) => id).filter((id) => !kept.has(id))));
  };
  const outcome = await registry.add(devices, watch).catch((thrown) => {
    takeOut([], []);
    throw thrown;
  });
  takeOut(outcome.done, outcome.failed);
  return outcome;
}
