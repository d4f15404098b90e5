import { accessLines } from './access-line.ts';
import { isMethod, type Line, requestLine } from './hit.ts';
import { type Field, type JsonFields, jsonFields } from './json-fields.ts';
import { timeOf } from './log-time.ts';

type Row = Readonly<Record<string, unknown>>;

/** Reads JSON lines: what each field is called is learned from the lines themselves. */
export class JsonLines {
  /** Each kind of line has its own fields: a log may hold the lines of several programs. */
  readonly #known: JsonFields[] = [];
  readonly #access = accessLines();

  read(line: string): Line {
    let row: unknown;
    try {
      // Bytes of the file, each one a letter.
      row = JSON.parse(/[\x80-\xff]/.test(line) ? Buffer.from(line, 'latin1').toString() : line);
    } catch {
      return 'no JSON';
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'no JSON object';
    for (const fields of this.#known) {
      const hit = this.#hitOf(row as Row, fields);
      if (typeof hit !== 'string') return hit;
    }
    const fields = jsonFields(row as Row);
    const hit = this.#hitOf(row as Row, fields);
    if (typeof hit === 'string') return this.#wrapped(row as Row) ?? hit;
    if (this.#known.length < 8) this.#known.push(fields);
    return hit;
  }

  /** `method ← request_method, path ← uri …`: what was recognised, by the fields of most kinds of lines. */
  describe(): string {
    return this.#known
      .map((fields) => [...fields].map(([field, { keys }]) => `${field} ← ${keys.join('.')}`).join(', '))
      .join('; ');
  }

  /** A line of an access log in the JSON of a container's or a shipper's log. */
  #wrapped({ log, message }: Row): Line | undefined {
    const line = typeof log === 'string' ? log : message;
    if (typeof line !== 'string') return undefined;
    const hit = this.#access(line.trimEnd());
    return typeof hit === 'string' ? undefined : hit;
  }

  #hitOf(row: Row, fields: JsonFields): Line {
    const value = (field: Field): unknown => valueAt(row, fields.get(field)?.keys);
    const line = value('request');
    const asked = typeof line === 'string' ? requestLine(line) : undefined;
    const method = asked?.method ?? String(value('method') ?? '').toUpperCase();
    const target = asked?.target ?? withQuery(value('path'), value('query'));
    if (target === undefined) return 'no path';
    if (!isMethod(method)) return 'no method';
    const writtenAt = timeOf(value('time'));
    if (writtenAt === undefined) return 'no time';
    const took = milliseconds(value('took'), fields);
    const isStart = /start|creat|begin/i.test(fields.get('time')?.keys.at(-1) ?? '');
    return {
      method,
      target,
      status: Number(value('status')) || 0,
      startedAt: isStart ? writtenAt : writtenAt - took,
      endedAt: isStart ? writtenAt + took : writtenAt,
      client: `${addressOf(value('client'))} ${first(value('agent')) ?? ''}`,
    };
  }
}

function valueAt(row: unknown, keys: readonly string[] | undefined): unknown {
  if (keys === undefined) return undefined;
  let value = row;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Row)[key];
  }
  return value;
}

function withQuery(path: unknown, query: unknown): string | undefined {
  if (typeof path !== 'string' || path === '') return undefined;
  if (typeof query !== 'string' || query === '' || query === '-' || path.includes('?')) return path;
  return `${path}?${query.replace(/^\?/, '')}`;
}

function first(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' ? one : undefined;
}

/** Without its port, and of a chain of proxies the first. */
function addressOf(value: unknown): string {
  const text = (first(value) ?? '').split(',')[0] ?? '';
  return /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}

/** By the unit in the value or in the field's name; else seconds where nginx, Caddy and ALB have them. */
function milliseconds(value: unknown, fields: JsonFields): number {
  const [, digits, unit] = /^([\d.]+) *(ns|us|µs|ms|s)?$/.exec(String(value ?? '')) ?? [];
  const number = Number(digits);
  if (!Number.isFinite(number)) return 0;
  const name = (fields.get('took')?.keys.at(-1) ?? '').toLowerCase();
  const ending = /(?:[_.]|in)?(ns|nanos|us|micros|ms|millis|s|secs|seconds)$/.exec(name)?.[1];
  const inSeconds = /^(request_?time|duration|target_processing_time|upstream_response_time)$/.test(name);
  const isEnvoy = fields.get('time')?.keys.at(-1) === 'start_time';
  const named = ending ?? (inSeconds && !isEnvoy ? 's' : 'ms');
  const factor = { n: 1e-6, u: 1e-3, µ: 1e-3, m: named.startsWith('mic') ? 1e-3 : 1, s: 1000 };
  return number * (factor[(unit ?? named)[0] as keyof typeof factor] ?? 1);
}
