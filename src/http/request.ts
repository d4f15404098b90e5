import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { UsageError } from '../errors.ts';
import { encodeFields, payloadOf } from './body.ts';
import { RequestError } from './failure.ts';
import { authorizationOf, type HeaderList, hasHeader, withHeaders } from './headers.ts';
import type { RequestOptions } from './options.ts';
import { keepsBody, redirectedHeaders, redirectedMethod } from './redirect.ts';
import type { Place, Route } from './routes.ts';
import type { SessionState } from './state.ts';

/** The next request on the wire, in undici's form. A redirect changes it. */
export class Outgoing implements Dispatcher.DispatchOptions {
  method: string;
  /** As it is sent: to a proxy, the whole URL. */
  path: string;
  headers: string[];
  body: string | Buffer | Readable | null = null;
  /** Whatever the method, the connection is kept and not waited for: only one request is on it. */
  readonly reset = false;
  readonly blocking = false;
  #place: Place;
  #own: HeaderList;

  constructor(state: SessionState, method: string, url: string, options: RequestOptions | undefined) {
    this.method = method;
    this.#place = placeOf(state, url, options);
    this.#own = state.headerList;
    if (options !== undefined) this.#apply(options);
    const auth = options?.auth ?? state.options.auth;
    const authorization = auth === undefined ? this.#place.route.authorization : authorizationOf(auth);
    if (authorization !== undefined) this.#own = withHeaders(this.#own, { authorization });
    this.path = this.#wirePath();
    this.headers = this.#wireHeaders(state);
  }

  get route(): Route {
    return this.#place.route;
  }

  /** The path with its query: the name under which the request is counted. */
  get name(): string {
    return this.#place.path;
  }

  get url(): string {
    return this.#place.route.origin + this.#place.path;
  }

  /** Goes where an answer with `status` leads. Throws `RequestError` if that cannot be followed. */
  follow(state: SessionState, status: number, location: string): void {
    const from = new URL(this.url);
    // A location in raw UTF-8 was read as Latin-1, as all headers are.
    const text = Buffer.from(location, 'latin1').toString();
    if (!URL.canParse(text, from.href)) throw new RequestError('InvalidURL', 'The location of a redirect is no URL');
    const to = new URL(text, from);
    if (to.protocol !== 'http:' && to.protocol !== 'https:') {
      throw new RequestError('InvalidSchema', `A redirect leads to ${to.protocol}`);
    }
    if (keepsBody(status) && this.body instanceof Readable) {
      throw new RequestError('UnrewindableBodyError', 'Unable to rewind request body for redirect');
    }
    this.method = redirectedMethod(status, this.method);
    if (!keepsBody(status)) this.body = null;
    this.#own = redirectedHeaders(this.#own, status, from, to);
    this.#place = state.routes.place(undefined, to.href, this.#place.way);
    this.path = this.#wirePath();
    this.headers = this.#wireHeaders(state);
  }

  #apply(options: RequestOptions): void {
    const payload = payloadOf(options);
    if (payload !== undefined) {
      this.body = payload.body as string | Buffer | Readable;
      if (payload.type !== undefined) this.#own = withHeaders(this.#own, { 'content-type': payload.type });
    }
    if (options.headers !== undefined) this.#own = withHeaders(this.#own, options.headers);
  }

  #wirePath(): string {
    return this.#place.route.forward === undefined ? this.#place.path : this.url;
  }

  #wireHeaders(state: SessionState): string[] {
    const { route, path } = this.#place;
    let list = this.#own;
    const cookie = state.cookieHeader(route.origin, path);
    // A cookie header of one's own wins over the jar, as in requests.
    if (cookie !== '' && !hasHeader(list, 'cookie')) list = [...list, 'cookie', cookie];
    if (route.forward !== undefined) list = withHeaders(route.forward, Object.fromEntries(pairs(list)));
    return list as string[];
  }
}

function placeOf(state: SessionState, url: string, options: RequestOptions | undefined): Place {
  const way = options?.tls === undefined && options?.proxy === undefined ? undefined : options;
  const place = state.routes.place(state.host, url, way);
  if (options?.params === undefined) return place;
  const query = encodeFields(options.params).toString();
  if (query === '') return place;
  return { ...place, path: `${place.path}${place.path.includes('?') ? '&' : '?'}${query}` };
}

function* pairs(list: HeaderList): Generator<readonly [string, string | string[]]> {
  for (let at = 0; at + 1 < list.length; at += 2) yield [list[at] as string, list[at + 1] as string];
}

/** A method is a word; Locust passes on whatever it is given, in capitals. */
export function methodOf(method: string): string {
  if (typeof method === 'string' && /^[A-Za-z-]+$/.test(method)) return method.toUpperCase();
  throw new UsageError(`'${String(method)}' is no HTTP method`);
}
