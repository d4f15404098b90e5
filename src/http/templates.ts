import { Cache } from './cache.ts';
import { type HeaderList, type HeaderValues, withHeaders } from './headers.ts';
import { placeOf } from './place.ts';
import type { KnownHead } from './sockets/known-head.ts';
import { Template } from './template.ts';

const shared = new WeakMap<HeaderList, Cache<Templates>>();

/** So many headers in a row may be new. */
const patience = 1000;

/** The templates of the requests below one base URL. */
export class Templates {
  readonly #base: string | undefined;
  readonly #headers: HeaderList;
  readonly #authorization: string | undefined;
  readonly #gets = new Cache<Template>();
  readonly #posts = new Cache<Template>();
  readonly #others = new Map<string, Cache<Template>>();
  /** Those with headers of their own. */
  readonly #variants = new Cache<Template>();
  #misses = 0;

  private constructor(base: string | undefined, headers: HeaderList, authorization: string | undefined) {
    this.#base = base;
    this.#headers = headers;
    this.#authorization = authorization;
  }

  /** The same for all sessions that have the same. `authorization` wins over that in a URL. */
  static of(base: string | undefined, headers: HeaderList, authorization: string | undefined): Templates {
    let cache = shared.get(headers);
    if (cache === undefined) {
      cache = new Cache();
      shared.set(headers, cache);
    }
    const key = `${base} ${authorization}`;
    let templates = cache.get(key);
    if (templates === undefined) {
      templates = new Templates(base, headers, authorization);
      cache.set(key, templates);
    }
    return templates;
  }

  find(method: string, url: string): Template {
    const cache = method === 'GET' ? this.#gets : method === 'POST' ? this.#posts : this.#cacheOf(method);
    let template = cache.get(url);
    if (template === undefined) {
      template = this.#make(method, url, this.#headers);
      cache.set(url, template);
    }
    return template;
  }

  /** With headers that a request gives itself. */
  findWith(method: string, url: string, headers: HeaderValues): Template {
    let key = `${method} ${url}`;
    for (const name in headers) key += `\n${name}${textOf(headers[name])}`;
    const variant = this.#variants.get(key);
    if (variant !== undefined) {
      this.#misses = 0;
      return variant;
    }
    const template = this.#make(method, url, withHeaders(this.#headers, headers), this.find(method, url).known);
    // Headers that are never the same twice, such as signatures, are not worth keeping.
    if (++this.#misses < patience || this.#misses % 64 === 0) this.#variants.set(key, template);
    return template;
  }

  #cacheOf(method: string): Cache<Template> {
    let cache = this.#others.get(method);
    if (cache === undefined) {
      cache = new Cache();
      this.#others.set(method, cache);
    }
    return cache;
  }

  #make(method: string, url: string, headers: HeaderList, known?: KnownHead): Template {
    const place = placeOf(this.#base, url);
    const authorization = this.#authorization ?? place.authorization;
    const list = authorization === undefined ? headers : withHeaders(headers, { authorization });
    return new Template(method, place, list, known);
  }
}

/** Unlike for unlike values. What cannot be a value is told of when the template is made. */
function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? `\n[${JSON.stringify(value)}` : `\n${value}`;
}
