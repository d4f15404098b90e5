import { duration, measure, moment, percent, plain } from '../report/html/format.ts';
import type { Finding, ScaleFinding } from './finding.ts';
import { levelCells, levelHeads } from './level-cells.ts';
import { nameOf } from './phrases.ts';
import { rankedColumns, rankedRows } from './ranking-table.ts';
import type { StudyResult } from './result.ts';

/** A study as Markdown: the conclusion, then a table for each scale. */
export function markdownOf(result: StudyResult): string {
  const { name, conclusion, remarks, finding, startTime, endTime, versions } = result;
  const about = `${moment(startTime)} UTC, ${duration(endTime - startTime)}; ${Object.entries(versions)
    .map((pair) => pair.join(' '))
    .join(', ')}`;
  return `${[
    `# ${escaped(name)}`,
    conclusion.map((text) => `- ${escaped(text)}`).join('\n'),
    ...(remarks.length === 0 ? [] : ['## Remarks', remarks.map((text) => `- ${escaped(text)}`).join('\n')]),
    ...rankingText(finding),
    ...finding.scales.flatMap((scale) => scaleText(scale)),
    `_${escaped(about)}_`,
  ].join('\n\n')}\n`;
}

function rankingText(finding: Finding): readonly string[] {
  const rows = rankedRows(finding);
  if (rows.length === 0) return [];
  const columns = rankedColumns(rows);
  const cells = rows.map((row) => columns.map(({ cell }) => String(cell(row).text)));
  return ['## Compared', tableText([columns.map(({ title }) => title), ...cells])];
}

function scaleText({ scale, levels, law }: ScaleFinding): readonly string[] {
  const table = tableText([levelHeads, ...levels.map((level) => levelCells(level))]);
  return [`## ${escaped(nameOf(scale))}`, table, ...(law === null ? [] : [lawText(law)])];
}

/** The first row heads the others. */
function tableText([heads = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The fitted law in a line. */
export function lawText({ lambda, sigma, kappa, peak, limit, worst, r2 }: NonNullable<ScaleFinding['law']>): string {
  const prediction =
    peak !== null
      ? `at most ${measure(peak.rps)} rps, with ${plain(peak.users)} users`
      : limit !== null
        ? `never more than ${measure(limit)} rps`
        : 'no limit';
  return `Universal Scalability Law: λ ${measure(lambda)} rps, σ ${significant(sigma)}, κ ${significant(kappa)}; it predicts ${prediction}; R² ${r2.toFixed(3)}, at most ${percent(worst)} off.`;
}

function significant(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}

function escaped(text: string): string {
  return text.replace(/[|\\`*_<>[\]]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
}
