import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { UsageError } from '../errors.ts';
import type { Fields, Part, RequestOptions } from './options.ts';

/** A body as undici takes it, and its media type if it has one by its kind. */
export interface Payload {
  readonly body: string | Uint8Array | Readable;
  readonly type?: string;
}

/** The body that the options ask for. */
export function payloadOf(options: RequestOptions): Payload | undefined {
  const { json, form, body, files } = options;
  const hasBody = body !== undefined && body !== null;
  const hasFields = form !== undefined || files !== undefined;
  if (json !== undefined) {
    if (hasBody || hasFields) throw severalBodies('json', hasBody ? 'body' : 'form or files');
    return jsonPayload(json);
  }
  if (hasBody && hasFields) throw severalBodies('body', 'form or files');
  if (files !== undefined) return multipart(files, form);
  if (form !== undefined) {
    return { body: encodeFields(form).toString(), type: 'application/x-www-form-urlencoded' };
  }
  if (!hasBody) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array || body instanceof Readable) return { body };
  if (typeof body === 'object' && Symbol.asyncIterator in body) return { body: Readable.from(body) };
  throw new UsageError('body must be a text, a Buffer or Uint8Array, or a stream; for data there are json and form');
}

function severalBodies(...given: string[]): UsageError {
  return new UsageError(`a request has one body, not ${given.join(' and ')}`);
}

function jsonPayload(json: unknown): Payload {
  const body = JSON.stringify(json) as string | undefined;
  if (body === undefined) throw new UsageError(`json is a ${typeof json}, which JSON cannot hold`);
  return { body, type: 'application/json' };
}

/** Names and values for a query or a form. */
export function encodeFields(fields: Fields): URLSearchParams {
  if (fields instanceof URLSearchParams) return fields;
  if (typeof fields !== 'object' || fields === null) {
    throw new UsageError(`params and form must be objects such as { page: 2 }, not ${String(fields)}`);
  }
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === null || one === undefined) continue;
      if (typeof one === 'object')
        throw new UsageError(`the value of '${name}' is an object; a text or number is expected`);
      encoded.append(name, String(one));
    }
  }
  return encoded;
}

function multipart(files: Readonly<Record<string, Part | readonly Part[]>>, form: Fields | undefined): Payload {
  const boundary = `katydid-${randomBytes(12).toString('hex')}`;
  const pieces: (string | Uint8Array)[] = [];
  for (const [name, value] of form === undefined ? [] : encodeFields(form)) {
    pieces.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`);
  }
  for (const [field, given] of Object.entries(files)) {
    for (const part of Array.isArray(given) ? (given as readonly Part[]) : [given as Part]) {
      pieces.push(partHead(boundary, field, part), part.data, '\r\n');
    }
  }
  pieces.push(`--${boundary}--\r\n`);
  const body = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}

function partHead(boundary: string, field: string, part: Part): string {
  const { filename, data, type = 'application/octet-stream' } = part;
  if (typeof filename !== 'string' || !(typeof data === 'string' || data instanceof Uint8Array)) {
    throw new UsageError(
      `files.${field} must be { filename, data, type? } with data a text or bytes, or a list of such`,
    );
  }
  const place = `form-data; name="${quoted(field)}"; filename="${quoted(filename)}"`;
  return `--${boundary}\r\nContent-Disposition: ${place}\r\nContent-Type: ${type.replace(/[\r\n]/g, '')}\r\n\r\n`;
}

/** As browsers do (HTML, "multipart/form-data encoding algorithm"). */
function quoted(text: string): string {
  return text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}
