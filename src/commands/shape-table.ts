import type { ShapeStage } from '../user/shape.ts';
import { durationText } from './shape-plot.ts';

/** A sampled curve has hundreds of stages. */
const rowsAtMost = 40;

/** The stages, one a line; `cut` are those that end before their users run. */
export function tableOf(stages: readonly ShapeStage[], cut: readonly number[]): string[] {
  const head = ['stage', 'from', 'until', 'users', 'spawn rate'];
  const rows = stages.slice(0, rowsAtMost).map(({ until, users, spawnRate }, place) => {
    const from = stages[place - 1]?.until ?? 0;
    return [String(place + 1), durationText(from), durationText(until), String(users), `${spawnRate}/s`];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const hasClasses = stages.some(({ userClasses }) => userClasses !== undefined);
  const lines = [head, ...rows].map((row, place) => {
    const cells = row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ');
    if (!hasClasses) return cells;
    const names = place === 0 ? 'adds users of' : (stages[place - 1]?.userClasses?.join(', ') ?? 'all classes');
    return `${cells}  ${names}`;
  });
  const more = stages.length - rowsAtMost;
  if (more > 0) lines.push(`… and ${more} more; --json gives them all`);
  return [...lines, ...warningOf(cut)];
}

function warningOf(cut: readonly number[]): string[] {
  if (cut.length === 0) return [];
  const places = cut.slice(0, 5).map((place) => String(place + 1));
  const names = `${places.join(', ')}${cut.length > places.length ? ' …' : ''}`;
  return [
    '',
    `Too short for its spawn rate: stage ${names}. A Locust master finishes a ramp before it looks at the shape again,`,
    'so it may miss what comes next. Give the stage more time, or a higher spawn rate.',
  ];
}
