// Where FastHttpUser and undici may differ on the same bytes, and why. Whatever is not here must be the same.
import type { Outcome } from './answering.ts';

export interface Difference {
  readonly why: string;
  fits(bytes: string, fast: Outcome, undici: Outcome): boolean;
}

const isLenient = (fast: Outcome, undici: Outcome): boolean => fast.error !== undefined && undici.error === undefined;
const isStrict = (fast: Outcome, undici: Outcome): boolean => fast.error === undefined && undici.error !== undefined;

/** undici takes what FastHttpUser refuses. The pattern is that of FastHttpUser's error. */
const lenient: readonly (readonly [why: string, error: RegExp])[] = [
  // RFC 9112, 6.1, 6.3: undici reads any other coding to the close, and passes on a body that is still encoded.
  ['a transfer-encoding that is not chunked, once', /Transfer-Encoding is not chunked, once/],
  // RFC 9112, 6.1: a faulty framing.
  ['a transfer-encoding in HTTP/1.0', /Transfer-Encoding can't be present in HTTP\/1\.0/],
  // RFC 9112, 2.3: HTTP/2.0, HTTP/0.9, RTSP/1.0 and ICE/1.0 have other messages. llhttp also passes over line ends in
  // front of an answer, which RFC 9112, 2.2 allows for requests only.
  ['another version, another protocol, or nothing of a version', /Invalid HTTP version|Expected HTTP\//],
  // RFC 9112, 4: HTAB / SP / VCHAR / obs-text.
  ['control characters in the reason phrase', /Invalid character in the reason phrase/],
  ['a limit of headers', /The answer has too many headers/],
  // undici's limit is for each head: any number of interim answers.
  ['a limit for interim answers', /The headers of the answer are too long/],
];

/** undici refuses what FastHttpUser takes. The pattern is that of undici's error; the other that of the bytes. */
const strict: readonly (readonly [why: string, error: RegExp, bytes: RegExp])[] = [
  // RFC 9110, 5.5: blanks around a value are no part of it. undici compares the length with the text `5<TAB>`.
  ['a tab behind the content-length', /IncompleteRead/, /content-length:[^\r\n]*[ \t]\r\n/i],
  // RFC 9112, 7.1.1: BWS ";".
  ['blanks before a chunk extension', /Invalid character in chunk size/, /[0-9a-f][ \t]+;/i],
  // RFC 9110, 6.5.1: what a trailer section says of the framing is passed over, as all of it is here.
  ['a trailer with the name of a framing header', /can't be present|Content-Length|Transfer-Encoding/, /0\r\n/],
  // RFC 9112, 5.2: a user agent replaces the fold by a blank.
  ['a folded header', /whitespace after header value|Invalid header value char|Invalid header token/, /\r\n[ \t]+/],
  // RFC 9110, 8.6: the length that the body of a 200 would have had.
  ['204 and 304 with a length', /IncompleteRead/, /HTTP\/1\.[01] (204|304)/],
  // RFC 9110, 15.2: a client must be able to take any interim answer.
  ['an unasked 100', /RemoteDisconnected|bad response|Error/, /HTTP\/1\.[01] 100/],
];

/** Both take it, and read it otherwise. */
const readings: readonly Difference[] = [
  {
    // RFC 9110, 5.5: blanks around a value are no part of it.
    why: 'undici keeps blanks at the end of a value',
    fits: (_bytes, fast, undici) =>
      fast.body === undici.body && fast.headers === undici.headers.replace(/(?:\\t| )+(?=",|"\]|, )/g, ''),
  },
  {
    // As above, and then the coding is unknown to it: the chunks are passed on as they are.
    why: 'undici does not know chunked with a tab behind it',
    fits: (bytes) => /transfer-encoding:[ \t]*chunked[ \t]*\t[ \t]*\r\n/i.test(bytes),
  },
];

export const differences: readonly Difference[] = [
  ...lenient.map(
    ([why, error]): Difference => ({
      why,
      fits: (_bytes, fast, undici) => isLenient(fast, undici) && error.test(fast.error ?? ''),
    }),
  ),
  ...strict.map(
    ([why, error, pattern]): Difference => ({
      why,
      fits: (bytes, fast, undici) => isStrict(fast, undici) && error.test(undici.error ?? '') && pattern.test(bytes),
    }),
  ),
  ...readings.map(
    (reading): Difference => ({
      why: reading.why,
      fits: (bytes, fast, undici) =>
        fast.error === undefined && undici.error === undefined && reading.fits(bytes, fast, undici),
    }),
  ),
];
