import type { Socket } from 'node:net';
import { type buildConnector, Client } from 'undici';
import type { AnswerListener, Connection, RequestMessage } from '../transport.ts';

const settings = {
  // Each request has its own limit, or none: undici's timers are not needed.
  headersTimeout: 0,
  bodyTimeout: 0,
  // As urllib3: a connection is kept until the server closes it; what it announces is respected, half a second early.
  keepAliveTimeout: 600_000,
  keepAliveMaxTimeout: 600_000,
  keepAliveTimeoutThreshold: 500,
  maxHeaderSize: 65_536,
};

/** One connection by undici: closed by the server, it is opened again by the next request. */
export class ClientConnection implements Connection {
  readonly #client: Client;
  isBusy = false;
  readonly isSpent = false;
  #socket: Socket | undefined = undefined;

  constructor(origin: string, connect: buildConnector.connector) {
    const open: buildConnector.connector = (options, callback) => {
      // undici's connectors return their socket, its types keep that back.
      this.#socket = connect(options, callback) as unknown as Socket | undefined;
    };
    this.#client = new Client(origin, { connect: open, ...settings });
  }

  dispatch(request: RequestMessage, exchange: AnswerListener): void {
    this.#client.dispatch(request, exchange);
  }

  destroy(error: Error | null): void {
    this.#client.destroy(error, () => {});
    // undici would wait for a connection that is being opened, up to its time-out, only to close it.
    if (this.#socket?.connecting === true) this.#socket.destroy();
  }
}
