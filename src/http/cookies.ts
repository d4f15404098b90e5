import { Cookie, CookieJar } from 'tough-cookie';
import { UsageError } from '../errors.ts';

/** How long a looked-up header holds; cookies live for whole seconds. */
const freshFor = 1000;

/**
 * The cookies of one session, by RFC 6265. The jar is made with the first cookie.
 *
 * @example this.client.cookies.set('consent', 'yes');
 */
export class SessionCookies {
  readonly #baseUrl: () => string;
  #jar: CookieJar | undefined;
  /** Looking up a jar is slow: what was found is kept by origin (and path, if a cookie has one) for a moment. */
  readonly #found = new Map<string, string>();
  #foundAt = 0;
  #dependOnPath = false;

  /** `baseUrl` gives the URL for which `set` sets and `get` looks first. */
  constructor(baseUrl: () => string) {
    this.#baseUrl = baseUrl;
  }

  /** The value of the cookie that would be sent to `url` (the host, if not given). */
  get(name: string, url?: string): string | undefined {
    if (this.#jar === undefined) return undefined;
    const sent = this.#jar.getCookiesSync(url ?? this.#baseUrl(), { allPaths: url === undefined });
    return sent.find((cookie) => cookie.key === name)?.value;
  }

  /** Sets a cookie for the host, or for `url`. */
  set(name: string, value: string, options: { readonly url?: string; readonly path?: string } = {}): void {
    const cookie = new Cookie({ key: name, value: String(value), path: options.path ?? '/' });
    if (!cookie.validate()) throw new UsageError(`'${name}=${value}' cannot be a cookie`);
    this.#change().setCookieSync(cookie, options.url ?? this.#baseUrl(), { loose: true });
    if (cookie.path !== '/') this.#dependOnPath = true;
  }

  /** Forgets all cookies. */
  clear(): void {
    this.#jar = undefined;
    this.#found.clear();
    this.#dependOnPath = false;
  }

  /** Takes what a server set. What is no cookie, or not the server's to set, is left out as a browser would. */
  take(setCookies: readonly string[], url: string): void {
    const jar = this.#change();
    for (const text of setCookies) {
      const cookie = Cookie.parse(text, { loose: true });
      if (cookie === undefined || cookie.key === '') continue;
      const set = jar.setCookieSync(cookie, url, { ignoreError: true, loose: true });
      if (set !== undefined && set.path !== '/') this.#dependOnPath = true;
    }
  }

  /** The `cookie` header for a request, '' for none. `path` with its query. */
  headerFor(origin: string, path: string): string {
    if (this.#jar === undefined) return '';
    const now = performance.now();
    if (now - this.#foundAt > freshFor || this.#found.size > 100) {
      this.#found.clear();
      this.#foundAt = now;
    }
    const end = path.indexOf('?');
    const url = this.#dependOnPath ? origin + (end < 0 ? path : path.slice(0, end)) : origin;
    let header = this.#found.get(url);
    if (header === undefined) {
      header = this.#jar.getCookieStringSync(url);
      this.#found.set(url, header);
    }
    return header;
  }

  #change(): CookieJar {
    this.#found.clear();
    // Hosts of a test network are no public suffixes, whatever they look like.
    this.#jar ??= new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });
    return this.#jar;
  }
}

/** Names and values in the `set-cookie` headers of one answer. */
export function cookiesOf(setCookies: readonly string[]): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null);
  for (const text of setCookies) {
    const cookie = Cookie.parse(text, { loose: true });
    if (cookie !== undefined) cookies[cookie.key] = cookie.value;
  }
  return cookies;
}
