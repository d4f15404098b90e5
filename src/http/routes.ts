import { keyOf } from '../user/tls.ts';
import { Connections } from './connections.ts';
import type { Transport, Way } from './transport.ts';

/** How one origin is reached. */
export interface Route {
  readonly connections: Connections;
  /** The headers for a proxy that is asked in plain HTTP; it wants whole URLs. */
  readonly forward: readonly string[] | undefined;
}

/** The origins that a session has spoken to. */
export class Routes {
  readonly #transport: Transport;
  readonly #way: Way;
  readonly #concurrent: number;
  readonly #routes = new Map<string, Route>();
  #lastOrigin = '';
  #last: Route | undefined;

  /** `concurrent`: how many requests at once are usual. */
  constructor(transport: Transport, way: Way, concurrent: number) {
    this.#transport = transport;
    this.#way = way;
    this.#concurrent = concurrent;
    transport.check(way);
  }

  /** `own`: what a request says itself. */
  to(origin: string, own?: Way): Route {
    if (own === undefined && origin === this.#lastOrigin && this.#last !== undefined) return this.#last;
    if (own !== undefined) this.#transport.check(own);
    const way = own === undefined ? this.#way : { ...this.#way, ...own };
    const key = own === undefined ? origin : `${origin} ${keyOf(way.tls)} ${way.proxy}`;
    let route = this.#routes.get(key);
    if (route === undefined) {
      const opener = this.#transport.opener(new URL(origin), way);
      route = { connections: new Connections(opener, this.#concurrent), forward: opener.forward };
      this.#routes.set(key, route);
    }
    if (own === undefined) {
      this.#lastOrigin = origin;
      this.#last = route;
    }
    return route;
  }

  /** How many requests were sent a second time. */
  get repeats(): number {
    let repeats = 0;
    for (const { connections } of this.#routes.values()) repeats += connections.repeats;
    return repeats;
  }

  /** Closes what is not in use. */
  close(): void {
    for (const { connections } of this.#routes.values()) connections.close();
  }

  /** Ends everything with `error`. */
  destroy(error: Error): void {
    for (const { connections } of this.#routes.values()) connections.destroy(error);
  }
}
