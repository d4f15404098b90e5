import type { Socket } from 'node:net';
import { type buildConnector, Client } from 'undici';

/** So many connections stay open when a user has made several requests at once; as in requests. */
const maxIdle = 10;

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

/** One connection: closed by the server, it is opened again by the next request. */
export class Connection {
  readonly client: Client;
  isBusy = true;
  #socket: Socket | undefined = undefined;

  constructor(origin: string, connect: buildConnector.connector) {
    const open: buildConnector.connector = (options, callback) => {
      // undici's connectors return their socket, its types keep that back.
      this.#socket = connect(options, callback) as unknown as Socket | undefined;
    };
    this.client = new Client(origin, { connect: open, ...settings });
  }

  /** What is in flight ends with `error`. */
  destroy(error: Error | null): void {
    this.client.destroy(error, () => {});
    // undici would wait for a connection that is being opened, up to its time-out, only to close it.
    if (this.#socket?.connecting === true) this.#socket.destroy();
  }
}

/**
 * The connections of one user to one origin. One after the other its requests use the same one; those made at once
 * (`Promise.all`) have one each, without limit. Not undici's Pool, which opens two for a user who needs one.
 */
export class Connections {
  readonly #origin: string;
  readonly #connect: buildConnector.connector;
  #all: Connection[] = [];

  constructor(origin: string, connect: buildConnector.connector) {
    this.#origin = origin;
    this.#connect = connect;
  }

  /** A free connection, or a new one. */
  take(): Connection {
    for (const connection of this.#all) {
      if (connection.isBusy) continue;
      connection.isBusy = true;
      return connection;
    }
    const connection = new Connection(this.#origin, this.#connect);
    this.#all.push(connection);
    return connection;
  }

  /** The request on it is over. */
  give(connection: Connection): void {
    connection.isBusy = false;
    if (this.#all.length > maxIdle) this.drop(connection);
  }

  /** It is of no more use. What is in flight on it ends with `error`. */
  drop(connection: Connection, error: Error | null = null): void {
    this.#all = this.#all.filter((known) => known !== connection);
    connection.destroy(error);
  }

  /** Closes those that are not in use; a request that is in flight still ends well. */
  close(): void {
    for (const connection of this.#all) {
      if (!connection.isBusy) this.drop(connection);
    }
  }

  /** Closes all; what is in flight ends with `error`. */
  destroy(error: Error): void {
    for (const connection of this.#all) this.drop(connection, error);
  }
}
