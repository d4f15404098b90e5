import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { count, measure, plain } from '../report/html/format.ts';
import type { DistributionData } from './distribution.ts';
import { type HarvestResult, resultFormat } from './result.ts';
import { textTable } from './text-table.ts';

/** One figure of two runs; null where it is not known. Times in ms. */
export interface ComparedFigure {
  readonly group: 'payloads' | 'response times' | 'execution times';
  readonly name: string;
  readonly a: number | null;
  readonly b: number | null;
  /** b − a */
  readonly difference: number | null;
  /** Part of a by which b differs; null if a is 0. */
  readonly ratio: number | null;
}

const payloadFigures = {
  published: 'published',
  received: 'received',
  late: 'late',
  timedOut: 'timeouts',
  lost: 'never received',
  echoed: 'answered',
  dropped: 'dropped on purpose',
  unanswered: 'never answered',
} as const;
const timeFigures = ['count', 'mean', 'min', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

/** What `harvest.json` of this folder holds; a `UsageError` if it is none, or of another version. */
export function readResult(folder: string): HarvestResult {
  const file = join(folder, 'harvest.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new UsageError(`${folder} holds no harvest: ${(thrown as Error).message}`);
  }
  try {
    const result = JSON.parse(text) as Partial<HarvestResult> | null;
    if (result?.format === resultFormat) return result as HarvestResult;
  } catch {
    // it is no JSON
  }
  throw new UsageError(`${file} is not of this version of katydid; harvest the run again`);
}

/** The figures of two runs side by side. */
export function comparedFigures(a: HarvestResult, b: HarvestResult): ComparedFigure[] {
  const payloads = (Object.keys(payloadFigures) as (keyof typeof payloadFigures)[]).map((key) =>
    compared('payloads', payloadFigures[key], a.payloads[key], b.payloads[key]),
  );
  const times = (group: ComparedFigure['group'], one: DistributionData, other: DistributionData): ComparedFigure[] =>
    timeFigures.map((key) => {
      const figureOf = (data: DistributionData): number | null =>
        data.count === 0 && key !== 'count' ? null : data[key];
      return compared(group, key, figureOf(one), figureOf(other));
    });
  return [
    ...payloads,
    ...times('response times', a.responseTimes, b.responseTimes),
    ...times('execution times', a.executionTimes, b.executionTimes),
  ];
}

function compared(group: ComparedFigure['group'], name: string, a: number | null, b: number | null): ComparedFigure {
  const difference = a === null || b === null ? null : b - a;
  return { group, name, a, b, difference, ratio: difference === null || !a ? null : difference / a };
}

/** Whether a figure is an amount, and no time. */
export function isAmount({ group, name }: ComparedFigure): boolean {
  return group === 'payloads' || name === 'count';
}

/** A figure as people read it; with a sign if it is a difference. */
export function figureText(figure: ComparedFigure, value: number | null, isDifference: boolean): string {
  if (value === null) return '–';
  const size = Math.abs(value);
  const text = isAmount(figure) ? count(size) : figure.name === 'mean' ? measure(size) : plain(size);
  const sign = value < 0 ? '−' : value > 0 && isDifference ? '+' : '';
  return sign + text;
}

/** `+12%` */
export function ratioText(ratio: number | null): string {
  if (ratio === null) return '';
  const size = Math.abs(ratio) * 100;
  const text = size > 0 && size < 0.1 ? '<0.1' : plain(Math.round(size * 10) / 10);
  return `${ratio < 0 ? '−' : ratio > 0 ? '+' : ''}${text}%`;
}

/** The comparison as lines of text. */
export function comparisonTable(a: HarvestResult, b: HarvestResult): string[] {
  let group = '';
  const rows = comparedFigures(a, b).flatMap((figure) => {
    const row = [
      `  ${figure.name}`,
      figureText(figure, figure.a, false),
      figureText(figure, figure.b, false),
      figureText(figure, figure.difference, true),
      ratioText(figure.ratio),
    ];
    if (figure.group === group) return [row];
    group = figure.group;
    return [[group === 'payloads' ? group : `${group}, ms`, '', '', '', ''], row];
  });
  return textTable([['', a.run, b.run, 'difference', ''], ...rows]);
}
