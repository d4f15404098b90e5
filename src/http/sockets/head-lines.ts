import { RequestError } from '../failure.ts';
import { AnswerHead, type Framing, nameBit } from './answer-head.ts';
import { isBlank, isToken, isWord, tokenEnd, valueEnd } from './octets.ts';

/** No body is longer: 15 digits are exact. */
const maxLengthDigits = 15;
const maxHeaders = 1000;

/** The text of undici, so that failures of both users read the same. */
export function malformed(reason: string): RequestError {
  return new RequestError('HTTPParserError', `Response does not match the HTTP/1.1 protocol (${reason})`);
}

/** Reads the lines of one head, and decides how the body ends. By RFC 9112, and where it gives a choice, strictly. */
export class HeadLines {
  #status = 0;
  #minor = 1;
  #names = 0;
  #count = 0;
  #length = -1;
  #isChunked = false;
  #isClosed = false;
  #isKept = false;
  #keptFor = Number.POSITIVE_INFINITY;
  /** The line before was one on which the framing depends: it cannot go on in the next. */
  #wasFraming = true;

  get status(): number {
    return this.#status;
  }

  /** `HTTP/1.1 200 OK`: RFC 9112, 4. The blank after the status may be missing with the reason. */
  startLine(bytes: Uint8Array, at: number, end: number): void {
    checkStart(bytes, at, end);
    const minor = (bytes[at + 7] ?? 0) - 0x30;
    if (end - at < 12 || (minor !== 0 && minor !== 1) || bytes[at + 8] !== 0x20)
      throw malformed('Invalid HTTP version');
    let status = 0;
    for (let index = at + 9; index < at + 12; index++) {
      const digit = (bytes[index] ?? 0) - 0x30;
      if (!(digit >= 0 && digit <= 9)) throw malformed('Invalid status code');
      status = status * 10 + digit;
    }
    if (status < 100 || (end - at > 12 && bytes[at + 12] !== 0x20)) throw malformed('Invalid status code');
    if (valueEnd(bytes, at + 12, end) !== end) throw malformed('Invalid character in the reason phrase');
    this.#minor = minor;
    this.#status = status;
    this.#names = 0;
    this.#count = 0;
    this.#length = -1;
    this.#isChunked = false;
    this.#isClosed = false;
    this.#isKept = false;
    this.#keptFor = Number.POSITIVE_INFINITY;
    this.#wasFraming = true;
  }

  /** One header, without the end of its line. */
  header(bytes: Uint8Array, at: number, end: number): void {
    if (isBlank(bytes[at])) return this.#folded(bytes, at, end);
    const colon = headerColon(bytes, at, end);
    if (++this.#count > maxHeaders) throw new RequestError('HeadersOverflowError', 'The answer has too many headers');
    const length = colon - at;
    const first = (bytes[at] ?? 0) | 0x20;
    this.#names |= nameBit(length, first);
    this.#wasFraming = false;
    if (first === 0x63) {
      if (length === 14 && isWord(bytes, at, colon, 'content-length')) this.#contentLength(bytes, colon + 1, end);
      else if (length === 10 && isWord(bytes, at, colon, 'connection')) this.#connection(bytes, colon + 1, end);
    } else if (first === 0x74) {
      if (isWord(bytes, at, colon, 'transfer-encoding')) this.#transferEncoding(bytes, colon + 1, end);
    } else if (first === 0x6b && isWord(bytes, at, colon, 'keep-alive')) this.#keepAlive(bytes, colon + 1, end);
  }

  /** All lines are read: `bytes` from `at` on. `isHead`: the method was HEAD, whose answers have no body. */
  head(bytes: Buffer, at: number, end: number, isHead: boolean): AnswerHead {
    return new AnswerHead(this.#status, bytes.toString('latin1', at, end), this.#names, this.#framing(isHead));
  }

  /** RFC 9112, 6.3. */
  #framing(isHead: boolean): Framing {
    if (this.#isChunked && this.#length >= 0) {
      throw malformed("Content-Length can't be present with Transfer-Encoding");
    }
    // RFC 9112, 6.1: the framing is faulty, whoever sent it.
    if (this.#isChunked && this.#minor === 0) throw malformed("Transfer-Encoding can't be present in HTTP/1.0");
    const hasNoBody = isHead || this.#status === 204 || this.#status === 304;
    const isKept = !this.#isClosed && (this.#minor === 1 || this.#isKept);
    const keptFor = this.#keptFor;
    if (hasNoBody) return { kind: 'none', length: 0, isKept, keptFor };
    if (this.#isChunked) return { kind: 'chunked', length: 0, isKept, keptFor };
    if (this.#length >= 0) return { kind: 'length', length: this.#length, isKept, keptFor };
    return { kind: 'close', length: 0, isKept: false, keptFor };
  }

  #folded(bytes: Uint8Array, at: number, end: number): void {
    if (this.#wasFraming) throw malformed('Unexpected space at the start of a header line');
    if (valueEnd(bytes, at, end) !== end) throw malformed('Invalid header value char');
  }

  #contentLength(bytes: Uint8Array, at: number, end: number): void {
    this.#wasFraming = true;
    if (this.#length >= 0) throw malformed('Content-Length already present');
    const { from, to } = trim(bytes, at, end);
    let length = 0;
    for (let index = from; index < to; index++) {
      const digit = (bytes[index] ?? 0) - 0x30;
      if (!(digit >= 0 && digit <= 9)) throw malformed('Invalid character in Content-Length');
      length = length * 10 + digit;
    }
    if (from === to) throw malformed('Empty Content-Length');
    if (to - from > maxLengthDigits) throw malformed('Content-Length overflow');
    this.#length = length;
  }

  #transferEncoding(bytes: Uint8Array, at: number, end: number): void {
    this.#wasFraming = true;
    const { from, to } = trim(bytes, at, end);
    if (this.#isChunked || !isWord(bytes, from, to, 'chunked')) {
      throw malformed('Transfer-Encoding is not chunked, once');
    }
    this.#isChunked = true;
  }

  #connection(bytes: Uint8Array, at: number, end: number): void {
    this.#wasFraming = true;
    for (let from = at; from <= end; ) {
      let comma = from;
      while (comma < end && bytes[comma] !== 0x2c) comma++;
      const option = trim(bytes, from, comma);
      if (isWord(bytes, option.from, option.to, 'close')) this.#isClosed = true;
      else if (isWord(bytes, option.from, option.to, 'keep-alive')) this.#isKept = true;
      from = comma + 1;
    }
  }

  /** `timeout=5, max=100`. */
  #keepAlive(bytes: Uint8Array, at: number, end: number): void {
    const seconds = /(?:^|[\s,;])timeout\s*=\s*"?(\d{1,9})/i.exec(
      Buffer.from(bytes.subarray(at, end)).toString('latin1'),
    )?.[1];
    if (seconds !== undefined) this.#keptFor = Number(seconds) * 1000;
  }
}

/** Fails as soon as the first bytes of an answer are none of HTTP/1. */
export function checkStart(bytes: Uint8Array, at: number, end: number): void {
  const start = 'HTTP/1.';
  for (let index = 0; index < start.length && at + index < end; index++) {
    if (bytes[at + index] !== start.charCodeAt(index)) {
      throw malformed(index < 5 ? 'Expected HTTP/, RTSP/ or ICE/' : 'Invalid HTTP version');
    }
  }
}

/** Checks a header, of a head or a trailer section, and returns where its colon is. */
export function headerColon(bytes: Uint8Array, at: number, end: number): number {
  const colon = tokenEnd(bytes, at, end);
  if (colon === at || bytes[colon] !== 0x3a || colon >= end) throw malformed('Invalid header token');
  if (valueEnd(bytes, colon + 1, end) !== end) throw malformed('Invalid header value char');
  return colon;
}

function trim(bytes: Uint8Array, at: number, end: number): { readonly from: number; readonly to: number } {
  let from = at;
  let to = end;
  while (from < to && isBlank(bytes[from])) from++;
  while (to > from && isBlank(bytes[to - 1])) to--;
  return { from, to };
}

/** `1a` or `1A;name=value`, without the end of the line: RFC 9112, 7.1.1. */
export function chunkSize(bytes: Uint8Array, at: number, end: number): number {
  let size = 0;
  let index = at;
  for (; index < end; index++) {
    const digit = hexDigit(bytes[index] ?? 0);
    if (digit < 0) break;
    size = size * 16 + digit;
    if (index - at >= 12) throw malformed('Chunk size overflow');
  }
  if (index === at) throw malformed('Invalid character in chunk size');
  if (index === end) return size;
  let semicolon = index;
  // The blanks that RFC 9112 calls bad, and wants to be taken, before an extension.
  while (semicolon < end && isBlank(bytes[semicolon])) semicolon++;
  if (bytes[semicolon] !== 0x3b || semicolon >= end) throw malformed('Invalid character in chunk size');
  let name = semicolon + 1;
  while (name < end && isBlank(bytes[name])) name++;
  if (!isToken(bytes[name]) || valueEnd(bytes, name, end) !== end) {
    throw malformed('Invalid character in chunk extensions');
  }
  return size;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
