import type { ErrorSnapshot, StatsSnapshot } from '../stats/snapshot.ts';
import { percentTitles, reportedPercents } from './percents.ts';
import { compareText, fixed, padEnd, padStart, textOfRepr, whole } from './python-text.ts';
import type { Rates } from './recent.ts';
import type { RunRecord } from './record.ts';
import { Row } from './row.ts';
import type { ExceptionRow } from './run.ts';

const typeWidth = 8;
const widestName = 80;

/**
 * Room for names on a terminal of so many columns; undefined where there is none. Locust's `STATS_NAME_WIDTH`.
 *
 * @example statsTable(record, false, nameWidthFor(process.stdout.columns))
 */
export function nameWidthFor(columns: number | undefined): number {
  return columns === undefined ? widestName : Math.max(Math.min(columns - 80, widestName), 0);
}

const dashes = (...widths: readonly number[]): string =>
  widths.map((width) => '-'.repeat(Math.max(0, width))).join('|');

/** Each table ends with an empty line, as Locust prints it; the line end after it is the caller's. */
const textOf = (lines: readonly string[]): string => [...lines, ''].join('\n');

/**
 * The statistics by name and in total: rates of the last seconds, or of the whole run if it is final. Locust's
 * `print_stats`.
 */
export function statsTable(record: RunRecord, isFinal: boolean, nameWidth: number = widestName): string {
  // columns were once made narrower for this; on a narrow terminal Python takes the sign for a flag
  const width = nameWidth - typeWidth + 4;
  const name = Math.abs(width);
  const lineOf = (row: Row): string => statsLine(row, isFinal ? record.totalRatesOf(row) : record.ratesOf(row), name);
  const head = `${padEnd('Type', typeWidth)} ${padEnd('Name', name)}  # reqs      # fails |    Avg     Min     Max    Med |   req/s  failures/s`;
  const separator = dashes(typeWidth, width, 7, 13, 7, 7, 7, 7, 8, 11);
  return textOf([head, separator, ...record.rows.map(lineOf), separator, lineOf(record.total)]);
}

function statsLine(row: Row, { requestsPerSecond, failuresPerSecond }: Rates, nameWidth: number): string {
  const { numRequests, numFailures, minResponseTime, maxResponseTime } = row.sums;
  const method = row.method === '' ? '' : `${row.method} `;
  const fails = `${numFailures}(${fixed(row.failRatio * 100, 2)}%)`;
  const number = (value: number): string => padStart(whole(value), 7);
  return (
    `${padEnd(method, typeWidth)} ${padEnd(row.name, nameWidth)} ${number(numRequests)} ${padStart(fails, 12)} |` +
    `${number(row.average)} ${number(minResponseTime ?? 0)} ${number(maxResponseTime)}${number(row.median)} | ` +
    `${padStart(fixed(requestsPerSecond, 2), 7)} ${padStart(fixed(failuresPerSecond, 2), 11)}`
  );
}

/** Response times by name and in total. Locust's `print_percentile_stats`. */
export function percentileTable(stats: StatsSnapshot, nameWidth: number = widestName): string {
  const columns = (cells: readonly string[]): string => cells.map((cell) => padStart(cell, 6)).join(' ');
  const head = `${padEnd('Type', typeWidth)} ${padEnd('Name', nameWidth)} ${padStart(percentTitles[0] ?? '', 8)} `;
  const separator = dashes(typeWidth, nameWidth, 8, ...reportedPercents.map(() => 6));
  const lineOf = (row: Row): string => {
    const [first = '', ...more] = row.percentiles(reportedPercents).map(whole);
    const name = `${padEnd(row.method, typeWidth)} ${padEnd(row.name, nameWidth)}`;
    return `${name} ${padStart(first, 8)} ${columns([...more, String(row.sums.numRequests)])}`;
  };
  const timed = stats.entries.filter(({ responseTimes }) => responseTimes.size > 0);
  const rows = timed.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.method, b.method));
  return textOf([
    'Response time percentiles (approximated)',
    head + columns([...percentTitles.slice(1), '# reqs']),
    separator,
    ...rows.map((entry) => lineOf(Row.of(entry))),
    separator,
    ...(stats.total.responseTimes.size > 0 ? [lineOf(Row.of(stats.total))] : []),
  ]);
}

/** Failures by method, name and text; empty if there were none. Locust's `print_error_report`. */
export function errorReport({ errors }: StatsSnapshot, nameWidth: number = widestName): string {
  if (errors.length === 0) return '';
  const separator = dashes(18, 80 + nameWidth - 19);
  return textOf([
    'Error report',
    `${padEnd('# occurrences', 18)} ${padEnd('Error', 100)}`,
    separator,
    ...errors.map((error) => `${padEnd(String(error.occurrences), 18)} ${padEnd(nameOf(error), 100)}`),
    separator,
  ]);
}

/** What user code threw, the most frequent first; '' if nothing. Locust tells of it in its log and web UI only. */
export function exceptionReport(exceptions: readonly ExceptionRow[], nameWidth: number = widestName): string {
  if (exceptions.length === 0) return '';
  const separator = dashes(18, 80 + nameWidth - 19);
  return textOf([
    'Exceptions report',
    `${padEnd('# occurrences', 18)} ${padEnd('Exception (the log has where it was thrown)', 100)}`,
    separator,
    ...[...exceptions]
      .sort((a, b) => b.count - a.count)
      .map(({ count, message }) => `${padEnd(String(count), 18)} ${padEnd(message, 100)}`),
    separator,
  ]);
}

const ownCheck = 'CatchResponseError(';

/** What a user's own check said stands for itself, without the error around it. Locust's `to_name`. */
function nameOf({ method, name, error }: ErrorSnapshot): string {
  const inner = error.startsWith(ownCheck) ? error.slice(ownCheck.length, -1) : undefined;
  return `${method} ${name}: ${inner === undefined ? error : (textOfRepr(inner) ?? inner)}`;
}

/** The run in one line, for a terminal: users, rate of the last second, failures, p95 of the last ten seconds. */
export function statusLine(record: RunRecord): string {
  const { last, total, userCount } = record;
  const { numFailures } = total.sums;
  const p95 = last?.p95 ?? null;
  return [
    `${userCount} ${userCount === 1 ? 'user' : 'users'}`,
    `${(last?.requestsPerSecond ?? 0).toFixed(1)} requests/s`,
    `${numFailures} ${numFailures === 1 ? 'failure' : 'failures'} (${(total.failRatio * 100).toFixed(2)}%)`,
    `p95 ${p95 === null ? '–' : `${Math.round(p95)} ms`}`,
  ].join(' · ');
}
