import { count, duration, measure, percent, plain } from '../report/html/format.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { type Column, figure, tableMarkup } from '../report/html/table.ts';
import type { Finding, ScaleFinding } from './finding.ts';
import type { Sample } from './journal.ts';
import type { Level } from './level.ts';
import { levelCells, levelHeads } from './level-cells.ts';
import { lawText } from './markdown.ts';
import { studyPageData } from './page-data.ts';
import { pageOf } from './page-frame.ts';
import { changeText, nameOf, scaleWord } from './phrases.ts';
import { rankedColumns, rankedRows } from './ranking-table.ts';
import type { StudyResult } from './result.ts';
import { failureTable, markTable } from './run-tables.ts';
import { settingsMarkup } from './settings-markup.ts';

/** A study as one HTML page: the conclusion, then charts, tables, settings. */
export function studyPage(result: StudyResult, samples: readonly Sample[]): string {
  const body = html`${headMarkup(result)}
${rankingMarkup(result.finding)}<section aria-labelledby="charts" class="scripted"><h2 id="charts">Against users</h2>
<div id="curves" class="charts"></div></section>
<section aria-labelledby="scales"><h2 id="scales">By ${scaleWord(result.finding).toLowerCase()}</h2>
${scaleTable(result)}${result.finding.scales.map(levelTable)}</section>
<section aria-labelledby="timeline" class="scripted"><h2 id="timeline">Second by second</h2>
<div id="timeline-charts" class="charts"></div></section>
<section aria-labelledby="all"><h2 id="all">All runs</h2>
${markTable(result)}${failureTable(result)}</section>
${settingsMarkup(result)}`;
  return pageOf(`Study: ${result.name}`, body, studyPageData(result, samples));
}

/** The variants side by side. */
function rankingMarkup(finding: Finding): Markup | null {
  const rows = rankedRows(finding);
  if (rows.length === 0) return null;
  const limit = rows.some(({ ranked }) => ranked.isGeneratorSaturated)
    ? ' Where the generator was saturated, the system may take more.'
    : '';
  const note = `Users, median and p95: of the best mark; share: of the highest one. A mean is exact, percentiles are as fine as the buckets of response times.${limit}`;
  const table = tableMarkup({ id: 'ranking', caption: 'Best first', note, columns: rankedColumns(rows), rows });
  return html`<section aria-labelledby="compared"><h2 id="compared">Compared</h2>
${table}</section>
`;
}

function headMarkup({ conclusion, remarks, finding, startTime, endTime, marks, planned }: StudyResult): Markup {
  const [first = '', ...more] = conclusion;
  const { top } = finding;
  const knee = top?.knee.isReached ? count(top.knee.users) : '–';
  const figures: readonly (readonly [string, string, string])[] = [
    ['Best mark', top?.best == null ? '–' : measure(top.best.rps), 'requests/s'],
    ['With', top?.best == null ? '–' : count(top.best.users), 'users'],
    ['Knee', knee, knee === '–' ? 'not reached' : 'users'],
    [`${scaleWord(finding)}s`, count(finding.scales.length), ''],
    ['Runs', count(marks.length), `of ${count(planned)} planned`],
    ['Disturbed', count(marks.filter(({ disturbances }) => disturbances.length > 0).length), 'runs'],
    ['Took', duration(endTime - startTime), ''],
  ];
  return html`<div class="verdict open">
<p class="mark">Conclusion</p>
<p class="conclusion">${first}</p>
<ul>${more.map((text) => html`<li>${text}</li>`)}</ul>
</div>
${remarksMarkup(remarks)}
<dl class="figures">${figures.map(([name, value, unit]) => html`<div><dt>${name}</dt><dd>${value} <small>${unit}</small></dd></div>`)}</dl>
`;
}

function remarksMarkup(remarks: readonly string[]): Markup | null {
  if (remarks.length === 0) return null;
  return html`<section class="remarks" aria-labelledby="remarks"><h2 id="remarks">What to know before believing it</h2>
<ul>${remarks.map((remark) => html`<li>${remark}</li>`)}</ul></section>`;
}

/** Columns of what the ranking says, or of what there is none of between variants. */
const ranked: readonly string[] = ['Best mark (rps)', 'With users', 'Change', 'Bottleneck'];

function scaleTable({ finding }: StudyResult): Markup {
  const { scales, steps, ranking } = finding;
  const columns: readonly Column<ScaleFinding>[] = [
    { title: scaleWord(finding), kind: 'name', cell: ({ scale }) => ({ text: nameOf(scale) }) },
    {
      title: 'Best mark (rps)',
      kind: 'number',
      cell: ({ best }) => (best === null ? { text: '–' } : figure(best.rps, measure)),
    },
    {
      title: 'With users',
      kind: 'number',
      cell: ({ best }) => (best === null ? { text: '–' } : figure(best.users, count)),
    },
    {
      title: 'Change',
      kind: 'number',
      cell: ({ scale }) => {
        const change = steps.find(({ to }) => to === scale)?.change ?? null;
        return change === null
          ? { text: '–' }
          : { text: `${change > 0 ? '+' : ''}${changeText(change)}`, value: change };
      },
    },
    {
      title: 'Bottleneck',
      kind: 'text',
      cell: ({ scale }) => ({ text: steps.find(({ to }) => to === scale)?.bottleneck ?? '' }),
    },
    {
      title: 'Knee (users)',
      kind: 'number',
      cell: ({ knee }) => (knee.isReached ? { text: count(knee.users) } : { text: '–' }),
    },
    {
      title: 'Between',
      kind: 'text',
      cell: ({ knee }) => ({
        text: knee.isReached
          ? `${plain(knee.range[0])} and ${plain(knee.range[1])}, ${percent(knee.confidence)} sure`
          : knee.reason,
      }),
    },
    {
      title: 'Failures from (users)',
      kind: 'number',
      cell: ({ onset }) => ({ text: onset === null ? '–' : count(onset.users) }),
    },
    {
      title: 'Of kind',
      kind: 'text',
      cell: ({ onset }) => ({ text: onset?.kinds.map(({ kind }) => kind).join(', ') ?? '' }),
    },
  ];
  const note =
    'The knee is the crossing of the asymptotes: where the line of light load meets the highest rps; between: nine of ten repetitions with the noise that was seen.';
  return tableMarkup({
    id: 'scale-table',
    caption: ranking === null ? 'What was found' : 'Knees and failures',
    note,
    columns: ranking === null ? columns : columns.filter(({ title }) => !ranked.includes(title)),
    rows: scales,
  });
}

function levelTable({ scale, levels, law, little }: ScaleFinding, at: number): Markup {
  const columns = levelHeads.map(
    (title, column): Column<Level> => ({
      title,
      kind: title === 'Failures' || title === 'Remark' ? 'text' : 'number',
      cell: (level) => ({ text: levelCells(level)[column] ?? '' }),
    }),
  );
  const residual: Column<Level> = {
    title: 'Off the law',
    kind: 'number',
    cell: ({ users }) => {
      const part = law?.residuals.find((own) => own.users === users)?.part;
      return part === undefined ? { text: '–' } : { text: `${part > 0 ? '+' : ''}${changeText(part)}`, value: part };
    },
  };
  const byLaw: Column<Level> = {
    title: "Users by Little's law",
    kind: 'number',
    cell: ({ users }) => {
      const check = little?.checks.find((own) => own.users === users);
      return check === undefined ? { text: '–' } : figure(check.byLaw, plain, check.isBroken ? 'bad' : undefined);
    },
  };
  const note = law === null ? '± is two standard errors.' : `± is two standard errors. ${lawText(law)}`;
  return tableMarkup({
    id: `levels-${at}`,
    caption: nameOf(scale),
    note,
    columns: [...columns, residual, byLaw],
    rows: levels,
  });
}
