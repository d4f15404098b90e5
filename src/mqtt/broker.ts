import { UsageError } from '../errors.ts';

/** Where a host leads. */
export interface Broker {
  readonly hostname: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** For people: `mqtt://host:1883`. */
  readonly address: string;
  /** The whole address of a websocket; undefined for plain TCP and TLS. */
  readonly webSocket: string | undefined;
}

const ports: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };
const usualPath = '/mqtt';

let lastHost: string | undefined;
let lastHasTls = false;
let last: Broker | undefined;

/** `mqtt://host:port`, `mqtts://…`, `ws://host:port/path`, `wss://…`. `hasTls`: what is meant without a scheme. */
export function brokerOf(host: string | undefined, hasTls: boolean): Broker {
  if (last === undefined || host !== lastHost || hasTls !== lastHasTls) {
    last = parse(host, hasTls);
    lastHost = host;
    lastHasTls = hasTls;
  }
  return last;
}

function parse(host: string | undefined, hasTls: boolean): Broker {
  if (host === undefined || host === null || host === '') {
    throw new UsageError(
      "You must specify the host. Either as static host in the user class, on the command line with -H, or in the host field of the master's web UI.",
    );
  }
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(host) ? host : `${hasTls ? 'mqtts' : 'mqtt'}://${host}`;
  // Not as it was given: a password may be in it.
  if (/^[^/]*\/\/[^/?#]*@/.test(url)) {
    throw new UsageError(
      'the host has a user name or a password in it; they belong into the user class: get username(), get password()',
    );
  }
  if (!URL.canParse(url)) throw wrong(host);
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const usualPort = ports[protocol];
  if (usualPort === undefined || hostname === '') throw wrong(host);
  const isWebSocket = protocol.startsWith('ws');
  const address = `${protocol}//${hostname}:${port === '' ? usualPort : port}`;
  const path = pathname === '' || pathname === '/' ? '' : pathname;
  if (!isWebSocket && (path !== '' || search !== '')) throw wrong(host);
  return {
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? usualPort : Number(port),
    isSecure: protocol === 'mqtts:' || protocol === 'wss:',
    address,
    webSocket: isWebSocket ? `${address}${path || usualPath}${search}` : undefined,
  };
}

const wrong = (host: string): UsageError =>
  new UsageError(
    `the host is '${host}'; mqtt://host:port, mqtts://host:port, ws://host:port/path or wss://host:port/path is expected`,
  );
