import { statSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { removeLeftovers, replaceFile } from './atomic-file.ts';
import type { Device } from './device.ts';
import { type DeviceRow, type DeviceRows, deviceRows, readIfThere, refuseProblems } from './device-rows.ts';
import type { FileLock } from './file-lock.ts';
import { oneLine, readCertificates, readPem } from './pem.ts';

/** Nobody else's business. */
const mode = 0o600;

/**
 * The devices of a `devicelist.csv` (`id,PEM`; the old kit's, with the PEM on one line, or with line breaks in quotes;
 * with a header or without), in their order.
 *
 * @throws UsageError that names the file, the row and what is wrong, and holds nothing of a key.
 * @example readDeviceList('devicelist.csv') // [{ id: 'LTK00001', privateKey: '-----BEGIN PRIVATE KEY-----\n…' }, …]
 */
export function readDeviceList(path: string): Device[] {
  const text = readIfThere(path);
  if (text === undefined) throw new UsageError(`${path} is not there; 'katydid devices create 1 100' makes one`);
  return devicesOf(path, text);
}

/** The rows of the list's text, and what is wrong with the others. */
export function deviceListRows(text: string): DeviceRows<Device> {
  return deviceRows(text, deviceOf);
}

function devicesOf(path: string, text: string): Device[] {
  const { rows, problems } = deviceListRows(text);
  refuseProblems(path, problems);
  return [...rows];
}

function deviceOf({ id, cells: [pem = '', certificate = ''] }: DeviceRow): Device {
  if (pem === '') throw new Error('it has no second cell; a private key is expected');
  const { label, text } = readPem(pem);
  if (!label.endsWith('PRIVATE KEY')) throw new Error(`it holds a ${label.toLowerCase()}; a private one is expected`);
  if (certificate === '') return { id, privateKey: text };
  return { id, privateKey: text, certificate: readCertificates(certificate) };
}

/** Whether others than the owner may read or write the file: its permissions if so. */
export function looseMode(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && (found.mode & 0o077) !== 0 && process.platform !== 'win32'
    ? found.mode & 0o777
    : undefined;
}

/** A list that is being changed, by who holds its lock. Each change is on the disk, whole, when its call returns. */
export class DeviceListChange {
  readonly path: string;
  readonly #lock: FileLock;
  #text: string;
  #devices: Device[];

  /** Reads it; a list that is not there is empty. One with a bad row is a UsageError, and stays as it is. */
  constructor(path: string, lock: FileLock) {
    this.path = path;
    this.#lock = lock;
    this.#text = readIfThere(path) ?? '';
    this.#devices = devicesOf(path, this.#text);
    removeLeftovers(path);
  }

  get devices(): readonly Device[] {
    return this.#devices;
  }

  /** Adds rows at its end; those that are there stay as they are, to the letter. */
  append(devices: readonly Device[]): void {
    const gap = this.#text === '' || this.#text.endsWith('\n') ? '' : '\n';
    this.#write(`${this.#text}${gap}${devices.map(rowOf).join('')}`, [...this.#devices, ...devices]);
  }

  /** Takes rows out; those that stay are written anew, one line each. */
  remove(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return;
    const kept = this.#devices.filter(({ id }) => !ids.has(id));
    if (kept.length < this.#devices.length) this.#write(kept.map(rowOf).join(''), kept);
  }

  #write(text: string, devices: Device[]): void {
    replaceFile(this.path, text, mode, () => this.#lock.check());
    this.#text = text;
    this.#devices = devices;
  }
}

function rowOf({ id, privateKey, certificate }: Device): string {
  const cells = [id, oneLine(privateKey), ...(certificate === undefined ? [] : [oneLine(certificate)])];
  return `${cells.join(',')}\n`;
}
