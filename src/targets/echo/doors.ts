import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Listener } from '../listener.ts';

/** The ways into the broker; in the house's order. */
export const doorNames = ['mqtt', 'mqtts', 'ws', 'wss'] as const;
export type DoorName = (typeof doorNames)[number];

/** Takes a connection on which MQTT is to be spoken. */
export type Accept = (stream: Duplex, request?: IncomingMessage) => void;

/** Where websockets are found, as brokers have it. */
const path = '/mqtt';

/** A way into the broker. `tls` is for `mqtts` and `wss`. */
export function door(name: DoorName, accept: Accept, tls: TlsOptions = {}): Listener {
  // Without noDelay each small packet waits for the acknowledgement of the one before it, 40 ms.
  if (name === 'mqtt') return listenerOf(name, createServer({ noDelay: true }, accept));
  if (name === 'mqtts') return listenerOf(name, createTlsServer({ noDelay: true, ...tls }, accept));
  const server = name === 'ws' ? createHttpServer() : createHttpsServer(tls);
  const sockets = new WebSocketServer({
    server,
    path,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
    verifyClient: ({ req }: { readonly req: IncomingMessage }, done: (mayCome: boolean, status: number) => void) =>
      done(/\bmqtt\b/.test(req.headers['sec-websocket-protocol'] ?? ''), 400),
  });
  sockets.on('connection', (socket, request) => accept(createWebSocketStream(socket), request));
  // The server's own errors come to it too; who listens is told of them by the server.
  sockets.on('error', () => {});
  return listenerOf(name, server);
}

function listenerOf(protocol: DoorName, server: Server): Listener {
  const open = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // A handshake that failed is the client's matter.
  server.on('tlsClientError', () => {});
  return {
    protocol,

    listen: (address, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, address, () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),

    // The broker ends its clients by itself; what has not logged in by then is cut off.
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
