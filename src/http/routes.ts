import { UsageError } from '../errors.ts';
import { Connections } from './connections.ts';
import { basicOf, connectorFor, keyOf, proxyOf, tunnel } from './connector.ts';
import type { TlsOptions } from './options.ts';

/** How one origin is reached. */
export interface Route {
  readonly origin: string;
  readonly connections: Connections;
  /** From credentials in the URL. */
  readonly authorization: string | undefined;
  /** The headers for a proxy that is asked in plain HTTP; it wants whole URLs. */
  readonly forward: readonly string[] | undefined;
}

/** Where one request goes. */
export interface Place {
  readonly route: Route;
  /** Path and query, fit to be sent. */
  readonly path: string;
  /** What the request said itself; a redirect goes the same way. */
  readonly way?: Way | undefined;
}

/** What decides how connections are opened. */
export interface Way {
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: string | undefined;
  readonly http2?: boolean | undefined;
}

/** All that may stand in a path or query as it is; `%` as well, for what is encoded already stays. */
const unfit = /[^\w\-.~!$&'()*+,/:;=?@[\]%]+/g;
const isUnfit = new RegExp(unfit.source);

/** The origins that a session has spoken to, and its own base URL. */
export class Routes {
  readonly #way: Way;
  readonly #routes = new Map<string, Route>();
  readonly #connections = new Map<string, Connections>();
  #base: string | undefined;
  #home: Place | undefined;

  constructor(way: Way) {
    this.#way = way;
  }

  /** `url` may be absolute, or a path below `base`. */
  place(base: string | undefined, url: string, way?: Way): Place {
    if (typeof url !== 'string') throw new UsageError(`a URL must be a text, not ${String(url)}`);
    if (url.charCodeAt(0) !== 0x2f) {
      const origin = /^https?:\/\/[^/?#]*/i.exec(url)?.[0];
      if (origin !== undefined) return { route: this.#route(origin, way), path: fit(url.slice(origin.length)), way };
    }
    const home = this.#homeOf(base);
    const route = way === undefined ? home.route : this.#route(this.#originOf(base), way);
    return { route, path: home.path + fit(url), way };
  }

  /** Closes what is not in use. */
  close(): void {
    for (const connections of this.#connections.values()) connections.close();
  }

  /** Ends everything with `error`. */
  destroy(error: Error): void {
    for (const connections of this.#connections.values()) connections.destroy(error);
  }

  #homeOf(base: string | undefined): Place {
    if (this.#home === undefined || base !== this.#base) {
      const origin = this.#originOf(base);
      this.#home = undefined;
      this.#base = base;
      const path = new URL(base ?? '').pathname.replace(/\/+$/, '');
      this.#home = { route: this.#route(origin), path };
    }
    return this.#home;
  }

  #originOf(base: string | undefined): string {
    if (base === undefined || base === null || base === '') {
      throw new UsageError(
        "You must specify the base host. Either as static host in the user class, on the command line with -H, or in the host field of the master's web UI; or give an absolute URL.",
      );
    }
    const origin = /^https?:\/\/[^/?#]+/i.exec(base)?.[0];
    if (origin === undefined || !URL.canParse(base)) {
      throw new UsageError(`the host is '${base}'; a base URL such as http://localhost:8080 is expected`);
    }
    return origin;
  }

  #route(origin: string, own?: Way): Route {
    const way = own === undefined ? this.#way : { ...this.#way, ...own };
    const key = own === undefined ? origin : `${origin} ${keyOf(way.tls)} ${way.proxy}`;
    let route = this.#routes.get(key);
    if (route === undefined) {
      route = this.#makeRoute(origin, way);
      this.#routes.set(key, route);
    }
    return route;
  }

  #makeRoute(text: string, way: Way): Route {
    if (!URL.canParse(text)) throw new UsageError(`'${text}' is no URL; http://host:port/path is expected`);
    const url = new URL(text);
    const { origin } = url;
    const home = this.#home?.route;
    const authorization = basicOf(url) ?? (home?.origin === origin ? home.authorization : undefined);
    const proxy = way.proxy === undefined ? undefined : proxyOf(way.proxy);
    const isForwarded = proxy !== undefined && url.protocol === 'http:';
    const key = `${origin} ${keyOf(way.tls)} ${way.proxy}`;
    let connections = this.#connections.get(key);
    if (connections === undefined) {
      const connector = connectorFor(way.tls, way.http2 === true);
      connections = isForwarded
        ? new Connections(proxy.origin, connectorFor(undefined, false))
        : new Connections(origin, proxy === undefined ? connector : tunnel(proxy, connector));
      this.#connections.set(key, connections);
    }
    const forward = isForwarded ? ['host', url.host, ...proxy.authorization] : undefined;
    return { origin, connections, authorization, forward };
  }
}

/** The rest of a URL after its origin, as it may be sent: no fragment, nothing that is not ASCII, a slash in front. */
function fit(rest: string): string {
  if (rest.charCodeAt(0) === 0x2f && !isUnfit.test(rest)) return rest;
  const hash = rest.indexOf('#');
  const path = (hash < 0 ? rest : rest.slice(0, hash)).replace(unfit, percentEncoded);
  return path.charCodeAt(0) === 0x2f ? path : `/${path}`;
}

function percentEncoded(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '%$&');
}
