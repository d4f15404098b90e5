import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Device } from '../devices/device.ts';
import { readDeviceList } from '../devices/device-list.ts';
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import { deviceFeeder } from '../user/device-feeder.ts';
import { events } from '../user/events.ts';
import type { Feeder } from '../user/feeder.ts';
import { placeOf } from '../user/place.ts';

/** Where the devices of a class come from: a list's path, beside the user file or in the working folder; a list; a feeder. */
export type Devices = string | URL | readonly Device[] | Feeder<Device>;

/** Classes that name the same file share its devices: each is one user's at a time, of whatever class. */
const ofFiles = new Map<string, Feeder<Device>>();
let isListening = false;

/** The devices of one class in one load thread. */
export class DeviceSource {
  readonly #find: (() => string) | undefined;
  #feeder: Feeder<Device> | undefined = undefined;
  #list: readonly Device[] | undefined = undefined;

  /**
   * Throws `UsageError` if a list cannot be read. Under a master one that is not there yet is warned of: it is looked for
   * again for each test, and where only the master's locustfile is made, it is not needed. Relative paths are looked for
   * in `folders`.
   */
  constructor(devices: Devices, folders: readonly string[], className: string) {
    if (typeof devices === 'string' || devices instanceof URL) {
      this.#find = () => find(devices, folders, className);
      // All threads see the same: one reads it, and says so.
      if (placeOf().thread.index === 0) checkList(this.#find);
    } else if (Array.isArray(devices)) {
      this.#list = devices as readonly Device[];
    } else if (typeof devices === 'object' && devices !== null && 'take' in devices) {
      this.#feeder = devices as Feeder<Device>;
    } else {
      throw new UsageError(
        `${className}.devices is ${String(devices)}; the path of a device list, a list, or a feeder is expected`,
      );
    }
  }

  /** Not before it is needed: it logs which devices are its. A file is read again for each test, for it may have grown. */
  get feeder(): Feeder<Device> {
    if (this.#find !== undefined) return feederOfFile(this.#find());
    this.#feeder ??= deviceFeeder(this.#list ?? []);
    return this.#feeder;
  }
}

function feederOfFile(path: string): Feeder<Device> {
  if (!isListening) {
    isListening = true;
    events.testStart.addListener(() => ofFiles.clear());
  }
  let feeder = ofFiles.get(path);
  if (feeder === undefined) {
    feeder = deviceFeeder(readDeviceList(path), shown(path));
    ofFiles.set(path, feeder);
  }
  return feeder;
}

function checkList(find: () => string): void {
  let path: string;
  try {
    path = find();
  } catch (thrown) {
    if (placeOf().kind === 'local') throw thrown;
    return log.warning((thrown as Error).message);
  }
  readDeviceList(path);
}

function find(devices: string | URL, folders: readonly string[], className: string): string {
  const path = typeof devices === 'string' && !devices.startsWith('file:') ? devices : fileURLToPath(devices);
  const places = isAbsolute(path) ? [path] : [...new Set(folders.map((folder) => resolve(folder, path)))];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new UsageError(
    `${className}.devices: ${places.map(shown).join(' and ')} ${places.length === 1 ? 'does' : 'do'} not exist; ` +
      "'katydid devices create 1 100' makes a list",
  );
}

/** A path as the person would type it. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
