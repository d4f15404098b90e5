import type { Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { RequestError } from './failure.ts';

/** Undoes a `content-encoding` such as `gzip` or `gzip, br`. One that is not known leaves the body as it is. */
export function decodeBody(body: Buffer, encoding: string): Buffer {
  try {
    return encodingsOf(encoding).reduceRight(decodeOnce, body);
  } catch (cause) {
    throw new RequestError('ContentDecodingError', `the body is not what content-encoding ${encoding} says`, cause);
  }
}

function encodingsOf(encoding: string): string[] {
  return encoding.split(',').map((one) => one.trim().toLowerCase());
}

function decodeOnce(body: Buffer, encoding: string): Buffer {
  if (body.length === 0) return body;
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(body);
  if (encoding === 'br') return brotliDecompressSync(body);
  if (encoding !== 'deflate') return body;
  // Some servers send the raw form, without the header of RFC 1950.
  return ((body[0] ?? 0) & 0x0f) === 8 ? inflateSync(body) : inflateRawSync(body);
}

/** Decoders for a body that comes in pieces, the first to be applied first. */
export function decodersOf(encoding: string): Transform[] {
  return encodingsOf(encoding)
    .reverse()
    .flatMap((one): Transform[] => {
      if (one === 'gzip' || one === 'x-gzip') return [createGunzip()];
      if (one === 'br') return [createBrotliDecompress()];
      return one === 'deflate' ? [createInflate()] : [];
    });
}

/** The charset that a `content-type` names; UTF-8 if it names none. */
export function charsetOf(contentType: string | undefined): string {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
}

/** The text of a body; one whose charset is not known is read as UTF-8. */
export function textOf(body: Buffer, charset: string): string {
  return decoderFor(charset).decode(body);
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
