import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';

/** Where a master listens, in ZeroMQ's words. */
export interface Endpoint {
  readonly address: string;
  readonly ipv6: boolean;
}

/**
 * The name stays in the address: libzmq resolves it again for each attempt to connect, so a master may come back with
 * another IP address. IPv6 is for names that have no IPv4 address: Locust listens on both since 2.20.1, before on IPv4
 * only.
 *
 * @throws if the name cannot be resolved (now).
 */
export async function resolveEndpoint(host: string, port: number): Promise<Endpoint> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const addresses = await lookup(name, { all: true });
  return {
    address: `tcp://${isIPv6(name) ? `[${name}]` : name}:${port}`,
    ipv6: addresses.every(({ family }) => family === 6),
  };
}
