import { isMap, isScalar, isSeq, type LineCounter, type Node, type YAMLMap } from 'yaml';
import { UsageError } from '../errors.ts';
import { nearest } from '../words.ts';

/** What a file of settings is read with: says where something is wrong. */
export interface Source {
  readonly file: string;
  readonly lines: LineCounter;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A mapping of a YAML file whose keys are asked for one by one; those that nobody asks for are refused. */
export class Section {
  readonly #source: Source;
  readonly #map: YAMLMap | null;
  readonly #path: string;
  readonly #place: unknown;
  readonly #asked = new Set<string>();

  /** `path`: where it stands in the file, for people; empty for the whole. `place`: what is pointed at if it is empty. */
  constructor(source: Source, node: unknown, path: string, place: unknown = node) {
    this.#source = source;
    this.#path = path;
    this.#place = place;
    if (node !== null && node !== undefined && !isMap(node))
      this.#refuse(node, `${path || 'the file'} must be keys with values`);
    this.#map = isMap(node) ? node : null;
  }

  has(key: string): boolean {
    return this.#node(key) !== undefined;
  }

  text(key: string): string | undefined {
    const node = this.#node(key);
    return node === undefined ? undefined : this.#textOf(node, key);
  }

  number(key: string, least = 0): number | undefined {
    const node = this.#node(key);
    return node === undefined ? undefined : this.#numberOf(node, key, least);
  }

  whole(key: string, least = 1): number | undefined {
    const node = this.#node(key);
    return node === undefined ? undefined : this.#wholeOf(node, key, least);
  }

  yes(key: string): boolean {
    const node = this.#node(key);
    if (node === undefined) return false;
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value !== 'boolean') this.#refuse(node, `${this.#full(key)} must be true or false`);
    return value === true;
  }

  /** Seconds of `30s`, `2m`, `1h30m`, `500ms` or a number of seconds. */
  seconds(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const seconds = secondsOf(text);
    if (seconds === undefined)
      this.#refuse(this.#node(key), `${this.#full(key)} is '${text}'; a time such as 30s, 2m or 500ms is expected`);
    return seconds;
  }

  /** Part of 1 of `5%` or `0.05`. */
  part(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const [, number = '', percent] = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(text) ?? [];
    const part = Number(number) / (percent === undefined ? 1 : 100);
    if (number === '' || part > 1)
      this.#refuse(this.#node(key), `${this.#full(key)} is '${text}'; a part such as 5% or 0.05 is expected`);
    return part;
  }

  /** One of `choices`. */
  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const text = this.text(key);
    const found = choices.find((choice) => choice === text);
    if (text !== undefined && found === undefined) {
      this.#refuse(this.#node(key), `${this.#full(key)} is '${text}'; ${choices.join(' or ')} is expected`);
    }
    return found;
  }

  texts(key: string): readonly string[] | undefined {
    return this.#list(key)?.map((node) => this.#textOf(node, key));
  }

  numbers(key: string): readonly number[] | undefined {
    return this.#list(key)?.map((node) => this.#numberOf(node, key, 0));
  }

  wholes(key: string): readonly number[] | undefined {
    return this.#list(key)?.map((node) => this.#wholeOf(node, key, 1));
  }

  /** Numbers stay numbers, words words. */
  scales(key: string): readonly (number | string)[] | undefined {
    return this.#list(key)?.map((node) => {
      const value = isScalar(node) ? node.value : undefined;
      return typeof value === 'number' && Number.isFinite(value) ? value : this.#textOf(node, key);
    });
  }

  section(key: string): Section {
    return new Section(this.#source, this.#node(key), this.#full(key));
  }

  sections(key: string): readonly Section[] | undefined {
    return this.#list(key)?.map((node, at) => new Section(this.#source, node, `${this.#full(key)}[${at}]`));
  }

  /** All keys, whatever they are, with sections, in their order. */
  named(): readonly (readonly [name: string, section: Section])[] {
    return (this.#map?.items ?? []).map(({ key, value }) => {
      const name = String(isScalar(key) ? key.value : key);
      this.#asked.add(name);
      const node = isScalar(value) && value.value === null ? null : value;
      return [name, new Section(this.#source, node, this.#full(name), key)];
    });
  }

  /** All keys, whatever they are, with texts. */
  entries(): Readonly<Record<string, string>> {
    const keys = this.#map?.items.map(({ key }) => String(isScalar(key) ? key.value : key)) ?? [];
    return Object.fromEntries(keys.map((key) => [key, this.text(key) ?? '']));
  }

  /** Refuses what was never asked for. */
  done(): void {
    for (const { key } of this.#map?.items ?? []) {
      const name = String(isScalar(key) ? key.value : key);
      if (this.#asked.has(name)) continue;
      const known = [...this.#asked];
      const meant = nearest(name, known);
      const hint = meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`;
      this.#refuse(key, `unknown key ${this.#full(name)}; ${hint}`);
    }
  }

  /** Ends it all with a line that names the place. */
  refuse(key: string, problem: string): never {
    return this.#refuse(this.#node(key) ?? this.#map ?? this.#place, problem);
  }

  #refuse(node: unknown, problem: string): never {
    const offset = (node as Node | null | undefined)?.range?.[0];
    const line = offset === undefined ? '' : `:${this.#source.lines.linePos(offset).line}`;
    throw new UsageError(`${this.#source.file}${line}: ${problem}`);
  }

  #full(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #node(key: string): Node | undefined {
    this.#asked.add(key);
    const node = this.#map?.get(key, true) as Node | null | undefined;
    return node === null || (isScalar(node) && node.value === null) ? undefined : node;
  }

  /** One value is a list of one; `1, 2, 5` as a text is a list too. */
  #list(key: string): readonly unknown[] | undefined {
    const node = this.#node(key);
    if (node === undefined) return undefined;
    const items = isSeq(node) ? node.items : [node];
    if (items.length === 0) this.#refuse(node, `${this.#full(key)} is an empty list`);
    return items;
  }

  #textOf(node: unknown, key: string): string {
    const value = isScalar(node) ? node.value : undefined;
    if (!['string', 'number', 'boolean'].includes(typeof value))
      this.#refuse(node, `${this.#full(key)} must be one value`);
    // A number as it was written: a password of 0123 is no 123, a version of 1.10 no 1.1.
    const written = typeof value === 'number' && isScalar(node) ? (node.source ?? value) : value;
    return String(written).replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, usual: string | undefined) => {
      // As in a shell: an empty variable is none where there is something else to take.
      const found = this.#source.env[name] || usual;
      if (found !== undefined) return found;
      return this.#refuse(node, `${this.#full(key)} needs the environment variable ${name}, which is not set`);
    });
  }

  #numberOf(node: unknown, key: string, least: number): number {
    const text = this.#textOf(node, key);
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (!(number >= least) || !Number.isFinite(number))
      this.#refuse(node, `${this.#full(key)} is '${text}'; a number from ${least} on is expected`);
    return number;
  }

  #wholeOf(node: unknown, key: string, least: number): number {
    const number = this.#numberOf(node, key, least);
    if (!Number.isInteger(number)) this.#refuse(node, `${this.#full(key)} is ${number}; a whole number is expected`);
    return number;
  }
}

/** undefined if it is no time. */
export function secondsOf(text: string): number | undefined {
  const given = text.trim();
  if (/^\d+(\.\d+)?$/.test(given)) return Number(given);
  const parts = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/.exec(given);
  if (parts === null || given === '') return undefined;
  const [, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = parts.map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000;
}
