import { UsageError } from '../../errors.ts';
import type { Template } from '../template.ts';
import type { AnswerHead } from './answer-head.ts';

const badValue = /[^\t\x20-\x7e\x80-\xff]/;
const methodsWithBody = ['POST', 'PUT', 'PATCH'];
/** RFC 9110, 9.2.2: to do it twice is to do it once. */
const idempotent = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];
/** Headers that say how the message is framed, which is for this file to say. */
const ours = ['transfer-encoding', 'keep-alive', 'upgrade'];

/** A head that came before: the next one is compared with it word by word, instead of being read. */
interface Seen {
  readonly head: AnswerHead;
  readonly size: number;
  readonly words: Int32Array;
}

/** So many heads in a row may be unlike the one before until it is thought useless to remember them. */
const patience = 8;

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
  #seen: Seen | undefined = undefined;
  #misses = 0;

  /** Throws `UsageError` in the words of undici. */
  constructor({ method, path, origin, headers }: Template) {
    if (method === 'CONNECT') throw cannot('CONNECT opens a tunnel');
    let host = origin.slice(origin.indexOf('//') + 2);
    let lines = '';
    let isLast = false;
    let expectsContinue = false;
    let ownLength: number | undefined;
    for (let at = 0; at + 1 < headers.length; at += 2) {
      const name = String(headers[at]);
      const lower = name.toLowerCase();
      if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw cannot('invalid header key');
      if (ours.includes(lower)) throw cannot(`invalid ${lower} header`);
      for (const value of [headers[at + 1] ?? ''].flat()) {
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
    this.bare = Buffer.from(this.lines + this.bareEnd, 'latin1').toString('latin1');
    this.isHead = method === 'HEAD';
    this.isIdempotent = idempotent.includes(method);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is meant
    this.isAscii = /^[\x00-\x7f]*$/.test(this.lines);
    this.ownLength = ownLength;
    this.expectsContinue = expectsContinue;
    this.isLast = isLast;
  }

  /**
   * The head with which these bytes begin, if it is letter by letter the one that came before; its size is `seenSize`.
   * `words` are the same bytes in fours.
   */
  recall(bytes: Uint8Array, words: Int32Array, end: number): AnswerHead | undefined {
    const seen = this.#seen;
    if (seen === undefined || end < seen.size) return undefined;
    const { size } = seen;
    const whole = size >> 2;
    for (let at = 0; at < whole; at++) {
      if (words[at] !== seen.words[at]) return undefined;
    }
    const last = seen.words[whole] ?? 0;
    for (let at = whole << 2, shift = 0; at < size; at++, shift += 8) {
      if (bytes[at] !== ((last >>> shift) & 0xff)) return undefined;
    }
    this.#misses = 0;
    return seen.head;
  }

  /** The whole head for a body of so many bytes; bodies are often as long as the one before. */
  headFor(length: number): string {
    if (length !== this.#lastLength) {
      this.#lastLength = length;
      this.#lastHead = Buffer.from(`${this.lines}content-length: ${length}\r\n\r\n`, 'latin1').toString('latin1');
    }
    return this.#lastHead;
  }

  get seenSize(): number {
    return this.#seen === undefined ? 0 : this.#seen.size;
  }

  /** Heads that are never the same twice are remembered now and then only. */
  remember(head: AnswerHead, bytes: Uint8Array, size: number): void {
    this.#misses++;
    if (this.#misses > patience && this.#misses % 64 !== 0) return;
    const copy = new Uint8Array((size + 4) & ~3);
    copy.set(bytes.subarray(0, size));
    this.#seen = { head, size, words: new Int32Array(copy.buffer) };
  }
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
