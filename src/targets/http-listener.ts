import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Listener } from './listener.ts';

/** Milliseconds between two looks at who has become idle, while the server ends. */
const look = 20;

/** A server of node:http as a way into a target. */
export function httpListener(server: Server): Listener {
  return {
    protocol: 'http',

    listen: (address, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, address, () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),

    close: (grace) =>
      new Promise((resolve) => {
        // A connection that is busy now would be kept open by its client: its next answer is its last.
        server.prependListener('request', (_, response) => {
          response.shouldKeepAlive = false;
        });
        const idle = setInterval(() => server.closeIdleConnections(), look);
        const late = setTimeout(() => server.closeAllConnections(), grace * 1000);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(late);
          resolve();
        });
      }),
  };
}
