import { type HeaderList, withoutHeaders } from './headers.ts';

/** As in requests. */
export const maxRedirects = 30;

/** A status whose `location` is followed. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** The method of the next request. requests' `rebuild_method`: what browsers do, not what RFC 9110 would rather have. */
export function redirectedMethod(status: number, method: string): string {
  if ((status === 302 || status === 303) && method !== 'HEAD') return 'GET';
  return status === 301 && method === 'POST' ? 'GET' : method;
}

/** Whether the body is sent again. */
export function keepsBody(status: number): boolean {
  return status === 307 || status === 308;
}

const ofBody = ['content-type', 'content-length', 'content-encoding'];
const ofHost = ['authorization', 'host'];

/** The headers of the next request; cookies are looked up anew. */
export function redirectedHeaders(headers: HeaderList, status: number, from: URL, to: URL): HeaderList {
  const dropped = ['cookie', ...(keepsBody(status) ? [] : ofBody), ...(isElsewhere(from, to) ? ofHost : [])];
  return withoutHeaders(headers, new Set(dropped));
}

/** requests' `should_strip_auth`: another host, port or scheme, but for the step from http to https on their own ports. */
function isElsewhere(from: URL, to: URL): boolean {
  if (from.hostname !== to.hostname) return true;
  if (from.protocol === 'http:' && to.protocol === 'https:' && from.port === '' && to.port === '') return false;
  return from.protocol !== to.protocol || from.port !== to.port;
}
