import { UsageError } from '../errors.ts';
import { Cache } from './cache.ts';

/** Where one request goes. */
export interface Place {
  /** Without credentials, in lower case, without a port that goes without saying. */
  readonly origin: string;
  /** Path and query, fit to be sent. */
  readonly path: string;
  /** From credentials in the URL. */
  readonly authorization: string | undefined;
}

/** All that may stand in a path or query as it is; `%` as well, for what is encoded already stays. */
const unfit = /[^\w\-.~!$&'()*+,/:;=?@[\]%]+/g;
const isUnfit = new RegExp(unfit.source);

const origins = new Cache<Place>();
const homes = new Cache<Place>();

/** `url` may be absolute, or a path below `base`. */
export function placeOf(base: string | undefined, url: string): Place {
  if (typeof url !== 'string') throw new UsageError(`a URL must be a text, not ${String(url)}`);
  if (url.charCodeAt(0) !== 0x2f) {
    const text = /^https?:\/\/[^/?#]*/i.exec(url)?.[0];
    if (text !== undefined) {
      const { origin, authorization } = originOf(text);
      const path = fit(url.slice(text.length));
      if (authorization !== undefined || base === undefined || !URL.canParse(base)) {
        return { origin, path, authorization };
      }
      const home = homeOf(base);
      return { origin, path, authorization: home.origin === origin ? home.authorization : undefined };
    }
  }
  const home = homeOf(base);
  return { ...home, path: home.path + fit(url) };
}

/** The base URL, with its path without the slashes at the end. */
function homeOf(base: string | undefined): Place {
  if (base === undefined || base === null || base === '') {
    throw new UsageError(
      "You must specify the base host. Either as static host in the user class, on the command line with -H, or in the host field of the master's web UI; or give an absolute URL.",
    );
  }
  let home = homes.get(base);
  if (home === undefined) {
    const text = /^https?:\/\/[^/?#]+/i.exec(base)?.[0];
    if (text === undefined || !URL.canParse(base)) {
      throw new UsageError(`the host is '${base}'; a base URL such as http://localhost:8080 is expected`);
    }
    home = { ...originOf(text), path: new URL(base).pathname.replace(/\/+$/, '') };
    homes.set(base, home);
  }
  return home;
}

function originOf(text: string): Place {
  let place = origins.get(text);
  if (place === undefined) {
    if (!URL.canParse(text)) throw new UsageError(`'${text}' is no URL; http://host:port/path is expected`);
    const url = new URL(text);
    place = { origin: url.origin, path: '', authorization: basicOf(url) };
    origins.set(text, place);
  }
  return place;
}

/** The credentials in a URL, as a header's value. */
export function basicOf({ username, password }: URL): string | undefined {
  if (username === '') return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
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
