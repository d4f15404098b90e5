import { UsageError } from '../errors.ts';
import { type EntrySnapshot, responseEnd, type StatsSnapshot } from '../stats/snapshot.ts';
import { mergeEntries } from '../stats/sum.ts';
import { nearest } from '../words.ts';
import { type Metric, metricOf } from './metric.ts';
import type { ThresholdResult } from './run.ts';
import { type Operator, printThreshold, type Threshold, type Unit } from './threshold-text.ts';

export { parseThreshold, type Threshold } from './threshold-text.ts';

/** The three checks of locust-plugins, by their flags. */
export interface Checks {
  /** Requests per second, at least: `--check-rps`. */
  readonly rps?: number | undefined;
  /** 0 to 1, at most: `--check-fail-ratio`. */
  readonly failRatio?: number | undefined;
  /** ms, at most: `--check-avg-response-time`. */
  readonly avgResponseTime?: number | undefined;
}

/** The thresholds that locust-plugins' flags stand for. */
export function checks({ rps, failRatio, avgResponseTime }: Checks): Threshold[] {
  return [
    ...check('--check-rps', 'rps', '<', rps, ''),
    ...check('--check-fail-ratio', 'fail_ratio', '>', failRatio, ''),
    ...check('--check-avg-response-time', 'avg', '>', avgResponseTime, 'ms'),
  ];
}

function check(flag: string, metric: string, operator: Operator, value: number | undefined, unit: Unit): Threshold[] {
  if (value === undefined) return [];
  const most = metric === 'fail_ratio' ? 1 : Number.MAX_VALUE;
  if (!(value >= 0 && value <= most)) {
    throw new UsageError(`${flag} is ${value}; a number from 0 ${most === 1 ? 'to 1' : 'on'} is expected`);
  }
  const threshold = { metric, target: null, operator, value, unit };
  return [{ expression: printThreshold(threshold), ...threshold }];
}

/**
 * What became of a threshold in a run of `seconds` in which users had `exceptions`. Where nothing was measured, it
 * failed: a test of nothing proves nothing.
 */
export function judge(
  threshold: Threshold,
  stats: StatsSnapshot,
  seconds: number,
  exceptions?: number,
): ThresholdResult {
  const { expression, metric, operator } = threshold;
  const nothing = (why: string): ThresholdResult => {
    const text = `${labelOf(threshold)}: nothing was measured: ${why}`;
    return { expression, actual: null, isOk: false, text };
  };
  const figure = metricOf(metric);
  if (figure === undefined) return nothing(`there is no metric '${metric}'`);
  const measured =
    metric === 'exceptions'
      ? { actual: exceptions ?? null, rows: 1 }
      : measure(threshold.target, figure, stats, seconds);
  if (typeof measured === 'string') return nothing(measured);
  const { actual, rows } = measured;
  if (actual === null) return nothing(whyNone[figure.quantity]);
  const isOk = !isHit(actual, operator, limitOf(threshold));
  const over = rows > 1 ? ` over ${rows} names` : '';
  const text = `${labelOf(threshold)} is ${shown(actual, threshold)}${over} (fails if ${operator} ${figureOf(threshold.value, threshold.unit, metric)})`;
  return { expression, actual, isOk, text };
}

const whyNone = {
  time: 'no request had a response time',
  ratio: 'no request ended',
  rate: 'the run took no time',
  count: 'they were not counted',
} as const;

/** The figure over the rows that are meant; in words, why there is none. */
function measure(
  target: string | null,
  { of }: Metric,
  stats: StatsSnapshot,
  seconds: number,
): { readonly actual: number | null; readonly rows: number } | string {
  const rows = target === null ? [stats.total] : rowsOf(target, stats);
  if (typeof rows === 'string') return rows;
  const [first, ...others] = rows;
  const row = first === undefined ? undefined : others.reduce(mergeEntries, first);
  if (row === undefined || row.numRequests === 0) return 'no request ended';
  return { actual: of(row, seconds), rows: rows.length };
}

const fullName = ({ method, name }: EntrySnapshot): string => (method === '' ? name : `${method} ${name}`);

/** The rows that a target means: the one of exactly this text, the one of this name, or all that its `*` fits. */
function rowsOf(target: string, { entries, total }: StatsSnapshot): readonly EntrySnapshot[] | string {
  const exact = entries.find((row) => fullName(row) === target);
  if (exact !== undefined) return [exact];
  const named = entries.filter(({ name }) => name === target);
  if (named.length === 1) return named;
  if (named.length > 1) {
    return `'${target}' may mean ${named.map(fullName).join(' or ')}; name one, or '* ${target}' for all together`;
  }
  if (target.includes('*')) {
    const fits = patternOf(target);
    const found = onceEach(entries.filter((row) => fits.test(fullName(row)) || fits.test(row.name)));
    if (found.length > 0) return found;
  } else if (target === total.name) return [total];
  const known = [...entries.map(fullName), ...entries.map(({ name }) => name)];
  const meant = nearest(target, known);
  return `no request was named '${target}'${meant === undefined ? '' : `; is '${meant}' meant?`}`;
}

/** Without the second rows of requests whose own are there too: nothing counts twice. */
function onceEach(rows: readonly EntrySnapshot[]): readonly EntrySnapshot[] {
  const seconds = new Set(rows.map((row) => fullName(row) + responseEnd));
  return rows.filter((row) => !seconds.has(fullName(row)));
}

function patternOf(target: string): RegExp {
  const parts = target.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function labelOf({ metric, target }: Threshold): string {
  return target === null ? metric : `${metric}(${target})`;
}

/** In ms, parts of 1, or as it is. */
function limitOf({ value, unit }: Threshold): number {
  if (unit === 's') return value * 1000;
  return unit === '%' ? value / 100 : value;
}

function isHit(actual: number, operator: Operator, limit: number): boolean {
  if (operator === '>') return actual > limit;
  if (operator === '>=') return actual >= limit;
  return operator === '<' ? actual < limit : actual <= limit;
}

/** In the unit that was given, with as few digits as still show which side of the limit it is on. */
function shown(actual: number, { metric, operator, value, unit }: Threshold): string {
  const given = unit === 's' ? actual / 1000 : unit === '%' ? actual * 100 : actual;
  const isSo = isHit(given, operator, value);
  let digits = 2;
  while (digits < 12 && isHit(Number(given.toFixed(digits)), operator, value) !== isSo) digits++;
  return figureOf(Number(given.toFixed(digits)), unit, metric);
}

function figureOf(value: number, unit: Unit, metric: string): string {
  if (unit === '%') return `${value}%`;
  if (unit !== '') return `${value} ${unit}`;
  return metricOf(metric)?.quantity === 'time' ? `${value} ms` : String(value);
}
