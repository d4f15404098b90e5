import { count, measure, percent, plain } from '../report/html/format.ts';
import { kindsOf } from './failure-kind.ts';
import type { Level } from './level.ts';

/** What is told of a level, in this order. */
export const levelHeads: readonly string[] = [
  'Users',
  'rps',
  '±',
  'Failures',
  'Median (ms)',
  'p95 (ms)',
  'p99 (ms)',
  'Runs',
  'Remark',
];

export function levelCells(level: Level): readonly string[] {
  const ms = (value: number | null): string => (value === null ? '–' : plain(value));
  const [main] = kindsOf(level.marks.flatMap(({ errors }) => errors));
  const failures =
    level.failRatio > 0 ? `${percent(level.failRatio)}${main === undefined ? '' : ` ${main.kind}`}` : '0%';
  return [
    count(level.users),
    measure(level.rps),
    measure(2 * level.error),
    failures,
    ms(level.median),
    ms(level.p95),
    ms(level.p99),
    count(level.marks.length),
    level.isDisturbed
      ? `disturbed: ${[...new Set(level.marks.flatMap(({ disturbances }) => disturbances.map(({ kind }) => kind)))].join(', ')}`
      : '',
  ];
}
