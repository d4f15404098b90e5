import { isDoor, isDoorKey, isSecretName, isSecretText, secretMark } from './secret.ts';

/** Where a request went: printable ASCII, fit to be sent, with `secretMark` for each secret. */
export interface Target {
  /** Begins with a slash. */
  readonly path: string;
  /** Without the question mark; empty if there is none. */
  readonly query: string;
}

/** What may not stand in a target as it is; `%` stays, for what is encoded already. */
const unfit = /[^\w\-.~!$&'()*+,/:;=?@[\]%]/g;
const isUnfit = new RegExp(unfit.source);

/** Path and query of what a log has as target, which may be a whole URL; undefined if it is none. */
export function targetOf(raw: string): Target | undefined {
  const local = raw.startsWith('/') ? raw : /^https?:\/\/[^/?#]*(.*)$/is.exec(raw)?.[1];
  if (local === undefined) return undefined;
  const hash = local.indexOf('#');
  const whole = hash < 0 ? local : local.slice(0, hash);
  const fit = isUnfit.test(whole) ? whole.replace(unfit, encoded) : whole;
  const mark = fit.indexOf('?');
  const path = mark < 0 ? fit : fit.slice(0, mark);
  const query = mark < 0 ? '' : fit.slice(mark + 1);
  return { path: maskedPath(path === '' ? '/' : path), query: query === '' ? '' : maskedQuery(query) };
}

/** A log has bytes, JSON has letters: both come out as the bytes' codes. */
function encoded(letter: string): string {
  const code = letter.charCodeAt(0);
  if (code <= 0xff) return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
  return Buffer.from(letter).toString('hex').toUpperCase().replace(/../g, '%$&');
}

/** No secret is shorter. */
const hasLongPart = /[^/]{12}/;

function maskedPath(path: string): string {
  // The servlet containers' way to have a session without a cookie.
  const plain = path.includes(';')
    ? path.replace(/;([^/;=]*)=[^/;]*/g, (text, name: string) => (isSecretName(name) ? '' : text))
    : path;
  if (!hasLongPart.test(plain)) return plain;
  let door = false;
  const segments = plain.split('/').map((segment) => {
    const isSecret = isSecretText(segment) || (door && isDoorKey(segment));
    door = isDoor(segment);
    return isSecret ? secretMark : segment;
  });
  return segments.join('/');
}

function maskedQuery(query: string): string {
  if (!query.includes('=')) return isSecretText(query) ? secretMark : query;
  return query
    .split('&')
    .map((part) => {
      const equal = part.indexOf('=');
      if (equal < 0) return isSecretText(part) ? secretMark : part;
      const name = part.slice(0, equal);
      if (equal === part.length - 1) return part;
      return isSecretName(decoded(name)) || isSecretText(part.slice(equal + 1)) ? `${name}=${secretMark}` : part;
    })
    .join('&');
}

/** A part of a target as it reads; as it is if its codes are broken. */
export function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
