import { count, measure, percent, plain } from '../report/html/format.ts';
import type { Cell, Column } from '../report/html/table.ts';
import type { Finding, ScaleFinding } from './finding.ts';
import { meanText, nameOf, people, shareText } from './phrases.ts';
import type { Ranked } from './ranking.ts';

/** A variant with all that was found of it. */
export interface RankedRow {
  readonly ranked: Ranked;
  readonly finding: ScaleFinding;
}

/** The variants side by side, the best first; none where there is no ranking. */
export function rankedRows({ ranking, scales }: Finding): readonly RankedRow[] {
  return (ranking?.ranked ?? []).flatMap((ranked) => {
    const finding = scales.find(({ scale }) => scale === ranked.scale);
    return finding === undefined ? [] : [{ ranked, finding }];
  });
}

/** What is compared. The texts of the cells are for Markdown too. */
export function rankedColumns(rows: readonly RankedRow[]): readonly Column<RankedRow>[] {
  const light = rows.find(({ ranked }) => ranked.atLight !== null)?.ranked.atLight?.users;
  const number = (
    title: string,
    of: (row: RankedRow) => number | null | undefined,
    format: (value: number) => string,
  ): Column<RankedRow> => ({ title, kind: 'number', cell: (row) => cellOf(of(row), format) });
  return [
    { title: 'Variant', kind: 'name', cell: ({ ranked }) => ({ text: nameOf(ranked.scale) }) },
    number('Best mark (rps)', ({ ranked }) => ranked.rps, measure),
    number('Share', ({ ranked }) => ranked.share, shareText),
    number('Users', ({ ranked }) => ranked.atBest?.users, count),
    {
      title: 'Knee',
      kind: 'number',
      cell: ({ finding: { knee } }) =>
        knee.isReached ? { text: `${knee.isAtLowest ? '≤ ' : ''}${count(knee.users)}`, value: knee.users } : none,
    },
    number('Median (ms)', ({ ranked }) => ranked.atBest?.median, plain),
    number('p95 (ms)', ({ ranked }) => ranked.atBest?.p95, plain),
    ...(light === undefined
      ? []
      : [
          number(`${people(light)}: mean (ms)`, ({ ranked }) => ranked.atLight?.average, meanText),
          number('its median', ({ ranked }) => ranked.atLight?.median, plain),
          number('its p95', ({ ranked }) => ranked.atLight?.p95, plain),
        ]),
    { title: 'Failures', kind: 'text', cell: ({ finding }) => failuresOf(finding) },
    ...(rows.some(({ ranked }) => ranked.isGeneratorSaturated) ? [generator] : []),
  ];
}

const generator: Column<RankedRow> = {
  title: 'Generator',
  kind: 'text',
  cell: ({ ranked }) => (ranked.isGeneratorSaturated ? { text: 'saturated', kind: 'bad' } : { text: '' }),
};

const none: Cell = { text: '–' };

function cellOf(value: number | null | undefined, format: (value: number) => string): Cell {
  return value == null ? none : { text: format(value), value };
}

function failuresOf({ onset, levels }: ScaleFinding): Cell {
  if (onset !== null)
    return { text: `${percent(onset.failRatio)} from ${people(onset.users)} on`, value: onset.failRatio, kind: 'bad' };
  const most = Math.max(0, ...levels.map(({ failRatio }) => failRatio));
  return { text: percent(most), value: most };
}
