import type { Exchange } from './exchange.ts';
import type { Way } from './options.ts';
import type { Outgoing } from './request.ts';

/** One connection of one user to one origin; one request at a time is on it. */
export interface Connection {
  isBusy: boolean;
  /** No further request may be made on it. */
  readonly isSpent: boolean;
  /** Sends the request and tells the exchange what comes back. */
  dispatch(request: Outgoing, exchange: Exchange): void;
  /** Closes it. What is in flight ends with `error`. */
  destroy(error: Error | null): void;
}

/** How connections to one origin are opened. */
export interface Opener {
  /** `lost` is to be called when a connection ended while nothing was in flight on it. */
  open(lost: (connection: Connection) => void): Connection;
  /** The headers for a proxy that is asked in plain HTTP; it wants whole URLs. */
  readonly forward?: readonly string[] | undefined;
}

/** How requests get on the wire. */
export interface Transport {
  /** Throws `UsageError` if the way is none for this transport. */
  check(way: Way): void;
  /** `origin` such as `https://example.com:8443`. */
  opener(origin: URL, way: Way): Opener;
}
