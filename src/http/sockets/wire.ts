import { UsageError } from '../../errors.ts';
import { Cache } from '../cache.ts';
import type { HeaderList } from '../headers.ts';

/** What the head of a request is made of. */
export interface RequestHead {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly headers: HeaderList;
}

const badValue = /[^\t\x20-\x7e\x80-\xff]/;
const methodsWithBody = ['POST', 'PUT', 'PATCH'];
/** RFC 9110, 9.2.2: to do it twice is to do it once. */
const idempotent = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];
/** Headers that say how the message is framed, which is for this file to say. */
const ours = ['transfer-encoding', 'keep-alive', 'upgrade'];

const names = new Cache<string>();

/** The head of a request as text, checked and joined once for all requests that share it. */
export class Wire {
  /** All lines but the empty one, without what depends on the body. One letter a byte. */
  readonly lines: string;
  /** The whole request, if it has no body and no cookies. */
  readonly bare: string;
  /** What ends the head of a request without a body. */
  readonly bareEnd: string;
  readonly isHead: boolean;
  readonly isIdempotent: boolean;
  /** So that a body in UTF-8 can go with it in one text. */
  readonly isAscii: boolean;
  /** A content-length of the request's own. */
  readonly ownLength: number | undefined;
  readonly expectsContinue: boolean;
  /** The connection is not to be used again. */
  readonly isLast: boolean;
  #lastLength = -1;
  #lastHead = '';

  /** Throws `UsageError` in the words of undici. */
  constructor({ method, path, origin, headers }: RequestHead) {
    if (method === 'CONNECT') throw cannot('CONNECT opens a tunnel');
    let host = origin.slice(origin.indexOf('//') + 2);
    let lines = '';
    let isLast = false;
    let expectsContinue = false;
    let ownLength: number | undefined;
    for (let at = 0; at + 1 < headers.length; at += 2) {
      const name = headers[at] as string;
      const lower = lowerName(name);
      const given = headers[at + 1] as string | string[];
      for (const value of Array.isArray(given) ? given : [given]) {
        if (badValue.test(value)) throw cannot(`invalid ${name} header`);
        if (lower === 'host') host = value;
        else if (lower === 'content-length') ownLength = lengthOf(value, ownLength);
        else if (lower === 'connection') isLast = isClose(value) || isLast;
        else lines += `${name}: ${value}\r\n`;
        if (lower === 'expect' && value.toLowerCase() === '100-continue') expectsContinue = true;
      }
    }
    const connection = isLast ? 'close' : 'keep-alive';
    this.lines = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}\r\n${lines}`;
    // As undici: a body of no bytes is told of where one is expected.
    this.bareEnd = ownLength !== undefined || methodsWithBody.includes(method) ? 'content-length: 0\r\n\r\n' : '\r\n';
    this.bare = this.lines + this.bareEnd;
    this.isHead = method === 'HEAD';
    this.isIdempotent = idempotent.includes(method);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is meant
    this.isAscii = /^[\x00-\x7f]*$/.test(this.lines);
    this.ownLength = ownLength;
    this.expectsContinue = expectsContinue;
    this.isLast = isLast;
  }

  /** The whole head for a body of so many bytes; bodies are often as long as the one before. */
  headFor(length: number): string {
    if (length !== this.#lastLength) {
      this.#lastLength = length;
      this.#lastHead = `${this.lines}content-length: ${length}\r\n\r\n`;
    }
    return this.#lastHead;
  }
}

/** In lower case, if it may be the name of a header that is sent. */
function lowerName(name: string): string {
  let lower = names.get(name);
  if (lower === undefined) {
    lower = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw cannot('invalid header key');
    if (ours.includes(lower)) throw cannot(`invalid ${lower} header`);
    names.set(name, lower);
  }
  return lower;
}

/** Whether a text may be the value of a header. */
export function isValue(text: string): boolean {
  return !badValue.test(text);
}

function lengthOf(value: string, before: number | undefined): number {
  if (before !== undefined) throw cannot('duplicate content-length header');
  if (!/^\d{1,15}$/.test(value)) throw cannot('invalid content-length header');
  return Number(value);
}

function isClose(value: string): boolean {
  const lower = value.toLowerCase();
  if (lower !== 'close' && lower !== 'keep-alive') throw cannot('invalid connection header');
  return lower === 'close';
}

function cannot(why: string): UsageError {
  return new UsageError(`the request cannot be sent: ${why}`);
}
