import { type Answer, type Asked, FakeRest } from './fake-rest.ts';

interface WireDevice {
  readonly id: { readonly id: string };
  readonly name: string;
  readonly additionalInfo?: unknown;
}

/** ThingsBoard's REST API, as far as devices go; pages of two devices. */
export class FakeThingsBoard extends FakeRest {
  readonly devices = new Map<string, WireDevice>();
  readonly accessTokens = new Map<string, string>();
  /** What is let in now. */
  authorizations = new Set(['ApiKey apikey', 'Bearer jwt']);

  override answer({ method, path, query, headers, body }: Asked): Answer {
    if (path === '/api/auth/login') {
      if (body.password !== 'password') return [401, { message: `Invalid password ${body.password}` }];
      this.authorizations.add('Bearer fresh');
      return [200, { token: 'fresh', refreshToken: 'refresh' }];
    }
    if (!this.authorizations.has(String(headers['x-authorization']))) return [401, { message: 'Token has expired' }];
    if (path === '/api/device-with-credentials') return this.#create(body);
    if (path.startsWith('/api/device/') && method === 'DELETE') return this.#delete(path.slice('/api/device/'.length));
    if (path !== '/api/tenant/devices') return [404, { message: path }];
    const name = query.get('deviceName');
    if (name === null) return this.#page(Number(query.get('page')));
    const device = this.devices.get(name);
    return device === undefined ? [404, { message: 'Requested item was not found!' }] : [200, device];
  }

  #create({ device, credentials }: Asked['body']): Answer {
    if (this.devices.has(device.name))
      return [400, { message: 'Device with such name already exists!', errorCode: 31 }];
    this.devices.set(device.name, { ...device, id: { entityType: 'DEVICE', id: `uuid-of-${device.name}` } });
    this.accessTokens.set(device.name, `${credentials.credentialsType} ${credentials.credentialsId}`);
    return [200, device];
  }

  #delete(uuid: string): Answer {
    const found = [...this.devices.values()].find(({ id }) => id.id === uuid);
    return found !== undefined && this.devices.delete(found.name) ? [200] : [404, { message: 'not found' }];
  }

  #page(page: number): Answer {
    const data = [...this.devices.values()].slice(page * 2, page * 2 + 2);
    return [200, { data, totalElements: this.devices.size, hasNext: page * 2 + 2 < this.devices.size }];
  }
}
