import { UsageError } from '../errors.ts';
import type { RegisteredDevice } from './device.ts';
import { changeEach } from './each-device.ts';
import type { Outcome, Registry, RegistryEntry, Watch } from './registry.ts';
import { type Call, type Patience, RestApi, RestError, usualPatience } from './rest-api.ts';

/** Who speaks to it: an API key (ThingsBoard 4.3 and later), a token, or a tenant's administrator who logs in. */
export type ThingsBoardAccount =
  | { readonly apiKey: string }
  | { readonly token: string }
  | { readonly username: string; readonly password: string };

interface WireDevice {
  readonly id: { readonly id: string };
  readonly name: string;
  readonly additionalInfo?: { readonly publicKey?: unknown; readonly algorithm?: unknown } | null;
}

interface WirePage {
  readonly data?: readonly WireDevice[];
  readonly hasNext?: boolean;
}

const pageSize = 500;

/**
 * The devices of a ThingsBoard tenant. It knows a device by an access token, not by a key: the token is the device's id,
 * which is what the platform `thingsboard` logs in with. The public key is kept with the device (`additionalInfo`), for
 * `verify` and `export`.
 *
 * @see https://thingsboard.io/docs/reference/rest-api/
 */
export class ThingsBoardRegistry implements Registry {
  readonly name: string;
  readonly #api: RestApi;
  readonly #url: string;
  readonly #account: ThingsBoardAccount;
  #authorization: Promise<string> | undefined;

  constructor(url: string, account: ThingsBoardAccount, patience: Patience = usualPatience) {
    this.#url = url;
    this.#account = account;
    this.name = `ThingsBoard (${new URL(url).host})`;
    this.#api = new RestApi('ThingsBoard', patience);
    for (const secret of secretsOf(account)) this.#api.keepSecret(secret);
  }

  async list({ signal }: Watch = {}): Promise<readonly RegistryEntry[]> {
    const entries: RegistryEntry[] = [];
    for (let page = 0, hasNext = true; hasNext; page++) {
      const query = `pageSize=${pageSize}&page=${page}&sortProperty=name&sortOrder=ASC`;
      const found = (await this.#call('GET', 'devices', `/api/tenant/devices?${query}`, signal)) as
        | WirePage
        | undefined;
      entries.push(...(found?.data ?? []).map(entryOf));
      hasNext = found?.hasNext === true;
    }
    return entries;
  }

  add(devices: readonly RegisteredDevice[], watch: Watch = {}): Promise<Outcome> {
    return changeEach(
      devices,
      ({ id }) => id,
      watch,
      (device) => this.#add(device, watch.signal),
    );
  }

  remove(ids: readonly string[], watch: Watch = {}): Promise<Outcome> {
    return changeEach(
      ids,
      (id) => id,
      watch,
      async (id) => {
        const device = await this.#find(id, watch.signal);
        if (device !== undefined)
          await this.#call('DELETE', id, `/api/device/${device.id.id}`, watch.signal).catch(unlessGone);
      },
    );
  }

  async #add({ id, algorithm, publicKey }: RegisteredDevice, signal: AbortSignal | undefined): Promise<void> {
    const body = {
      device: { name: id, type: 'default', additionalInfo: { algorithm, publicKey } },
      credentials: { credentialsType: 'ACCESS_TOKEN', credentialsId: id },
    };
    try {
      await this.#call('POST', id, '/api/device-with-credentials', signal, body);
    } catch (thrown) {
      const isThere =
        thrown instanceof RestError && [400, 409].includes(thrown.status) && /already/i.test(thrown.message);
      if (!isThere) throw thrown;
      // An earlier run's, or this one's: an attempt may be carried out without an answer.
      const device = await this.#find(id, signal);
      if (device?.additionalInfo?.publicKey !== publicKey) throw thrown;
    }
  }

  async #find(id: string, signal: AbortSignal | undefined): Promise<WireDevice | undefined> {
    const path = `/api/tenant/devices?deviceName=${encodeURIComponent(id)}`;
    return (await this.#call('GET', id, path, signal).catch(unlessGone)) as WireDevice | undefined;
  }

  async #call(
    method: Call['method'],
    label: string,
    path: string,
    signal: AbortSignal | undefined,
    body?: unknown,
  ): Promise<unknown> {
    const url = new URL(path, this.#url);
    const authorization = this.#authorized();
    const headers = { 'X-Authorization': await authorization };
    const call = { method, label, url, signal, ...(body === undefined ? {} : { body }) };
    try {
      return await this.#api.call({ ...call, headers });
    } catch (thrown) {
      const isOld = thrown instanceof RestError && thrown.status === 401 && 'username' in this.#account;
      if (!isOld) throw thrown;
      // A login's token lives for hours; so may a change of many devices.
      if (this.#authorization === authorization) this.#authorization = undefined;
      return this.#api.call({ ...call, headers: { 'X-Authorization': await this.#authorized() } });
    }
  }

  #authorized(): Promise<string> {
    this.#authorization ??= this.#authorize();
    return this.#authorization;
  }

  async #authorize(): Promise<string> {
    if ('apiKey' in this.#account) return `ApiKey ${this.#account.apiKey}`;
    if ('token' in this.#account) return `Bearer ${this.#account.token}`;
    const { username, password } = this.#account;
    const url = new URL('/api/auth/login', this.#url);
    const login = { method: 'POST', label: 'login', url, headers: {}, body: { username, password } } as const;
    const answer = (await this.#api.call(login)) as { token?: string } | undefined;
    if (!answer?.token) throw new UsageError('ThingsBoard: the login was answered without a token');
    this.#api.keepSecret(answer.token);
    return `Bearer ${answer.token}`;
  }
}

function secretsOf(account: ThingsBoardAccount): readonly string[] {
  if ('apiKey' in account) return [account.apiKey];
  return 'token' in account ? [account.token] : [account.password];
}

function entryOf({ name: id, additionalInfo }: WireDevice): RegistryEntry {
  const { algorithm, publicKey } = additionalInfo ?? {};
  const isOurs = (algorithm === 'ES256' || algorithm === 'RS256') && typeof publicKey === 'string';
  return { id, keys: isOurs ? [{ algorithm, publicKey }] : [] };
}

function unlessGone(thrown: Error): undefined {
  if (!(thrown instanceof RestError && thrown.status === 404)) throw thrown;
  return undefined;
}
