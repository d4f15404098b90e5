import { count, measure, plain } from '../report/html/format.ts';
import type { DistributionData } from './distribution.ts';
import type { HarvestResult } from './result.ts';
import { textTable } from './text-table.ts';

/** A harvest as lines of text, as `run.log` has it. */
export function summaryOf(result: HarvestResult): string[] {
  const { run, window, windowBy, lines, logs, tornLines, remarks } = result;
  const by = windowBy === 'publishing' ? 'by the time of publishing' : 'by the time of arrival at the application';
  return [
    `run        ${run}`,
    `window     ${window.start} up to ${window.end}, ${by}`,
    `read       ${count(lines.total)} lines of ${logsText(logs)}: ${count(lines.told)} of payloads, ${count(lines.others)} others, ${count(lines.torn)} torn`,
    ...payloadLines(result),
    '',
    ...textTable([
      ['ms', 'count', 'mean', 'min', 'p50', 'p90', 'p95', 'p99', 'max'],
      ['response times', ...figuresOf(result.responseTimes)],
      ['execution times', ...figuresOf(result.executionTimes)],
    ]),
    ...(remarks.length > 0 ? ['', ...remarks.map((text) => `note: ${text}`)] : []),
    ...tornLines.map(({ source, line, text }) => `  torn: ${source}:${line}: ${text}`),
  ];
}

function logsText(logs: readonly string[]): string {
  return logs.length === 1 ? (logs[0] ?? '') : `${logs.length} logs`;
}

function payloadLines({ devices, payloads, windowBy }: HarvestResult): string[] {
  const { published, received, late, lost, timedOut, echoed, dropped, unanswered } = payloads;
  const answered = `answered   ${count(echoed)} by the application`;
  if (windowBy === 'arrival') return [answered];
  const never = unanswered === null ? 'not known' : `${count(unanswered)} never (unanswered.csv)`;
  return [
    `published  ${count(published)} payloads by ${count(devices)} ${devices === 1 ? 'device' : 'devices'}`,
    `received   ${count(received)} in time, ${count(late)} late (late.csv), ${count(lost)} never (lost.csv); ${count(timedOut)} timeouts`,
    `${answered}, ${never}, of which ${count(dropped)} were dropped on purpose`,
  ];
}

function figuresOf({ count: amount, mean, min, p50, p90, p95, p99, max }: DistributionData): string[] {
  if (amount === 0) return ['0', ...Array.from({ length: 7 }, () => '-')];
  return [count(amount), measure(mean), ...[min, p50, p90, p95, p99, max].map(plain)];
}
