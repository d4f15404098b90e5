import { UsageError } from '../errors.ts';

/** Header name → value; undefined leaves a default header out. */
export type HeaderValues = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Credentials of a request. */
export type Auth = { readonly username: string; readonly password: string } | { readonly bearer: string };

/** Names and values in turn, as undici takes them. */
export type HeaderList = readonly (string | string[])[];

/** What requests sends of its own accord, under our name. */
const defaults: HeaderValues = { 'user-agent': 'katydid', 'accept-encoding': 'gzip, deflate, br', accept: '*/*' };

const nothing: HeaderValues = {};
const lists = new WeakMap<HeaderValues, HeaderList>();

/** What a session sends that has changed nothing: one list for all users of a class. */
export function headerListOf(given: HeaderValues = nothing): HeaderList {
  let list = lists.get(given);
  if (list === undefined) {
    list = withHeaders(Object.entries(defaults).flat() as string[], given);
    lists.set(given, list);
  }
  return list;
}

/**
 * The headers that a session sends with each request.
 *
 * @example this.client.headers.set('authorization', `Bearer ${token}`);
 */
export class SessionHeaders {
  #list: HeaderList;

  constructor(list: HeaderList) {
    this.#list = list;
  }

  /** Never changed in place: requests and other users hold it. */
  get list(): HeaderList {
    return this.#list;
  }

  get(name: string): string | undefined {
    const at = this.#list.findIndex(
      (text, index) => index % 2 === 0 && String(text).toLowerCase() === name.toLowerCase(),
    );
    return at < 0 ? undefined : String(this.#list[at + 1]);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** An undefined value deletes. */
  set(name: string, value: HeaderValues[string]): void {
    this.#list = withHeaders(this.#list, { [name]: value });
  }

  delete(name: string): void {
    this.set(name, undefined);
  }
}

function textOf(name: string, value: NonNullable<HeaderValues[string]>): string | string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new UsageError(`header ${name} is ${String(value)}; a text, a number or a list of texts is expected`);
}

/** `list` with `given` in place of the headers of the same names. */
export function withHeaders(list: HeaderList, given: HeaderValues): HeaderList {
  const names = Object.keys(given);
  const merged = withoutHeaders(list, new Set(names.map((name) => name.toLowerCase()))) as (string | string[])[];
  for (const name of names) {
    const value = given[name];
    if (value !== undefined) merged.push(name, textOf(name, value));
  }
  return merged;
}

/** A copy of `list` without the headers of these lower-case names. */
export function withoutHeaders(list: HeaderList, names: ReadonlySet<string>): HeaderList {
  const kept: (string | string[])[] = [];
  for (let at = 0; at + 1 < list.length; at += 2) {
    const name = list[at] as string;
    if (!names.has(name.toLowerCase())) kept.push(name, list[at + 1] as string);
  }
  return kept;
}

/** Whether `list` has a header of this lower-case name. */
export function hasHeader(list: HeaderList, name: string): boolean {
  for (let at = 0; at < list.length; at += 2) {
    if ((list[at] as string).toLowerCase() === name) return true;
  }
  return false;
}

/** The value of the `authorization` header. */
export function authorizationOf(auth: Auth): string {
  if ('bearer' in auth) return `Bearer ${auth.bearer}`;
  if (typeof auth.username === 'string' && typeof auth.password === 'string') {
    return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  }
  throw new UsageError('auth must be { username, password } or { bearer }');
}
