import type { Algorithm, RegisteredDevice } from './device.ts';

/** A device as a registry lists it. */
export interface RegistryEntry {
  readonly id: string;
  /** Its public keys; none where the registry does not tell them. */
  readonly keys: readonly { readonly algorithm: Algorithm; readonly publicKey: string }[];
}

/** Who watches a change, and can cut it short. */
export interface Watch {
  /** Nothing further is begun once it is aborted; what was begun ends. */
  readonly signal?: AbortSignal | undefined;
  /** How many devices are done by now, and of how many, where that was not known before. */
  readonly onProgress?: ((done: number, total?: number) => void) | undefined;
}

/** A device that was not changed. */
export interface Failure {
  readonly id: string;
  readonly reason: string;
  /** No answer came: the registry may have made the change all the same. */
  readonly isUnknown: boolean;
}

/** How a change went: devices that are in neither list were not tried. */
export interface Outcome {
  readonly done: readonly string[];
  readonly failed: readonly Failure[];
}

/** What knows the public keys of devices, and lets them in: a local file, or a platform by its REST API. */
export interface Registry {
  /** For people: a path, or `ClearBlade (projects/p/…)`. */
  readonly name: string;
  list(watch?: Watch): Promise<readonly RegistryEntry[]>;
  /** A device that is there with the same key is done; one with another key fails. Stops at the first failure. */
  add(devices: readonly RegisteredDevice[], watch?: Watch): Promise<Outcome>;
  /** A device that is not there is done. Stops at the first failure. */
  remove(ids: readonly string[], watch?: Watch): Promise<Outcome>;
}
