import { statSync } from 'node:fs';
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

/** What the file held when it was last read or written. */
interface Content {
  /** Of the file: another one with another content. Empty if there is none. */
  readonly stamp: string;
  readonly text: string;
  readonly devices: Map<string, RegisteredDevice>;
}

const header = 'id,algorithm,publicKey\n';

/** The registry in a file: that of the echo broker, or of one that loads it. */
export class RegistryFile implements Registry {
  readonly name: string;
  /** Who adds many devices a batch at a time need not read the others again for each. */
  #content: Content | undefined;

  /** `path` need not be there yet. */
  constructor(path: string) {
    this.name = path;
  }

  async list(): Promise<readonly RegistryEntry[]> {
    return [...this.#read().devices.values()].map(({ id, ...key }) => ({ id, keys: [key] }));
  }

  async add(devices: readonly RegisteredDevice[]): Promise<Outcome> {
    return this.#change(({ text, devices: known }, lock) => {
      const others = devices.filter(({ id, publicKey }) => (known.get(id)?.publicKey ?? publicKey) !== publicKey);
      if (others.length > 0) return { done: [], failed: others.map(hasOtherKey) };
      const added = devices.filter(({ id }) => !known.has(id));
      const gap = text === '' ? header : text.endsWith('\n') ? '' : '\n';
      if (added.length > 0) this.#write(`${text}${gap}${added.map(rowOf).join('')}`, known, lock);
      for (const device of added) known.set(device.id, device);
      return { done: devices.map(({ id }) => id), failed: [] };
    });
  }

  async remove(ids: readonly string[]): Promise<Outcome> {
    const gone = new Set(ids);
    return this.#change(({ devices: known }, lock) => {
      const kept = new Map([...known].filter(([id]) => !gone.has(id)));
      if (kept.size < known.size) this.#write(`${header}${[...kept.values()].map(rowOf).join('')}`, kept, lock);
      return { done: ids, failed: [] };
    });
  }

  #read(): Content {
    const stamp = stampOf(this.name);
    if (this.#content === undefined || this.#content.stamp !== stamp) {
      const text = readIfThere(this.name) ?? '';
      this.#content = {
        stamp,
        text,
        devices: new Map(devicesOf(this.name, text).map((device) => [device.id, device])),
      };
    }
    return this.#content;
  }

  /** Read, changed and written under one lock, whole or not at all. */
  async #change(change: (content: Content, lock: FileLock) => Outcome): Promise<Outcome> {
    const lock = await lockFile(this.name);
    try {
      const content = this.#read();
      removeLeftovers(this.name);
      return change(content, lock);
    } finally {
      lock.release();
    }
  }

  #write(text: string, devices: Content['devices'], lock: FileLock): void {
    replaceFile(this.name, text, mode, () => lock.check());
    this.#content = { stamp: stampOf(this.name), text, devices };
  }
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}`;
}

function rowOf({ id, algorithm, publicKey }: RegisteredDevice): string {
  return `${id},${algorithm},${oneLine(publicKey)}\n`;
}

function hasOtherKey({ id }: RegisteredDevice): Failure {
  return { id, reason: 'it is registered already, with another key', isUnknown: false };
}
