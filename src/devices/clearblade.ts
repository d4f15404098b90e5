import { UsageError } from '../errors.ts';
import type { RegisteredDevice } from './device.ts';
import { changeEach } from './each-device.ts';
import { algorithmOf, publicKeyOf } from './key.ts';
import type { Outcome, Registry, RegistryEntry, Watch } from './registry.ts';
import { type Call, type Patience, RestApi, RestError, usualPatience } from './rest-api.ts';

/** The service account, as ClearBlade's console hands it out in a JSON file. */
export interface ClearBladeAccount {
  /** `https://iot.clearblade.com`. */
  readonly url: string;
  readonly systemKey: string;
  readonly token: string;
}

/** Which registry of theirs. */
export interface ClearBladePlace {
  readonly project: string;
  readonly region: string;
  readonly registry: string;
}

/** What a registry is spoken to with: got for the service account's token. */
interface Access {
  readonly url: string;
  readonly systemKey: string;
  readonly serviceAccountToken: string;
}

interface WireDevice {
  readonly id: string;
  readonly credentials?: readonly { readonly publicKey?: { readonly format: string; readonly key: string } }[];
}

const formats = { ES256: 'ES256_PEM', RS256: 'RSA_PEM' } as const;
const pageSize = '1000';

/**
 * A registry of ClearBlade IoT Core, in whose API devices are what they were in Google's: `credentials[].publicKey` with
 * a format and a PEM.
 *
 * @see https://github.com/ClearBlade/go-iot for the calls: a registry has a system key and a token of its own.
 */
export class ClearBladeRegistry implements Registry {
  readonly name: string;
  readonly #api: RestApi;
  readonly #account: ClearBladeAccount;
  readonly #place: ClearBladePlace;
  readonly #path: string;
  #access: Promise<Access> | undefined;

  constructor(account: ClearBladeAccount, place: ClearBladePlace, patience: Patience = usualPatience) {
    this.#account = account;
    this.#place = place;
    this.#path = `projects/${place.project}/locations/${place.region}/registries/${place.registry}`;
    this.name = `ClearBlade (${this.#path})`;
    this.#api = new RestApi('ClearBlade', patience);
    this.#api.keepSecret(account.token);
    this.#api.keepSecret(account.systemKey);
  }

  async list({ signal }: Watch = {}): Promise<readonly RegistryEntry[]> {
    const entries: RegistryEntry[] = [];
    let pageToken: string | undefined;
    do {
      const query = { parent: this.#path, fieldMask: 'credentials', pageSize, ...(pageToken ? { pageToken } : {}) };
      const page = (await this.#devices('GET', 'devices', query, { signal })) as
        | { devices?: readonly WireDevice[]; nextPageToken?: string }
        | undefined;
      entries.push(...(page?.devices ?? []).map(entryOf));
      pageToken = page?.nextPageToken;
    } while (pageToken);
    return entries;
  }

  add(devices: readonly RegisteredDevice[], watch: Watch = {}): Promise<Outcome> {
    return changeEach(
      devices,
      ({ id }) => id,
      watch,
      (device) => this.#add(device, watch),
    );
  }

  remove(ids: readonly string[], watch: Watch = {}): Promise<Outcome> {
    return changeEach(
      ids,
      (id) => id,
      watch,
      async (id) => {
        const query = { name: `${this.#path}/devices/${id}` };
        await this.#devices('DELETE', id, query, watch).catch(unlessStatus(404));
      },
    );
  }

  async #add({ id, algorithm, publicKey }: RegisteredDevice, watch: Watch): Promise<void> {
    if (algorithm === 'HS256') throw new UsageError(`ClearBlade knows no devices with ${algorithm}`);
    const credentials = [{ publicKey: { format: formats[algorithm], key: publicKey } }];
    try {
      await this.#devices('POST', id, {}, watch, { id, credentials });
    } catch (thrown) {
      if (!(thrown instanceof RestError && thrown.status === 409)) throw thrown;
      // An earlier run's, or this one's: an attempt may be carried out without an answer.
      if (!(await this.#hasKey(id, publicKey))) throw thrown;
    }
  }

  async #hasKey(id: string, publicKey: string): Promise<boolean> {
    const device = await this.#devices('GET', id, { name: `${this.#path}/devices/${id}` }, {});
    return entryOf(device as WireDevice).keys.some((key) => key.publicKey === publicKey);
  }

  async #devices(
    method: Call['method'],
    label: string,
    query: Readonly<Record<string, string>>,
    { signal }: Watch,
    body?: unknown,
  ): Promise<unknown> {
    const { url, systemKey, serviceAccountToken } = await this.#accessTo();
    const address = new URL(`/api/v/4/webhook/execute/${encodeURIComponent(systemKey)}/cloudiot_devices`, url);
    address.search = new URLSearchParams(query).toString();
    const headers = { 'ClearBlade-UserToken': serviceAccountToken };
    return this.#api.call({ method, url: address, label, headers, signal, ...(body === undefined ? {} : { body }) });
  }

  #accessTo(): Promise<Access> {
    this.#access ??= this.#askAccess();
    return this.#access;
  }

  async #askAccess(): Promise<Access> {
    const { url, systemKey, token } = this.#account;
    const access = (await this.#api.call({
      method: 'POST',
      url: new URL(`/api/v/1/code/${encodeURIComponent(systemKey)}/getRegistryCredentials`, url),
      label: 'getRegistryCredentials',
      headers: { 'ClearBlade-UserToken': token },
      body: this.#place,
    })) as Partial<Access> | undefined;
    const { url: own, systemKey: ownKey, serviceAccountToken } = access ?? {};
    if (!own || !ownKey || !serviceAccountToken) {
      throw new UsageError(`ClearBlade knows no registry ${this.#path}: its credentials were asked for, and none came`);
    }
    this.#api.keepSecret(serviceAccountToken);
    this.#api.keepSecret(ownKey);
    return { url: own, systemKey: ownKey, serviceAccountToken };
  }
}

function entryOf({ id, credentials = [] }: WireDevice): RegistryEntry {
  return { id, keys: credentials.flatMap(({ publicKey }) => (publicKey === undefined ? [] : keyOf(publicKey.key))) };
}

/** A key of another kind than ours is none that a list of ours belongs to. */
function keyOf(pem: string): RegistryEntry['keys'] {
  try {
    return [{ algorithm: algorithmOf(pem), publicKey: publicKeyOf(pem) }];
  } catch {
    return [];
  }
}

function unlessStatus(status: number): (thrown: Error) => void {
  return (thrown) => {
    if (!(thrown instanceof RestError && thrown.status === status)) throw thrown;
  };
}
