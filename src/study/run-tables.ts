import { clock, count, measure, plain } from '../report/html/format.ts';
import type { Markup } from '../report/html/markup.ts';
import { type Column, figure, tableMarkup } from '../report/html/table.ts';
import type { Mark } from './mark.ts';
import { nameOf, scaleWord } from './phrases.ts';
import type { StudyResult } from './result.ts';

/** Every attempt at every mark. */
export function markTable({ marks, startTime, finding }: StudyResult): Markup {
  const number = (title: string, of: (mark: Mark) => number | null, format = plain): Column<Mark> => ({
    title,
    kind: 'number',
    cell: (mark) => {
      const value = of(mark);
      return value === null ? { text: '–' } : figure(value, format);
    },
  });
  const columns: readonly Column<Mark>[] = [
    { title: scaleWord(finding), kind: 'name', cell: ({ scale }) => ({ text: nameOf(scale) }) },
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

/** null if nothing failed. */
export function failureTable({ marks, finding }: StudyResult): Markup | null {
  const rows = marks.flatMap((mark): FailureRow[] => mark.errors.map((failure) => ({ mark, failure })));
  if (rows.length === 0) return null;
  const columns: readonly Column<FailureRow>[] = [
    { title: scaleWord(finding), kind: 'name', cell: ({ mark }) => ({ text: nameOf(mark.scale) }) },
    { title: 'Users', kind: 'number', cell: ({ mark }) => figure(mark.users, count) },
    { title: 'Count', kind: 'number', cell: ({ failure }) => figure(failure.count, count) },
    { title: 'Name', kind: 'text', cell: ({ failure }) => ({ text: `${failure.method} ${failure.name}` }) },
    { title: 'Message', kind: 'text', cell: ({ failure }) => ({ text: failure.message }) },
  ];
  return tableMarkup({ id: 'study-failures', caption: 'Failures', columns, rows });
}
