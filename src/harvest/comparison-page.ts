import { count, plain, space } from '../report/html/format.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { type Cell, type Column, tableMarkup } from '../report/html/table.ts';
import { type ComparedFigure, comparedFigures, figureText, ratioText } from './comparison.ts';
import { chartOf } from './page-chart.ts';
import { pageOf, shownMoment } from './page-frame.ts';
import type { HarvestResult } from './result.ts';

const titles: Readonly<Record<ComparedFigure['group'], string>> = {
  payloads: 'Payloads',
  'response times': 'Response times',
  'execution times': 'Execution times',
};

/** Two harvests as one HTML page: their distributions one over the other, and each figure with its difference. */
export function comparisonPage(a: HarvestResult, b: HarvestResult): string {
  const names = namesOf(a, b);
  const charts = (['responseTimes', 'executionTimes'] as const).flatMap((key) => {
    if (a[key].count + b[key].count === 0) return [];
    const runs = [
      { label: names[0], data: a[key] },
      { label: names[1], data: b[key] },
    ];
    return [chartOf(key === 'responseTimes' ? 'Response times' : 'Execution times', a.binMilliseconds, runs)];
  });
  const figures = comparedFigures(a, b);
  const tables = Object.entries(titles).map(([group, caption]) =>
    tableOf(
      caption,
      figures.filter((figure) => figure.group === group),
      names,
    ),
  );
  const body = html`<section aria-labelledby="figures"><h2 id="figures">Figures</h2>
${tables}</section>
`;
  return pageOf({ title: `${a.run} and ${b.run}`, head: headMarkup(a, b), charts, body: [body] });
}

/** A run compared with itself, or with one of the same name in another folder, is told apart. */
function namesOf(a: HarvestResult, b: HarvestResult): readonly [string, string] {
  return a.run === b.run ? [`${a.run} (first)`, `${b.run} (second)`] : [a.run, b.run];
}

function headMarkup(a: HarvestResult, b: HarvestResult): Markup {
  const names = namesOf(a, b);
  const figures = [a, b].map(
    ({ responseTimes: { p95 } }, at) =>
      html`<div><dt>${names[at] ?? ''}: response p95</dt><dd>${plain(p95)} <small>ms</small></dd></div>`,
  );
  const facts = [a, b].map(({ window, devices, payloads }, at) => {
    const span = `${shownMoment(window.start)} up to ${shownMoment(window.end)}`;
    const sizes = `${count(devices)} devices, ${count(payloads.published)} payloads`;
    return html`<div><dt>${names[at] ?? ''}</dt><dd>${span}; ${sizes}</dd></div>`;
  });
  return html`<div class="verdict open">
<p class="mark">Two runs compared</p>
<p class="conclusion">${conclusionOf(a, b)}</p>
</div>
<dl class="figures">${figures}</dl>
<dl class="facts">${facts}</dl>
`;
}

function conclusionOf(a: HarvestResult, b: HarvestResult): string {
  const [one, other] = [a.responseTimes, b.responseTimes];
  if (one.count === 0 || other.count === 0) return 'One of the runs has no response times to compare.';
  const ratio = one.p95 === 0 ? '' : ` (${ratioText((other.p95 - one.p95) / one.p95)})`;
  return `95% of the echoes came back within ${plain(other.p95)}${space}ms in ${b.run}, within ${plain(one.p95)}${space}ms in ${a.run}${ratio}.`;
}

function tableOf(caption: string, rows: readonly ComparedFigure[], names: readonly [string, string]): Markup {
  const number = (title: string, of: (row: ComparedFigure) => Cell): Column<ComparedFigure> => ({
    title,
    kind: 'number',
    cell: of,
  });
  const columns: readonly Column<ComparedFigure>[] = [
    { title: 'Figure', kind: 'name', cell: ({ name }) => ({ text: name }) },
    number(names[0], (row) => cellOf(figureText(row, row.a, false), row.a)),
    number(names[1], (row) => cellOf(figureText(row, row.b, false), row.b)),
    number('Difference', (row) => cellOf(figureText(row, row.difference, true), row.difference)),
    number('In percent', (row) => cellOf(ratioText(row.ratio), row.ratio)),
  ];
  const note = caption === 'Payloads' ? {} : { note: 'Times in ms.' };
  return tableMarkup({ id: caption.toLowerCase().replace(' ', '-'), caption, ...note, columns, rows });
}

function cellOf(text: string, value: number | null): Cell {
  return value === null ? { text } : { text, value };
}
