import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { contextOf, type TlsOptions } from '../user/tls.ts';
import type { Broker } from './broker.ts';
import { gather } from './gathering.ts';
import { webSocket } from './library.ts';

/** How a connection is opened. */
export interface Way {
  readonly broker: Broker;
  readonly tls: TlsOptions | undefined;
  readonly localAddress: string | undefined;
  /** Small packets leave at once; otherwise an acknowledgement waits 40 ms for the next one (Nagle). */
  readonly noDelay: boolean;
  /** For the upgrade of a websocket. */
  readonly timeoutMilliseconds: number;
}

/** Begins to connect: bytes may be written to it at once. */
export function openSocket(way: Way): Duplex {
  const { broker, localAddress, noDelay } = way;
  if (broker.webSocket !== undefined) return openWebSocket(way, broker.webSocket);
  const { hostname: host, port } = broker;
  const place = localAddress === undefined ? { host, port } : { host, port, localAddress };
  const socket: Socket = broker.isSecure ? connectTls({ ...place, ...tlsOf(way) }) : connectTcp(place);
  if (noDelay) socket.setNoDelay(true);
  gather(socket);
  return socket;
}

/** ws sets noDelay itself. */
function openWebSocket(way: Way, url: string): Duplex {
  const { WebSocket, createWebSocketStream } = webSocket();
  const socket = new WebSocket(url, ['mqtt'], {
    perMessageDeflate: false,
    handshakeTimeout: way.timeoutMilliseconds,
    ...(way.localAddress === undefined ? {} : { localAddress: way.localAddress }),
    ...(way.broker.isSecure ? tlsOf(way) : {}),
  });
  const stream = createWebSocketStream(socket);
  // Its own end of a stream waits for the closing handshake, which a broker that is gone never makes.
  stream.once('close', () => socket.terminate());
  return stream;
}

function tlsOf({ broker, tls }: Way): ConnectionOptions {
  const isName = !/^[\d.]+$|:/.test(broker.hostname);
  const servername = tls?.servername ?? (isName ? broker.hostname : undefined);
  return {
    secureContext: contextOf(tls),
    rejectUnauthorized: tls?.insecure !== true,
    ...(servername === undefined ? {} : { servername }),
    // AWS tells MQTT from HTTPS by it.
    ...(broker.port === 443 && broker.webSocket === undefined ? { ALPNProtocols: ['mqtt'] } : {}),
  };
}
