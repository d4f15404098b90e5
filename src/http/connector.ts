import { createSecureContext, type SecureContext } from 'node:tls';
import { buildConnector, Client } from 'undici';
import { UsageError } from '../errors.ts';
import { RequestError } from './failure.ts';
import type { TlsOptions } from './options.ts';

type Connector = buildConnector.connector;

/** Seconds of FastHttpUser's `connection_timeout`; Locust's HttpUser waits for the system's, which is longer. */
const connectTimeout = 60_000;

const keys = new WeakMap<TlsOptions, string>();
const connectors = new Map<string, Connector>();

/** Equal options have equal keys, also when they are written out anew for each request. */
export function keyOf(tls: TlsOptions | undefined): string {
  if (tls === undefined) return '';
  let key = keys.get(tls);
  if (key === undefined) {
    const { ca, cert, key: secret, passphrase, insecure, servername } = tls;
    key = JSON.stringify([[ca].flat().map(String), String(cert), String(secret), passphrase, insecure, servername]);
    keys.set(tls, key);
  }
  return key;
}

/**
 * How connections are opened: one function for all users with the same settings, so that certificates are parsed
 * once. TLS sessions are not resumed, as in Locust: each connection pays for its whole handshake.
 */
export function connectorFor(tls: TlsOptions | undefined, http2: boolean): Connector {
  const key = `${http2} ${keyOf(tls)}`;
  let connector = connectors.get(key);
  if (connector === undefined) {
    connector = makeConnector(tls, http2);
    connectors.set(key, connector);
  }
  return connector;
}

function makeConnector(tls: TlsOptions | undefined, http2: boolean): Connector {
  const shared = { timeout: connectTimeout, maxCachedSessions: 0, keepAlive: false, allowH2: http2 };
  const plain = buildConnector(shared);
  let secure: Connector | undefined;
  // A wrong certificate is told at the first use of the options; without options nothing is made before it is needed.
  let context: SecureContext | undefined = tls === undefined ? undefined : secureContext(tls);
  return (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback);
    context ??= createSecureContext();
    secure ??= buildConnector({ ...shared, secureContext: context, rejectUnauthorized: tls?.insecure !== true });
    const servername = tls?.servername ?? options.servername;
    return secure(servername === undefined ? options : { ...options, servername }, callback);
  };
}

function secureContext({ ca, cert, key, passphrase }: TlsOptions): SecureContext {
  try {
    const given = { ca, cert, key, passphrase };
    return createSecureContext(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  } catch (cause) {
    throw new UsageError(`tls: ${(cause as Error).message}; ca, cert and key are PEM texts or their bytes`, { cause });
  }
}

/** An HTTP proxy. */
export interface Proxy {
  readonly origin: string;
  /** The header with its credentials. */
  readonly authorization: readonly string[];
}

export function proxyOf(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError(`proxy is '${text}'; a URL such as http://proxy.example.com:3128 is expected`);
  }
  const authorization = basicOf(url);
  return {
    origin: url.origin,
    authorization: authorization === undefined ? [] : ['proxy-authorization', authorization],
  };
}

/** The credentials in a URL, as a header's value. */
export function basicOf({ username, password }: URL): string | undefined {
  if (username === '') return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** Connections through a proxy by CONNECT; what `connector` opens then runs inside. */
export function tunnel(proxy: Proxy, connector: Connector): Connector {
  return (options, callback) => {
    const client = new Client(proxy.origin, { connect: connectorFor(undefined, false) });
    const name = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
    const host = `${name}:${options.port || 443}`;
    // An undici error here would make its client connect again without end.
    const fail = (text: string, cause?: unknown): void => callback(new RequestError('ProxyError', text, cause), null);
    client.connect({ path: host, headers: ['host', host, ...proxy.authorization] as never }, (error, data) => {
      if (error !== null) return fail('Cannot connect to proxy', error);
      if (data.statusCode === 200) return connector({ ...options, httpSocket: data.socket as never }, callback);
      data.socket.on('error', () => {}).destroy();
      fail(`Tunnel connection failed: ${data.statusCode}`);
    });
  };
}
