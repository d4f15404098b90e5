import type { Opener, Transport, Way } from '../transport.ts';
import { ClientConnection } from './client.ts';
import { connectorFor, proxyOf, tunnel } from './connector.ts';

/** Everything that HttpUser can do: HTTP/2 and proxies too. */
export const undici: Transport = {
  check(): void {},

  opener(url: URL, way: Way): Opener {
    const proxy = way.proxy === undefined ? undefined : proxyOf(way.proxy);
    if (proxy !== undefined && url.protocol === 'http:') {
      const toProxy = connectorFor(undefined, false);
      const forward = ['host', url.host, ...proxy.authorization];
      return { open: () => new ClientConnection(proxy.origin, toProxy), forward };
    }
    const direct = connectorFor(way.tls, way.http2 === true);
    const connect = proxy === undefined ? direct : tunnel(proxy, direct);
    return { open: () => new ClientConnection(url.origin, connect) };
  },
};
