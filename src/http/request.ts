import { Readable } from 'node:stream';
import { UsageError } from '../errors.ts';
import { encodeFields, payloadOf } from './body.ts';
import type { Sendable } from './exchange.ts';
import { RequestError } from './failure.ts';
import { authorizationOf, type HeaderList, hasHeader, withHeaders } from './headers.ts';
import type { RequestOptions } from './options.ts';
import { placeOf } from './place.ts';
import { keepsBody, redirectedHeaders, redirectedMethod } from './redirect.ts';
import type { Route } from './routes.ts';
import type { SessionState } from './state.ts';
import { Template } from './template.ts';
import type { Way } from './transport.ts';

/** The next request on the wire. A redirect changes it. */
export class Outgoing implements Sendable {
  template: Template;
  route: Route;
  body: string | Buffer | Readable | null = null;
  /** From the jar. */
  cookie: string;
  /** Whatever the method, the connection is kept and not waited for: only one request is on it. */
  readonly reset = false;
  readonly blocking = false;
  /** What the request says itself; a redirect goes the same way. */
  readonly #way: Way | undefined;

  constructor(state: SessionState, method: string, url: string, options: RequestOptions | undefined) {
    this.#way = options?.tls === undefined && options?.proxy === undefined ? undefined : options;
    this.template =
      options === undefined ? state.templates.find(method, url) : templateFor(state, method, url, options);
    if (options !== undefined) this.#apply(options);
    this.route = state.routes.to(this.template.origin, this.#way);
    this.cookie = cookieFor(state, this.template);
  }

  get method(): string {
    return this.template.method;
  }

  /** As it is sent: to a proxy, the whole URL. */
  get path(): string {
    return this.route.forward === undefined ? this.template.path : this.template.url;
  }

  get headers(): string[] {
    let list = this.template.headers;
    if (this.cookie !== '') list = [...list, 'cookie', this.cookie];
    if (this.route.forward !== undefined) list = withHeaders(this.route.forward, Object.fromEntries(pairs(list)));
    return list as string[];
  }

  /** Goes where an answer with `status` leads. Throws `RequestError` if that cannot be followed. */
  follow(state: SessionState, status: number, location: string): void {
    const { method, url, headers } = this.template;
    const from = new URL(url);
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
    if (!keepsBody(status)) this.body = null;
    const place = placeOf(undefined, to.href);
    this.template = new Template(redirectedMethod(status, method), place, redirectedHeaders(headers, status, from, to));
    this.route = state.routes.to(place.origin, this.#way);
    this.cookie = cookieFor(state, this.template);
  }

  #apply(options: RequestOptions): void {
    const payload = payloadOf(options);
    if (payload === undefined) return;
    this.body = payload.body as string | Buffer | Readable;
    const { type } = payload;
    // A type of the request's own wins.
    if (type !== undefined && !ownsType(options)) this.template = this.template.typed(type);
  }
}

function ownsType({ headers }: RequestOptions): boolean {
  return headers !== undefined && Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
}

function templateFor(state: SessionState, method: string, url: string, options: RequestOptions): Template {
  if (options.auth === undefined && options.params === undefined) {
    if (options.headers === undefined) return state.templates.find(method, url);
    return state.templates.findWith(method, url, options.headers);
  }
  const place = placeOf(state.host, url);
  const query = options.params === undefined ? '' : encodeFields(options.params).toString();
  const path = query === '' ? place.path : `${place.path}${place.path.includes('?') ? '&' : '?'}${query}`;
  let headers: HeaderList = state.headerList;
  if (options.headers !== undefined) headers = withHeaders(headers, options.headers);
  const auth = options.auth ?? state.options.auth;
  const authorization = auth === undefined ? place.authorization : authorizationOf(auth);
  if (authorization !== undefined) headers = withHeaders(headers, { authorization });
  return new Template(method, { origin: place.origin, path }, headers);
}

/** A cookie header of one's own wins over the jar, as in requests. */
function cookieFor(state: SessionState, { origin, path, headers }: Template): string {
  const cookie = state.cookieHeader(origin, path);
  return cookie !== '' && hasHeader(headers, 'cookie') ? '' : cookie;
}

function* pairs(list: HeaderList): Generator<readonly [string, string | string[]]> {
  for (let at = 0; at + 1 < list.length; at += 2) yield [list[at] as string, list[at + 1] as string];
}

/** A method is a word; Locust passes on whatever it is given, in capitals. */
export function methodOf(method: string): string {
  if (typeof method === 'string' && /^[A-Za-z-]+$/.test(method)) return method.toUpperCase();
  throw new UsageError(`'${String(method)}' is no HTTP method`);
}
