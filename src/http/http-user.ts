// HTTP: a user class and its client; requests are dispatched by undici, timed, and counted as Locust's HttpUser does.
import type { Environment } from '../user/environment.ts';
import type { TlsOptions } from '../user/tls.ts';
import { User } from '../user/user.ts';
import type { Auth, HeaderValues } from './headers.ts';
import type { SessionOptions } from './options.ts';
import { placeOf } from './place.ts';
import { HttpSession } from './session.ts';
import type { Transport } from './transport.ts';
import { undici } from './undici/transport.ts';

/**
 * A user with an HTTP client. Locust's `HttpUser`. The statics are what holds for all its
 * requests, in the words of the request's own options, which win. TLS is verified unless `tls` says otherwise.
 *
 * @example
 * export class Visitor extends HttpUser {
 *   static host = 'https://shop.example.com';
 *   static headers = { 'accept-language': 'en' };
 *   static tasks = { home: 1 } satisfies Tasks<Visitor>;
 *   async home() {
 *     await this.client.get('/');
 *   }
 * }
 */
export class HttpUser extends User {
  static override abstract: boolean = true;
  static override readonly needsHost: boolean = true;
  /** Sent with each request; a name that a request gives as undefined is left out of that request. */
  static headers: HeaderValues | undefined = undefined;
  /** `{ username, password }` or `{ bearer }`. */
  static auth: Auth | undefined = undefined;
  /** Seconds until a request without a whole answer fails; none by default, as in Locust. */
  static timeout: number | undefined = undefined;
  /** `'follow'` by default (but for HEAD, as in Locust). */
  static redirect: 'follow' | 'manual' | undefined = undefined;
  static tls: TlsOptions | undefined = undefined;
  /** URL of an HTTP proxy, with its credentials; environment variables are not looked at, as in Locust. */
  static proxy: string | undefined = undefined;
  /** HTTP/2 where the server agrees to it (https only). */
  static http2: boolean | undefined = undefined;

  /** Throws a `UsageError` if requests cannot go there. */
  static checkHost(host: string): void {
    placeOf(host, '/');
  }

  /** How requests get on the wire. */
  static readonly transport: Transport = undici;

  /** The session of this user: its connections, cookies, headers. */
  readonly client: HttpSession;

  constructor(environment: Environment) {
    super(environment);
    this.client = new HttpSession(this, optionsOf(this.constructor as typeof HttpUser));
  }
}

const optionsByClass = new WeakMap<typeof HttpUser, SessionOptions>();

/** One object a class, not one a user. Not the host: the web UI may change it between two tests. */
function optionsOf(userClass: typeof HttpUser): SessionOptions {
  let options = optionsByClass.get(userClass);
  if (options === undefined) {
    const { headers, auth, timeout, redirect, tls, proxy, http2 } = userClass;
    options = { headers, auth, timeout, redirect, tls, proxy, http2 };
    optionsByClass.set(userClass, options);
  }
  return options;
}
