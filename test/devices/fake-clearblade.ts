import type { ClearBladeAccount, ClearBladePlace } from '../../src/devices/clearblade.ts';
import type { RegisteredDevice } from '../../src/devices/device.ts';
import { type Answer, type Asked, FakeRest } from './fake-rest.ts';

export const place: ClearBladePlace = { project: 'p', region: 'us-central1', registry: 'g' };
const parent = 'projects/p/locations/us-central1/registries/g';

interface WireDevice {
  readonly id: string;
  readonly credentials: readonly unknown[];
}

/** ClearBlade IoT Core's REST API, as far as devices go: its own token for a registry, pages of two devices. */
export class FakeClearBlade extends FakeRest {
  readonly devices = new Map<string, WireDevice>();

  get account(): ClearBladeAccount {
    return { url: this.url, systemKey: 'adminkey', token: 'admintoken' };
  }

  /** As if someone had registered it. */
  hold({ id, algorithm, publicKey }: RegisteredDevice): void {
    const format = algorithm === 'ES256' ? 'ES256_PEM' : 'RSA_PEM';
    this.devices.set(id, { id, credentials: [{ publicKey: { format, key: publicKey } }] });
  }

  override answer(asked: Asked): Answer {
    const { path, headers, body } = asked;
    const token = headers['clearblade-usertoken'];
    if (path === '/api/v/1/code/adminkey/getRegistryCredentials') {
      if (token !== 'admintoken') return [401, { error: { message: `bad token ${token}` } }];
      if (body.registry !== 'g') return [200, {}];
      return [200, { url: this.url, systemKey: 'registrykey', serviceAccountToken: 'registrytoken' }];
    }
    if (path !== '/api/v/4/webhook/execute/registrykey/cloudiot_devices') return [404, { error: { message: path } }];
    return token === 'registrytoken' ? this.#devices(asked) : [403, { error: { message: `bad token ${token}` } }];
  }

  #devices({ method, query, body }: Asked): Answer {
    const id = query.get('name')?.replace(`${parent}/devices/`, '') ?? '';
    const known = this.devices.get(id);
    if (method === 'POST') {
      if (this.devices.has(body.id)) return [409, { error: { code: 409, message: 'ALREADY_EXISTS' } }];
      if (/bad/.test(body.id)) return [400, { error: { code: 400, message: `Invalid device id ${body.id}` } }];
      this.devices.set(body.id, body);
      return [200, body];
    }
    if (method === 'DELETE') return this.devices.delete(id) ? [200, {}] : [404, { error: { message: 'NOT_FOUND' } }];
    if (query.has('name')) return known === undefined ? [404] : [200, known];
    if (query.get('parent') !== parent) return [400, { error: { message: 'no parent' } }];
    const from = Number(query.get('pageToken') ?? 0);
    const devices = [...this.devices.values()].slice(from, from + 2);
    return [200, { devices, ...(from + 2 < this.devices.size ? { nextPageToken: String(from + 2) } : {}) }];
  }
}
