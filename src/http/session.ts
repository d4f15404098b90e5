import type { User } from '../user/user.ts';
import { perform } from './call.ts';
import type { SessionCookies } from './cookies.ts';
import { Exchange } from './exchange.ts';
import { type RecordingFetch, recordingFetch } from './fetch.ts';
import type { SessionHeaders } from './headers.ts';
import type { RequestOptions, SessionOptions } from './options.ts';
import { methodOf } from './request.ts';
import type { HttpResponse } from './response.ts';
import { SessionState } from './state.ts';
import { StreamExchange } from './stream.ts';
import type { Transport } from './transport.ts';
import { undici } from './undici/transport.ts';

/**
 * An HTTP client of one user: its own connections, cookies and headers. Each request is counted under its method and
 * name; it never throws for a bad answer or none, but returns it. Locust's `HttpSession`.
 *
 * Connections are opened when needed and kept: one for requests that follow each other, one each for those made at
 * once. One that the server has closed is opened again; if it closes just while a request is on its way, that request
 * fails, as in Locust (for `FastHttpUser` see `repeats`). All end with the user; requests in flight then throw
 * `StopUser`.
 *
 * @example
 * const api = new HttpSession(this, { host: 'https://api.example.com' });
 * const answer = await api.get('/items', { params: { page: 2 }, name: '/items' });
 */
export class HttpSession {
  readonly #state: SessionState;
  #fetch: RecordingFetch | undefined = undefined;

  constructor(user: User, options: SessionOptions = {}) {
    const { transport = undici } = user.constructor as { readonly transport?: Transport };
    this.#state = new SessionState(user, options, transport);
  }

  /** The base URL of relative requests. */
  get host(): string | undefined {
    return this.#state.host;
  }

  /** Sent with each request. */
  get headers(): SessionHeaders {
    return this.#state.headers;
  }

  /** What servers set, and what is set here. */
  get cookies(): SessionCookies {
    return this.#state.cookies;
  }

  /**
   * How many requests were sent a second time. `FastHttpUser` does so once for one that can be repeated, if the server
   * closed a connection that had been used before without a byte of the answer: most likely it was closed by its
   * keep-alive time-out while the request was on its way. Always 0 for `HttpUser`, where such a request fails.
   */
  get repeats(): number {
    return this.#state.routes.repeats;
  }

  /**
   * A `fetch` that counts its requests, for libraries that take one. Beside what fetch knows, `init` may have `name`,
   * `context` and `catchResponse`.
   *
   * @example const openai = new OpenAI({ apiKey, fetch: this.client.fetch });
   */
  get fetch(): RecordingFetch {
    this.#fetch ??= recordingFetch(this);
    return this.#fetch;
  }

  get(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#request('GET', url, options);
  }

  post(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#request('POST', url, options);
  }

  put(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#request('PUT', url, options);
  }

  patch(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#request('PATCH', url, options);
  }

  delete(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#request('DELETE', url, options);
  }

  /** Redirects are not followed unless the option says so, as in Locust. */
  head(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#request('HEAD', url, options);
  }

  options(url: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.#request('OPTIONS', url, options);
  }

  /** A request with any method. Like the others, rejects with `UsageError` if the options make no request. */
  request(method: string, url: string, options?: RequestOptions): Promise<HttpResponse> {
    try {
      return this.#request(methodOf(method), url, options);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** Closes the connections that are not in use. The session can be used again. */
  close(): void {
    this.#state.routes.close();
  }

  #request(method: string, url: string, options: RequestOptions | undefined): Promise<HttpResponse> {
    const redirect = options?.redirect ?? this.#state.options.redirect;
    const follows = redirect === undefined ? method !== 'HEAD' : redirect === 'follow';
    const exchange = options?.stream === true ? new StreamExchange(follows) : new Exchange();
    return perform(this.#state, exchange, follows, method, url, options);
  }
}
