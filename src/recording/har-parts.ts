import { isSecretName, isSecretText } from './secret.ts';

/** An object of JSON. */
export type Row = Readonly<Record<string, unknown>>;

/** The value if it is an object, else an empty one: a HAR may lack anything. */
export function row(value: unknown): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Stands where a secret stood. */
export class Secret {
  /** Name of the header or field. */
  readonly label: string;

  constructor(label: string) {
    this.label = label;
  }
}

export interface HarHeader {
  /** In small letters. */
  readonly name: string;
  readonly value: string | Secret;
}

/** A body: data for `json` or `form`, a text, or one that cannot be made again. */
export type HarBody =
  | { readonly kind: 'json' | 'form'; readonly data: unknown }
  | { readonly kind: 'text'; readonly text: string; readonly type: string }
  | { readonly kind: 'lost'; readonly why: string };

const longestBody = 20_000;

/** The body of `postData`. */
export function bodyOf(postData: Row): HarBody | undefined {
  const type = text(postData.mimeType);
  const sent = text(postData.text);
  const params = list(postData.params).map(row);
  if (/^application\/x-www-form-urlencoded/i.test(type)) {
    const fields = params.length > 0 ? params.map(({ name, value }) => [text(name), text(value)] as const) : undefined;
    return { kind: 'form', data: formOf(fields ?? [...new URLSearchParams(sent)], params.length > 0 && sent !== '') };
  }
  if (/^multipart\//i.test(type)) return { kind: 'lost', why: 'a multipart form; see the option files' };
  if (sent === '') return undefined;
  if (sent.length > longestBody) return { kind: 'lost', why: `${sent.length} letters of ${type}` };
  if (postData.encoding === 'base64') return { kind: 'lost', why: `bytes of ${type}` };
  if (/json/i.test(type)) {
    try {
      return { kind: 'json', data: masked(JSON.parse(sent) as unknown, 'body') };
    } catch {
      // no JSON after all
    }
  }
  const isSafe = !isSecretText(sent) && !sent.split(/[^\w-]+/).some(isSecretName);
  return isSafe ? { kind: 'text', text: sent, type } : { kind: 'lost', why: `a text of ${type} that holds a secret` };
}

/** Fields by name; a name that comes twice has a list. Browsers' `params` are still encoded where there is a text, too. */
function formOf(fields: readonly (readonly [string, string])[], isEncoded: boolean): unknown {
  const plain = (part: string): string => (isEncoded ? (new URLSearchParams(`v=${part}`).get('v') ?? part) : part);
  const data = new Map<string, unknown>();
  for (const [rawName, rawValue] of fields) {
    const name = plain(rawName);
    const value = masked(plain(rawValue), name);
    data.set(name, data.has(name) ? [data.get(name), value].flat() : value);
  }
  return Object.fromEntries(data);
}

/** A copy with a `Secret` for whatever is secret by its name or its looks; below a secret name all is. */
function masked(value: unknown, name: string, isBelowSecret = false): unknown {
  const isSecret = isBelowSecret || isSecretName(name);
  if (Array.isArray(value)) return value.map((item: unknown) => masked(item, name, isSecret));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, key, isSecret)]));
  }
  if (value === null || value === '' || typeof value === 'boolean') return value;
  return isSecret || (typeof value === 'string' && isSecretText(value)) ? new Secret(name) : value;
}

/** Sent by the client itself, or only to make sense of a browser. */
const ofBrowser =
  /^(:.*|host|connection|content-length|accept-encoding|user-agent|cookie2?|origin|referer|cache-control|pragma|if-.*|sec-.*|dnt|te|upgrade.*|priority|keep-alive|transfer-encoding|proxy-.*|range|expect|x-devtools-.*|x-client-data)$/;

/** The headers that a user must send: those of the application. */
export function headersOf(headers: readonly unknown[], body: HarBody | undefined): HarHeader[] {
  return headers.map(row).flatMap((header) => {
    const name = text(header.name).toLowerCase();
    const value = text(header.value);
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || ofBrowser.test(name)) return [];
    if (name === 'accept' && !/json|xml/.test(value.split(',')[0] ?? '')) return [];
    if (name === 'content-type' && body?.kind !== 'text') return [];
    if (/[^\x20-\x7e]/.test(value)) return [];
    return [{ name, value: isSecretName(name) || isSecretText(value) ? new Secret(name) : value }];
  });
}
