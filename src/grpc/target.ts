import { UsageError } from '../errors.ts';

/** Where a host leads. */
export interface Target {
  /** As grpc-js takes it: `host:port`, or a name of a resolver such as `dns:///host:port`. */
  readonly address: string;
  readonly isSecure: boolean;
  /** It may stand for several servers, among which calls are to be spread. */
  readonly isMany: boolean;
}

/** Whatever has a name server or a list behind it, in gRPC's own words. */
const named = /^(dns|ipv4|ipv6|unix|unix-abstract):/;
const plain = /^(\[[0-9a-f:.%]+\]|[^:/?#@\s]+):(\d{1,5})$/i;

/** `host:port`, `https://host:port`, `dns:///host:port`. `hasTls`: those without `http` or `https` are secure. */
export function targetOf(host: string | undefined, hasTls: boolean): Target {
  if (host === undefined || host === null || host === '') {
    throw new UsageError(
      "You must specify the host. Either as static host in the user class, on the command line with -H, or in the host field of the master's web UI.",
    );
  }
  if (/^https?:\/\//i.test(host)) return ofUrl(host);
  if (named.test(host)) {
    const isMany = host.startsWith('dns:///') || (/^ipv[46]:/.test(host) && host.includes(','));
    return { address: host, isSecure: hasTls, isMany };
  }
  if (!plain.test(host)) throw wrong(host);
  return { address: host, isSecure: hasTls, isMany: false };
}

function ofUrl(host: string): Target {
  if (!URL.canParse(host)) throw wrong(host);
  const { protocol, hostname, port, pathname, search, username } = new URL(host);
  if ((pathname !== '/' && pathname !== '') || search !== '' || username !== '') throw wrong(host);
  const isSecure = protocol === 'https:';
  return { address: `${hostname}:${port || (isSecure ? 443 : 80)}`, isSecure, isMany: false };
}

const wrong = (host: string): UsageError =>
  new UsageError(
    `the host is '${host}'; host:port, https://host:port or dns:///host:port is expected, without path or credentials`,
  );
