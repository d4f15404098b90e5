import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { contextOf } from '../../user/tls.ts';
import type { Way } from '../transport.ts';

/** What one read may bring. All sockets of a thread read into the same bytes: what outlives a callback is copied. */
export const readBuffer: Buffer = Buffer.allocUnsafeSlow(65_536);

/** An origin and how it is trusted: all that is needed to open a connection. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly tls:
    | { readonly context: SecureContext; readonly servername: string; readonly isVerified: boolean }
    | undefined;
}

export function targetOf(
  { protocol, hostname, port }: Pick<URL, 'protocol' | 'hostname' | 'port'>,
  { tls }: Way,
): Target {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (tls !== undefined) contextOf(tls);
  if (protocol === 'http:') return { host, port: Number(port || 80), tls: undefined };
  const servername = tls?.servername ?? (isIP(host) === 0 ? host : '');
  const isVerified = tls?.insecure !== true;
  return { host, port: Number(port || 443), tls: { context: contextOf(tls), servername, isVerified } };
}

/** Opens a connection. What is written before it is open waits for that. TLS sessions are not resumed, as in Locust. */
export function open({ host, port, tls }: Target, read: (size: number) => boolean): Socket {
  const plain = {
    host,
    port,
    noDelay: true,
    highWaterMark: readBuffer.length,
    onread: { buffer: readBuffer, callback: read },
  };
  if (tls === undefined) return connect(plain);
  const { context, servername, isVerified } = tls;
  // tls.connect hands `onread` on to its socket; its types do not say so.
  const options = { ...plain, secureContext: context, rejectUnauthorized: isVerified, ALPNProtocols: ['http/1.1'] };
  return connectTls(servername === '' ? options : { ...options, servername });
}
