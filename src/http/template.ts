import { type HeaderList, hasHeader, withHeaders } from './headers.ts';
import type { Place } from './place.ts';
import { KnownHead } from './sockets/known-head.ts';
import type { Wire } from './sockets/wire.ts';

/** What requests with the same method, URL and headers have in common: made once, used by all users of a class. */
export class Template {
  readonly method: string;
  readonly origin: string;
  /** The path with its query: the name under which the request is counted. */
  readonly path: string;
  readonly url: string;
  /** Without the cookies of the jar. */
  readonly headers: HeaderList;
  /** What the server answered last to such requests, whatever other headers they had. */
  readonly known: KnownHead;
  /** Its form on a socket, when it has been on one. */
  wire: Wire | undefined = undefined;
  #json: Template | undefined = undefined;

  constructor(
    method: string,
    { origin, path }: Pick<Place, 'origin' | 'path'>,
    headers: HeaderList,
    known: KnownHead = new KnownHead(),
  ) {
    this.method = method;
    this.origin = origin;
    this.path = path;
    this.url = origin + path;
    this.headers = headers;
    this.known = known;
  }

  /** The same with the media type of its body, which a header of the session gives way to. */
  typed(type: string): Template {
    if (type !== 'application/json') return this.#withType(type);
    this.#json ??= this.#withType(type);
    return this.#json;
  }

  #withType(type: string): Template {
    const headers = hasHeader(this.headers, 'content-type')
      ? withHeaders(this.headers, { 'content-type': type })
      : [...this.headers, 'content-type', type];
    return new Template(this.method, this, headers, this.known);
  }
}
