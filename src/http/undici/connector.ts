import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';
import { UsageError } from '../../errors.ts';
import { contextOf, keyOf, type TlsOptions } from '../../user/tls.ts';
import { RequestError } from '../failure.ts';
import { basicOf } from '../place.ts';
import { open, readBuffer, type Target, targetOf } from '../sockets/connect.ts';
import { gathering } from './gathering.ts';

type Connector = buildConnector.connector;

/** Seconds of FastHttpUser's `connection_timeout`; Locust's HttpUser waits for the system's, which is longer. */
const connectTimeout = 60_000;

const connectors = new Map<string, Connector>();

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
  let secure: Connector | undefined;
  // A wrong certificate is told at the first use of the options; without options nothing is made before it is needed.
  if (tls !== undefined) contextOf(tls);
  return (options, callback) => {
    // undici takes the name from a request's own host header, if it has one.
    const servername = tls?.servername ?? options.servername;
    if (options.protocol !== 'https:' || (!http2 && options.httpSocket === undefined)) {
      const target = targetOf(options, { tls });
      const isNamed = target.tls !== undefined && servername !== undefined;
      return openSocket(isNamed ? { ...target, tls: { ...target.tls, servername } } : target, callback);
    }
    secure ??= buildConnector({
      timeout: connectTimeout,
      maxCachedSessions: 0,
      keepAlive: false,
      allowH2: http2,
      secureContext: contextOf(tls),
      rejectUnauthorized: tls?.insecure !== true,
    });
    return secure(servername === undefined ? options : { ...options, servername }, callback);
  };
}

/**
 * As undici's own connectors, but that what is read goes through one buffer for all: else Node takes 64 KB for each read,
 * and gives most of it back.
 */
function openSocket(target: Target, callback: buildConnector.Callback): Socket {
  const socket = open(target, (size) => socket.push(copyOfRead(size)));
  let isTold = false;
  const tell = (error: Error | undefined): void => {
    clearTimeout(timer);
    if (isTold) return;
    isTold = true;
    if (error === undefined) callback(null, gathering(socket));
    else callback(error, null);
  };
  const giveUp = (): unknown => socket.destroy(new RequestError('ConnectTimeout', 'Connection timed out'));
  const timer = setTimeout(giveUp, connectTimeout);
  socket.once(target.tls === undefined ? 'connect' : 'secureConnect', () => tell(undefined));
  socket.on('error', tell).once('close', () => clearTimeout(timer));
  return socket;
}

function copyOfRead(size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  readBuffer.copy(bytes, 0, 0, size);
  return bytes;
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
