import { percentileOf } from '../stats/percentile.ts';
import type { EntrySnapshot, StatsSnapshot } from '../stats/snapshot.ts';
import type { ExceptionRow } from './run.ts';

/** How one user of a class did when it was tried out. */
export interface Trial {
  readonly className: string;
  /** Those that have begun. */
  readonly iterations: number;
  /** Those that were asked for. */
  readonly wanted: number;
  readonly seconds: number;
  readonly stats: StatsSnapshot;
  readonly exceptions: readonly ExceptionRow[];
}

const heads = ['Method', 'Name', 'Requests', 'Failed', 'Min ms', 'Median', '95%', 'Max', 'Per iteration'];
const leftColumns = 2;

/** Whether a request failed or user code threw. */
export function hasFailed({ stats, exceptions }: Trial): boolean {
  return stats.total.numFailures > 0 || exceptions.length > 0;
}

/** A trial as text: its table, then what failed. */
export function trialText(trial: Trial): string {
  const { className, iterations, wanted, seconds, stats } = trial;
  const { numRequests, numFailures } = stats.total;
  const some = iterations === wanted ? piecesOf(iterations, 'iteration') : `${iterations} of ${wanted} iterations`;
  const head = `${className}: ${some} in ${short(seconds)} s, ${piecesOf(numRequests, 'request')}, ${numFailures} failed`;
  return `${[head, ...tableOf(trial), ...failuresOf(stats), ...exceptionsOf(trial)].join('\n')}\n`;
}

/** A time in ms, or another figure, with three digits at most but never rounded to tens. */
export function short(value: number): string {
  return String(Number(value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)));
}

const piecesOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function tableOf({ stats, iterations }: Trial): string[] {
  if (stats.entries.length === 0) return [];
  const entries = [...stats.entries].sort((a, b) => order(a.name, b.name) || order(a.method, b.method));
  const all = entries.length > 1 ? [...entries, stats.total] : entries;
  const rows = [heads, ...all.map((entry) => cellsOf(entry, iterations))];
  const widths = heads.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string => {
    const cells = row.map((cell, at) =>
      at < leftColumns ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    return `  ${cells.join('  ')}`;
  };
  return ['', ...rows.map(lineOf)];
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function cellsOf(entry: EntrySnapshot, iterations: number): string[] {
  const { method, name, numRequests, numNoneRequests, numFailures, minResponseTime, maxResponseTime } = entry;
  const least = minResponseTime ?? 0;
  // Buckets, but never below the exact minimum.
  const [median = 0, p95 = 0] = [0.5, 0.95].map((part) => Math.max(percentileOf(entry, part), least));
  const times = [least, median, p95, maxResponseTime].map(short);
  const shown = numRequests > numNoneRequests ? times : times.map(() => '-');
  const perIteration = iterations === 0 ? '-' : short(numRequests / iterations);
  return [method, name, String(numRequests), String(numFailures), ...shown, perIteration];
}

function failuresOf({ errors }: StatsSnapshot): string[] {
  if (errors.length === 0) return [];
  const lines = errors.map(
    ({ occurrences, method, name, error }) => `    ${occurrences} × ${method} ${name}: ${error}`,
  );
  return ['', '  Failures', ...lines];
}

function exceptionsOf({ exceptions }: Trial): string[] {
  if (exceptions.length === 0) return [];
  const lines = exceptions.map(({ count, message, traceback }) => {
    const [first = '', ...rest] = (traceback || message).split('\n');
    return [`    ${count} × ${first}`, ...rest.map((line) => `    ${line}`)].join('\n');
  });
  return ['', '  Exceptions', ...lines];
}
