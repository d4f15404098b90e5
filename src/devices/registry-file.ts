import { stringify } from 'csv-stringify/sync';
import { UsageError } from '../errors.ts';
import { removeLeftovers, replaceFile } from './atomic-file.ts';
import type { Algorithm, RegisteredDevice } from './device.ts';
import { type DeviceRow, type DeviceRows, deviceRows, readIfThere, refuseProblems } from './device-rows.ts';
import { type FileLock, lockFile } from './file-lock.ts';
import { oneLine, readPem } from './pem.ts';
import type { Failure, Outcome, Registry, RegistryEntry } from './registry.ts';

/** Nothing in it is secret, and the broker that reads it may run as another user. */
const mode = 0o644;
const algorithms: readonly string[] = ['ES256', 'RS256'] satisfies Algorithm[];

/**
 * The devices of a `deviceregistry.csv` (`id,algorithm,publicKey`, the PEM on one line), in their order.
 *
 * @throws UsageError that names the file, the row and what is wrong.
 */
export function readRegistry(path: string): RegisteredDevice[] {
  const text = readIfThere(path);
  if (text === undefined) throw new UsageError(`${path} is not there; 'katydid devices create 1 100' makes one`);
  return devicesOf(path, text);
}

function devicesOf(path: string, text: string): RegisteredDevice[] {
  const { rows, problems }: DeviceRows<RegisteredDevice> = deviceRows(text, deviceOf);
  refuseProblems(path, problems);
  return [...rows];
}

function deviceOf({ id, cells: [algorithm = '', pem = ''] }: DeviceRow): RegisteredDevice {
  if (!algorithms.includes(algorithm)) throw new Error(`its second cell is none of ${algorithms.join(', ')}`);
  const { label, text } = readPem(pem);
  if (!label.endsWith('PUBLIC KEY')) throw new Error(`it holds a ${label.toLowerCase()}; a public one is expected`);
  return { id, algorithm: algorithm as Algorithm, publicKey: text };
}

/** The registry in a file: that of the echo broker, or of one that loads it. */
export class RegistryFile implements Registry {
  readonly name: string;

  /** `path` need not be there yet. */
  constructor(path: string) {
    this.name = path;
  }

  async list(): Promise<readonly RegistryEntry[]> {
    return this.#read().map(({ id, ...key }) => ({ id, keys: [key] }));
  }

  async add(devices: readonly RegisteredDevice[]): Promise<Outcome> {
    return this.#change((known) => {
      const keys = new Map(known.map(({ id, publicKey }) => [id, publicKey]));
      const others = devices.filter(({ id, publicKey }) => (keys.get(id) ?? publicKey) !== publicKey);
      if (others.length > 0) return { devices: known, done: [], failed: others.map(hasOtherKey) };
      const added = devices.filter(({ id }) => !keys.has(id));
      return { devices: [...known, ...added], done: devices.map(({ id }) => id), failed: [] };
    });
  }

  async remove(ids: readonly string[]): Promise<Outcome> {
    const gone = new Set(ids);
    return this.#change((known) => ({ devices: known.filter(({ id }) => !gone.has(id)), done: ids, failed: [] }));
  }

  #read(): RegisteredDevice[] {
    return devicesOf(this.name, readIfThere(this.name) ?? '');
  }

  /** Read, changed and written under one lock, whole or not at all. */
  async #change(
    change: (known: readonly RegisteredDevice[]) => Outcome & { readonly devices: readonly RegisteredDevice[] },
  ): Promise<Outcome> {
    const lock = await lockFile(this.name);
    try {
      const known = this.#read();
      removeLeftovers(this.name);
      const { devices, done, failed } = change(known);
      if (devices.length !== known.length) this.#write(devices, lock);
      return { done, failed };
    } finally {
      lock.release();
    }
  }

  #write(devices: readonly RegisteredDevice[], lock: FileLock): void {
    const rows = devices.map(({ id, algorithm, publicKey }) => [id, algorithm, oneLine(publicKey)]);
    const text = stringify(rows, { header: true, columns: ['id', 'algorithm', 'publicKey'] });
    replaceFile(this.name, text, mode, () => lock.check());
  }
}

function hasOtherKey({ id }: RegisteredDevice): Failure {
  return { id, reason: 'it is registered already, with another key', isUnknown: false };
}
