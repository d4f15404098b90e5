import { type CurvePoint, usersAt } from '../runner/curve.ts';

export interface PlotSettings {
  /** Columns of the terminal. */
  readonly width: number;
  readonly isColoured: boolean;
}

const rowsAbout = 12;
const columnsAtLeast = 20;
/** Between the labels of the time axis. */
const columnsATick = 10;
const eighths = ' ▁▂▃▄▅▆▇█';
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** `1m30s` of 90: Locust's way to write a run time. */
export function durationText(seconds: number): string {
  const rounded = Math.round(seconds * 1000) / 1000;
  const [hours, minutes] = [Math.floor(rounded / 3600), Math.floor((rounded % 3600) / 60)];
  const rest = Math.round((rounded % 60) * 1000) / 1000;
  const parts = [hours > 0 ? `${hours}h` : '', minutes > 0 ? `${minutes}m` : '', rest > 0 ? `${rest}s` : ''];
  return parts.join('') || '0s';
}

/** Users over time as lines of text, no wider than `width`. */
export function plotOf(points: readonly CurvePoint[], { width, isColoured }: PlotSettings): string[] {
  const end = points.at(-1)?.time ?? 0;
  const step = userStep(points.reduce((most, { users }) => Math.max(most, users), 0));
  const labels = Array.from({ length: step.count + 1 }, (_, place) => String(place * step.size));
  const margin = Math.max(...labels.map((label) => label.length), 'users'.length) + 1;
  const columns = Math.max(columnsAtLeast, width - margin - 2);
  const rowsAStep = Math.max(1, Math.round(rowsAbout / step.count));
  const rows = rowsAStep * step.count;
  const heights = columnsOf(points, end, columns).map((users) => (users / (step.size * step.count)) * rows);
  const lines = [`${'users'.padStart(margin)}`];
  for (let row = rows; row > 0; row--) {
    const label = row % rowsAStep === 0 ? (labels[row / rowsAStep] ?? '') : '';
    const bars = heights
      .map((height) => barAt(height, row))
      .join('')
      .trimEnd();
    lines.push(`${label.padStart(margin)} ${label === '' ? '│' : '┤'}${isColoured ? `\x1b[36m${bars}\x1b[39m` : bars}`);
  }
  return [...lines, ...timeAxis(end, columns, margin)];
}

/** The most users in each column's time: a spike narrower than a column is still seen. */
function columnsOf(points: readonly CurvePoint[], end: number, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => {
    const [from, to] = [(end * column) / columns, (end * (column + 1)) / columns];
    const within = points.filter(({ time }) => time > from && time <= to).map(({ users }) => users);
    const atEnd = column === columns - 1 ? [] : [usersAt(points, to)];
    return Math.max(usersAt(points, from), ...within, ...atEnd);
  });
}

/** What a column of this height shows in a row, counted from 1 at the bottom. Few users are more than none. */
function barAt(height: number, row: number): string {
  const part = Math.min(1, Math.max(0, height - (row - 1)));
  const least = height > 0 && row === 1 ? 1 : 0;
  return eighths[Math.max(least, Math.round(part * 8))] ?? ' ';
}

/** Two to six steps of 1, 2 or 5 times a power of ten, up to the most users. */
function userStep(most: number): { readonly size: number; readonly count: number } {
  for (let power = 1; ; power *= 10) {
    for (const size of [power, 2 * power, 5 * power]) {
      const count = Math.max(1, Math.ceil(most / size));
      if (count <= 6) return { size, count };
    }
  }
}

function timeAxis(end: number, columns: number, margin: number): string[] {
  const days = Math.ceil((end * columnsATick) / columns / 86_400) * 86_400;
  const size = timeSteps.find((seconds) => (seconds / end) * columns >= columnsATick) ?? days;
  const axis = Array.from({ length: columns }, () => '─');
  let labels = '';
  for (let time = 0; time <= end; time += size) {
    const column = Math.min(columns - 1, Math.round((time / end) * columns));
    const label = durationText(time);
    const start = Math.max(0, column - Math.floor(label.length / 2));
    if (start + label.length > columns) break;
    axis[column] = '┴';
    labels = `${labels.padEnd(start)}${label}`;
  }
  const left = ' '.repeat(margin);
  const title = labels.length + ' time'.length <= columns ? 'time'.padStart(columns - labels.length) : '';
  return [`${'0'.padStart(margin)} └${axis.join('')}`, `${left}  ${labels}${title}`];
}
