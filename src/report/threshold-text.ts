import { UsageError } from '../errors.ts';
import { nearest } from '../words.ts';
import { metricNames, metricOf, type Quantity } from './metric.ts';

/** When a run has failed: `p95(GET /x)>300ms`. */
export interface Threshold {
  /** As it was given. */
  readonly expression: string;
  /** `p95`, `median`, `fail_ratio`, `rps` … */
  readonly metric: string;
  /** `METHOD name`, a name alone, or with `*`; null for all requests together. */
  readonly target: string | null;
  readonly operator: Operator;
  /** As given, in `unit`. */
  readonly value: number;
  readonly unit: Unit;
}

export type Operator = '>' | '>=' | '<' | '<=';
/** Without a unit, times are ms and ratios parts of 1. */
export type Unit = 'ms' | 's' | '%' | '';

const unitsOf: Readonly<Record<Quantity, readonly Unit[]>> = {
  time: ['ms', 's', ''],
  ratio: ['%', ''],
  rate: [''],
  count: [''],
};
const expected = "expected is what fails the run, as in 'p95(GET /x)>300ms', 'fail_ratio>1%' or 'rps<100'";

/**
 * Reads a threshold. A mistake is a `UsageError` that shows where it is.
 *
 * @example parseThreshold('p95(GET /x) > 300 ms')
 */
export function parseThreshold(expression: string): Threshold {
  const reader = new Reader(expression);
  const word = reader.take(/[^\s(<>=!]*/y);
  const metric = word.toLowerCase().replace(/^p0+(?=\d)/, 'p');
  const quantity = metricOf(metric)?.quantity;
  if (quantity === undefined) throw reader.wrong(whatOfMetric(metric, word));
  const target = reader.next() === '(' ? targetOf(reader, metric) : null;
  const operator = reader.take(/>=|<=|>|</y) as Operator | '';
  if (operator === '') throw reader.wrong(`after ${target === null ? word : 'the name'} comes one of > >= < <=`, true);
  const number = reader.take(/(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy);
  const value = Number(number);
  if (number === '' || !Number.isFinite(value)) throw reader.wrong(`after ${operator} comes a number from 0 on`, true);
  const unit = reader.take(/.*?(?=\s*$)/sy).toLowerCase() as Unit;
  const units = unitsOf[quantity];
  if (!units.includes(unit)) throw reader.wrong(`the unit of ${metric} is ${listOf(units)}`);
  if (quantity === 'ratio' && value > (unit === '%' ? 100 : 1)) {
    throw reader.wrong(`${metric} is a part of 1, or of 100%: ${number}${unit} can never be`);
  }
  return { expression, metric, target, operator, value, unit };
}

/** The expression of a threshold in its plainest form; `parseThreshold` reads it back. */
export function printThreshold({ metric, target, operator, value, unit }: Omit<Threshold, 'expression'>): string {
  return `${metric}${target === null ? '' : `(${target})`}${operator}${value}${unit}`;
}

function whatOfMetric(metric: string, word: string): string {
  if (metric === '') return 'a metric comes first';
  if (/^p\d+(\.\d+)?$/.test(metric)) return `there is no ${metric}; percentiles go from p0 to p100`;
  const meant = nearest(metric, metricNames);
  return `there is no metric '${word}'; ${meant === undefined ? `there are ${listOf(metricNames)}` : `did you mean ${meant}?`}`;
}

/** A name may hold parentheses itself; what comes after it cannot. */
function targetOf(reader: Reader, metric: string): string {
  if (metric === 'exceptions') throw reader.wrong('exceptions are counted for the whole run, not by name', true);
  const inside = reader.take(/\(.*\)/sy);
  if (inside === '') throw reader.wrong("the ')' after the name is missing", 'end');
  const target = inside.slice(1, -1).trim();
  if (target === '') throw reader.wrong("between '(' and ')' comes a name: GET /x");
  return target;
}

function listOf(words: readonly string[]): string {
  const named = words.map((word) => (word === '' ? 'none' : word));
  const last = named.at(-1) ?? '';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} or ${last}`;
}

/** Reads a text piece by piece, and knows where it is. */
class Reader {
  readonly #text: string;
  #start = 0;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next character that is no blank. */
  next(): string {
    this.#skip();
    return this.#text[this.#at] ?? '';
  }

  /** What `pattern`, a sticky one, finds after blanks; empty if it finds nothing. */
  take(pattern: RegExp): string {
    this.#skip();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#start = this.#at;
    this.#at += found.length;
    return found;
  }

  /** The error for the piece taken last, for what follows (`true`), or for the end. */
  wrong(what: string, where: boolean | 'end' = false): UsageError {
    if (where === true) this.#skip();
    const at = where === 'end' ? this.#text.length : where ? this.#at : this.#start;
    const column = [...this.#text.slice(0, at)].length;
    const line = this.#text.replace(/\s/g, ' ');
    return new UsageError(`the threshold '${line}' is none: ${what}\n  ${line}\n  ${' '.repeat(column)}^\n${expected}`);
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }
}
