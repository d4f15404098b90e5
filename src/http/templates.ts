import { Cache } from './cache.ts';
import { type HeaderList, withHeaders } from './headers.ts';
import { placeOf } from './place.ts';
import { Template } from './template.ts';

const shared = new WeakMap<HeaderList, Cache<Templates>>();

/** The templates of the requests below one base URL that say nothing of headers themselves. */
export class Templates {
  readonly #base: string | undefined;
  readonly #headers: HeaderList;
  readonly #authorization: string | undefined;
  readonly #gets = new Cache<Template>();
  readonly #posts = new Cache<Template>();
  readonly #others = new Map<string, Cache<Template>>();

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
      template = this.#make(method, url);
      cache.set(url, template);
    }
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

  #make(method: string, url: string): Template {
    const place = placeOf(this.#base, url);
    const authorization = this.#authorization ?? place.authorization;
    const headers = authorization === undefined ? this.#headers : withHeaders(this.#headers, { authorization });
    return new Template(method, place, headers);
  }
}
