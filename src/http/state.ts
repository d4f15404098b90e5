import { StopUser } from '../errors.ts';
import type { User, UserClass } from '../user/user.ts';
import { SessionCookies } from './cookies.ts';
import { authorizationOf, type HeaderList, headerListOf, SessionHeaders } from './headers.ts';
import { checkTimeout, type SessionOptions } from './options.ts';
import { placeOf } from './place.ts';
import { Routes } from './routes.ts';
import { Templates } from './templates.ts';
import type { Transport } from './transport.ts';

/** What the parts of one session share. */
export class SessionState {
  readonly user: User;
  readonly options: SessionOptions;
  readonly routes: Routes;
  readonly #headerList: HeaderList;
  #headers: SessionHeaders | undefined = undefined;
  #cookies: SessionCookies | undefined = undefined;
  #isListening = false;
  #templates: Templates | undefined = undefined;
  #templatesHost: string | undefined = undefined;
  #templatesList: HeaderList | undefined = undefined;

  constructor(user: User, options: SessionOptions, transport: Transport) {
    checkTimeout(options.timeout);
    this.user = user;
    this.options = options;
    this.#headerList = headerListOf(options.headers);
    const { arrivals } = user.constructor as unknown as UserClass;
    this.routes = new Routes(transport, options, arrivals?.maxConcurrent ?? 1);
  }

  get host(): string | undefined {
    return this.options.host ?? this.user.host;
  }

  get headers(): SessionHeaders {
    this.#headers ??= new SessionHeaders(this.#headerList);
    return this.#headers;
  }

  get headerList(): HeaderList {
    return this.#headers === undefined ? this.#headerList : this.#headers.list;
  }

  /** Those for the host and the headers of this moment. */
  get templates(): Templates {
    const { host, headerList } = this;
    if (this.#templates === undefined || host !== this.#templatesHost || headerList !== this.#templatesList) {
      const { auth } = this.options;
      this.#templates = Templates.of(host, headerList, auth === undefined ? undefined : authorizationOf(auth));
      this.#templatesHost = host;
      this.#templatesList = headerList;
    }
    return this.#templates;
  }

  /** Made when first asked for; requests without cookies do not ask. */
  get cookies(): SessionCookies {
    this.#cookies ??= new SessionCookies(() => placeOf(this.host, '/').origin);
    return this.#cookies;
  }

  cookieHeader(origin: string, path: string): string {
    return this.#cookies === undefined ? '' : this.#cookies.headerFor(origin, path);
  }

  /**
   * Whether the user's end was ordered, which ends its requests. The signal is listened to once; `onStop` after an
   * abort comes with another.
   */
  get isStopped(): boolean {
    if (this.#isListening) return false;
    const { signal } = this.user;
    if (signal.aborted) return true;
    this.#isListening = true;
    const stop = (): void => {
      this.#isListening = false;
      this.routes.destroy(new StopUser());
    };
    signal.addEventListener('abort', stop, { once: true });
    return false;
  }
}
