import { createPublicKey, type KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Algorithm, RegisteredDevice } from '../../devices/device.ts';
import { readRegistry } from '../../devices/registry-file.ts';
import { toError } from '../../errors.ts';
import { log } from '../../log.ts';

/** A device of the registry, with its key parsed. */
export interface KnownDevice {
  readonly id: string;
  readonly algorithm: Algorithm;
  readonly key: KeyObject;
}

/** The local registry. Read again when its file has changed, so that new devices need no restart. */
export class WatchedRegistry {
  readonly #path: string;
  #rows: ReadonlyMap<string, RegisteredDevice> = new Map();
  /** Parsed when a device first connects, by what stands in its row. */
  readonly #known = new Map<string, KnownDevice & { readonly row: RegisteredDevice }>();
  #stamp = '';
  #complaint: string | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#refresh();
  }

  /** The device of this id, as the file has it now. */
  find(id: string): KnownDevice | undefined {
    this.#refresh();
    const row = this.#rows.get(id);
    if (row === undefined) return undefined;
    const known = this.#known.get(id);
    if (known?.row.publicKey === row.publicKey && known.algorithm === row.algorithm) return known;
    const device = { id, algorithm: row.algorithm, key: createPublicKey(row.publicKey), row };
    this.#known.set(id, device);
    return device;
  }

  /** A file that cannot be read leaves what was known, and is told of once. */
  #refresh(): void {
    try {
      const { mtimeMs, ctimeMs, size, ino } = statSync(this.#path);
      const stamp = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
      if (stamp === this.#stamp) return;
      // Before it is read: a damaged file is read once, not at each login.
      this.#stamp = stamp;
      this.#rows = new Map(readRegistry(this.#path).map((row) => [row.id, row]));
      this.#complaint = undefined;
      log.info(`registry ${this.#path}: ${this.#rows.size} devices`);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      const text =
        code === 'ENOENT'
          ? `there is no registry ${this.#path} yet; 'katydid devices create 1 100' makes one`
          : `registry ${this.#path} cannot be read: ${toError(thrown).message}`;
      if (text === this.#complaint) return;
      this.#complaint = text;
      log.warning(text);
    }
  }
}
