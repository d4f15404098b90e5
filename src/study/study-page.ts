import { clock, count, duration, measure, percent, plain } from '../report/html/format.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { type Column, figure, tableMarkup } from '../report/html/table.ts';
import { changeText, nameOf } from './conclusion.ts';
import type { ScaleFinding } from './finding.ts';
import type { Sample } from './journal.ts';
import type { Level } from './level.ts';
import { levelCells, levelHeads } from './level-cells.ts';
import type { Mark } from './mark.ts';
import { lawText } from './markdown.ts';
import { studyPageData } from './page-data.ts';
import { pageOf } from './page-frame.ts';
import type { StudyResult } from './result.ts';
import { settingsMarkup } from './settings-markup.ts';

/** A study as one HTML page: the conclusion, then charts, tables, settings. */
export function studyPage(result: StudyResult, samples: readonly Sample[]): string {
  const body = html`${headMarkup(result)}
<section aria-labelledby="charts" class="scripted"><h2 id="charts">Against users</h2>
<div id="curves" class="charts"></div></section>
<section aria-labelledby="scales"><h2 id="scales">By scale</h2>
${scaleTable(result)}${result.finding.scales.map(levelTable)}</section>
<section aria-labelledby="timeline" class="scripted"><h2 id="timeline">Second by second</h2>
<div id="timeline-charts" class="charts"></div></section>
<section aria-labelledby="all"><h2 id="all">All runs</h2>
${markTable(result)}${failureTable(result.marks)}</section>
${settingsMarkup(result)}`;
  return pageOf(`Study: ${result.name}`, body, studyPageData(result, samples));
}

function headMarkup({ conclusion, remarks, finding, startTime, endTime, marks, planned }: StudyResult): Markup {
  const [first = '', ...more] = conclusion;
  const { top } = finding;
  const knee = top?.knee.isReached ? count(top.knee.users) : '–';
  const figures: readonly (readonly [string, string, string])[] = [
    ['Best mark', top?.best == null ? '–' : measure(top.best.rps), 'requests/s'],
    ['With', top?.best == null ? '–' : count(top.best.users), 'users'],
    ['Knee', knee, knee === '–' ? 'not reached' : 'users'],
    ['Scales', count(finding.scales.length), ''],
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

function scaleTable({ finding: { scales, steps } }: StudyResult): Markup {
  const columns: readonly Column<ScaleFinding>[] = [
    { title: 'Scale', kind: 'name', cell: ({ scale }) => ({ text: nameOf(scale) }) },
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
  return tableMarkup({ id: 'scale-table', caption: 'What was found', note, columns, rows: scales });
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

function markTable({ marks, startTime }: StudyResult): Markup {
  const number = (title: string, of: (mark: Mark) => number | null, format = plain): Column<Mark> => ({
    title,
    kind: 'number',
    cell: (mark) => {
      const value = of(mark);
      return value === null ? { text: '–' } : figure(value, format);
    },
  });
  const columns: readonly Column<Mark>[] = [
    { title: 'Scale', kind: 'name', cell: ({ scale }) => ({ text: nameOf(scale) }) },
    number('Users', ({ users }) => users, count),
    number('Rate', ({ spawnRate }) => spawnRate),
    number('Repeat', ({ repeat }) => repeat, count),
    number('Attempt', ({ attempt }) => attempt, count),
    {
      title: 'From',
      kind: 'text',
      cell: (mark) => ({ text: mark.startTime === 0 ? '–' : clock(Math.max(mark.startTime, startTime)) }),
    },
    number('Seconds', ({ seconds }) => seconds),
    number('Requests', ({ requests }) => requests, count),
    number('Failures', ({ failures }) => failures, count),
    number('rps', ({ rps }) => rps, measure),
    number('Median', ({ median }) => median),
    number('p95', ({ p95 }) => p95),
    number('p99', ({ p99 }) => p99),
    number('CPU', ({ cpu }) => cpu),
    number('Workers', ({ workers }) => workers, count),
    {
      title: 'Disturbed',
      kind: 'text',
      cell: ({ disturbances }) => ({ text: disturbances.map(({ text }) => text).join('; ') }),
    },
  ];
  return tableMarkup({
    id: 'marks',
    caption: 'Every attempt',
    note: 'Times in ms, CPU in percent of the busiest generator.',
    columns,
    rows: marks,
  });
}

interface FailureRow {
  readonly mark: Mark;
  readonly failure: Mark['errors'][number];
}

function failureTable(marks: readonly Mark[]): Markup | null {
  const rows = marks.flatMap((mark): FailureRow[] => mark.errors.map((failure) => ({ mark, failure })));
  if (rows.length === 0) return null;
  const columns: readonly Column<FailureRow>[] = [
    { title: 'Scale', kind: 'name', cell: ({ mark }) => ({ text: nameOf(mark.scale) }) },
    { title: 'Users', kind: 'number', cell: ({ mark }) => figure(mark.users, count) },
    { title: 'Count', kind: 'number', cell: ({ failure }) => figure(failure.count, count) },
    { title: 'Name', kind: 'text', cell: ({ failure }) => ({ text: `${failure.method} ${failure.name}` }) },
    { title: 'Message', kind: 'text', cell: ({ failure }) => ({ text: failure.message }) },
  ];
  return tableMarkup({ id: 'study-failures', caption: 'Failures', columns, rows });
}
