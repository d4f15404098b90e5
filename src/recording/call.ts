import { anyQuery, type Endpoint } from './endpoint.ts';
import { camelCase, Names, singular } from './naming.ts';
import type { Piece, Templated } from './path-tree.ts';
import { isSecretName, secretMark } from './secret.ts';
import { decoded } from './target.ts';

/** A part of a URL: a text, a variable, or a secret. */
export type UrlPart = { readonly text: string } | { readonly variable: string } | { readonly secret: string };

/** Values of the variables, and how often they came together. */
export interface Row {
  readonly times: number;
  readonly values: readonly string[];
}

/** One kind of request, as it will be made. */
export interface Call {
  readonly endpoint: Endpoint;
  readonly method: string;
  /** Under which it is counted: `/users/[user]?page=[page]`. */
  readonly name: string;
  /** What its method is called for: words of the path, of the query. */
  readonly words: readonly string[];
  readonly url: readonly UrlPart[];
  readonly variables: readonly string[];
  readonly rows: readonly Row[];
  /** Whether the rows are all values that came, not a sample. */
  readonly isWhole: boolean;
}

/** A place of the template: what it is called, and its value in each target. */
interface Column {
  readonly label: string;
  readonly values: readonly string[];
  readonly isSecret: boolean;
  /** Of a query: a value that never changes stands in the name. */
  readonly isQuery: boolean;
}

/** The request that an endpoint stands for. */
export function callOf({ endpoint, pieces }: Templated): Call {
  const targets = [...endpoint.sample.counts()];
  const names = new Names();
  const parts = [...pathColumns(pieces, targets, names), ...queryColumns(endpoint.keys, targets, names)];
  const columns = parts.filter((part) => typeof part !== 'string');
  const varying = columns.filter(isVarying);
  const url = parts.map((part): UrlPart => {
    if (typeof part === 'string') return { text: part };
    if (part.isSecret) return { secret: part.label };
    return varying.includes(part) ? { variable: part.label } : { text: part.values[0] ?? '' };
  });
  const name = parts.map((part) => (typeof part === 'string' ? part : nameOf(part))).join('');
  return {
    endpoint,
    method: endpoint.method,
    name,
    words: wordsOf(endpoint, pieces, varying),
    url,
    variables: varying.map(({ label }) => label),
    rows: varying.length === 0 ? [] : rowsOf(targets, varying),
    isWhole: endpoint.sample.isWhole,
  };
}

type Targets = readonly (readonly [target: string, times: number])[];

function isVarying({ isSecret, values }: Column): boolean {
  return !isSecret && values.some((value) => value !== values[0]);
}

function nameOf(column: Column): string {
  const [value = ''] = column.values;
  const isFixed = column.isQuery && !column.isSecret && !isVarying(column) && value.length <= 40;
  return isFixed ? value : `[${column.label}]`;
}

function pathColumns(pieces: readonly Piece[], targets: Targets, names: Names): (string | Column)[] {
  const paths = targets.map(([target]) => (target.split('?', 1)[0] ?? '').split('/'));
  return pieces.flatMap((piece, at): (string | Column)[] => {
    if ('word' in piece) return [`/${piece.word}`];
    const values = paths.map((path) => (path[at + 1] ?? '').slice(0, -piece.suffix.length || undefined));
    const isSecret = values.some((value) => value.includes(secretMark));
    const label = names.variable(slotName(pieces, at, values, isSecret));
    return ['/', { label, values, isSecret, isQuery: false }, ...(piece.suffix === '' ? [] : [piece.suffix])];
  });
}

/** What a value in a path is called: one of what stands before it, else `id`. */
function slotName(pieces: readonly Piece[], at: number, values: readonly string[], isSecret: boolean): string {
  const before = pieces[at - 1];
  if (isSecret) return 'token';
  if (values.length > 0 && values.every((value) => /^\d{4}-\d{2}/.test(value))) return 'date';
  if (before === undefined || !('word' in before)) return at === 0 ? 'page' : 'id';
  const word = camelCase([before.word]);
  return word === '' || /^(v\d+|api|rest|id|path\d*)$/.test(word) ? 'id' : singular(word);
}

function queryColumns(keys: string, targets: Targets, names: Names): (string | Column)[] {
  if (keys === '') return [];
  const queries = targets.map(([target]) => target.slice(target.indexOf('?') + 1));
  if (keys === anyQuery) {
    const isSecret = queries.some((query) => query.includes(secretMark));
    return [
      '?',
      { label: names.variable(isSecret ? 'queryToken' : 'query'), values: queries, isSecret, isQuery: true },
    ];
  }
  return keys.split('&').flatMap((key, at): (string | Column)[] => {
    const front = `${at === 0 ? '?' : '&'}${key}`;
    if (!key.endsWith('=')) return [front];
    const values = queries.map((query) => valueIn(query, key));
    const word = decoded(key.slice(0, -1));
    const isSecret = isSecretName(word) || values.some((value) => value.includes(secretMark));
    return [front, { label: names.variable(word), values, isSecret, isQuery: true }];
  });
}

function valueIn(query: string, key: string): string {
  for (const part of query.split('&')) if (part.startsWith(key)) return part.slice(key.length);
  return '';
}

/** The values of the columns in each target; targets that differ elsewhere only are one row. */
function rowsOf(targets: Targets, columns: readonly Column[]): Row[] {
  const rows = new Map<string, { times: number; readonly values: readonly string[] }>();
  for (const [at, [, times]] of targets.entries()) {
    const values = columns.map((column) => column.values[at] ?? '');
    const key = values.join(' ');
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { times, values });
    else row.times += times;
  }
  return [...rows.values()].sort((one, other) => other.times - one.times);
}

function wordsOf(endpoint: Endpoint, pieces: readonly Piece[], varying: readonly Column[]): string[] {
  const path = pieces.flatMap((piece, at) => {
    const next = pieces[at + 1];
    if (!('word' in piece)) return piece.suffix === '' ? [] : [piece.suffix];
    return [next !== undefined && 'suffix' in next ? singular(piece.word) : piece.word];
  });
  const isHome = camelCase(path) === '';
  const keys = varying.filter(({ isQuery }) => isQuery).map(({ label }) => label);
  return [
    ...(endpoint.method === 'GET' ? [] : [endpoint.method.toLowerCase()]),
    ...(isHome ? [pieces.some((piece) => 'suffix' in piece) ? 'page' : 'home'] : path),
    ...(keys.length > 0 && keys.length < 4 ? ['by', ...keys] : []),
  ];
}
