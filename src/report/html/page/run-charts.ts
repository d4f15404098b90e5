import type UPlot from 'uplot';
import { clock, count, elapsed, measure, percent, plain } from '../format.ts';
import type { PageData, Values } from '../page-data.ts';
import { type ChartSpec, drawChart, type Line } from './chart.ts';
import { browser, find, make } from './dom.ts';
import { drawHistogram } from './histogram.ts';

/** What time charts have in common. */
export type TimeAxis = Pick<ChartSpec, 'times' | 'timeFormat' | 'tickFormat' | 'syncKey' | 'ticks' | 'draw'>;

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
const ms = (value: number): string => `${plain(value)} ms`;
const perSecond = (value: number): string => measure(value);

/** The charts of the whole run; the answer takes them away. */
export function drawRunCharts(data: PageData, synced: Set<UPlot>): () => void {
  const place = find('#run-charts');
  if (data.times.length === 0) {
    const note = make('p', { class: 'note' }, 'The run was too short for a chart over time.');
    place.append(note);
    const remove = drawHistogram(place, data.names[0], 'Response-time distribution');
    return () => {
      note.remove();
      remove();
    };
  }
  const axis = timeAxis(data, data.times);
  const { series } = data;
  const specs: readonly ChartSpec[] = [
    rates(axis, 'Requests per second', series.requests, series.failures),
    times(axis, 'Response times', 'of the last 10 s at each point', [
      { label: 'p50', values: series.median },
      { label: 'p95', values: series.p95 },
      { label: 'p99', values: series.p99 },
    ]),
    users(axis, data),
    strain(axis, data),
  ];
  const removals = specs.map((spec) => drawChart(place, spec, synced));
  removals.push(drawHistogram(place, data.names[0], 'Response-time distribution'));
  const marks = markList(data);
  if (marks) place.append(marks);
  return () => {
    for (const remove of removals) remove();
    marks?.remove();
  };
}

/** Seconds since the start; the time of day where the cursor is. */
export function timeAxis(data: PageData, times: readonly number[]): TimeAxis {
  const sinceStart = times.map((time) => time - data.startTime);
  return {
    times: sinceStart,
    timeFormat: (time) => `${elapsed(time)} (${clock(data.startTime + time)} UTC)`,
    tickFormat: elapsed,
    ticks: steps,
    syncKey: 'run',
    draw: (chart, colour) => drawMarks(chart, data, colour('quiet')),
  };
}

export function rates(axis: TimeAxis, title: string, requests: Values, failures: Values): ChartSpec {
  return {
    ...axis,
    title,
    summary: summaryOf(axis, requests, (value) => `${measure(value)} requests a second`),
    axes: [plain],
    lines: [
      { label: 'Requests/s', colour: 1, values: requests, isFilled: true, format: perSecond },
      { label: 'Failures/s', colour: 2, values: failures, dash: [6, 3], format: perSecond },
    ],
  };
}

/** Told apart by dash as well as by colour. */
export function times(
  axis: TimeAxis,
  title: string,
  note: string,
  lines: readonly { readonly label: string; readonly values: Values }[],
): ChartSpec {
  const dashes = [[], [8, 4], [8, 3, 2, 3]];
  const last = lines.at(-1);
  return {
    ...axis,
    title: `${title} (ms), ${note}`,
    summary: last ? summaryOf(axis, last.values, (value) => `${ms(value)} (${last.label})`) : '',
    axes: [plain],
    lines: lines.map(({ label, values }, at) => ({
      label,
      values,
      colour: [1, 2, 3][at] ?? 1,
      dash: dashes[at] ?? [],
      format: ms,
    })),
  };
}

/** By class, one upon the other; the value told is the class's own. */
function users(axis: TimeAxis, { classes, series }: PageData): ChartSpec {
  const sums: (number | null)[][] = [];
  for (const { users: own } of classes) {
    const below = sums.at(-1);
    sums.push(own.map((value, at) => (value === null ? null : value + (below?.[at] ?? 0))));
  }
  const lines: Line[] = classes
    .map(({ name, users: own }, at) => ({
      label: name,
      colour: (at % 7) + 1,
      values: sums[at] ?? [],
      told: own,
      isFilled: true,
      format: count,
    }))
    .reverse();
  if (classes.length !== 1) lines.push({ label: 'All users', colour: 0, values: series.users, format: count });
  return {
    ...axis,
    title: classes.length > 1 ? 'Users by class' : 'Users',
    summary: summaryOf(axis, series.users, (value) => `${count(value)} users`),
    axes: [count],
    isStacked: true,
    lines,
  };
}

/** Whether the generator itself was in the way. */
function strain(axis: TimeAxis, { series }: PageData): ChartSpec {
  return {
    ...axis,
    title: 'The generator: longest loop lag (ms), CPU (%)',
    summary: summaryOf(axis, series.lag, (value) => `${ms(value)} of lag`),
    axes: [plain, (value) => `${plain(value)}%`],
    lines: [
      { label: 'Loop lag', colour: 3, values: series.lag, isFilled: true, format: ms },
      {
        label: 'CPU',
        colour: 4,
        values: series.cpu,
        isRight: true,
        dash: [8, 4],
        format: (value) => percent(value / 100),
      },
    ],
  };
}

function summaryOf(axis: TimeAxis, values: Values, say: (value: number) => string): string {
  let at = -1;
  for (const [i, value] of values.entries()) if (value !== null && (at < 0 || value > (values[at] ?? 0))) at = i;
  const value = values[at];
  return value == null ? 'Nothing was measured.' : `Highest: ${say(value)}, at ${elapsed(axis.times[at] ?? 0)}.`;
}

/** A line where something happened, with the number that the list below explains. */
function drawMarks(chart: UPlot, { marks, startTime }: PageData, colour: string): void {
  const { ctx, bbox } = chart;
  const ratio = browser.devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  for (const [at, { time }] of marks.entries()) {
    const x = Math.round(chart.valToPos(time - startTime, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(String(at + 1), x + 3 * ratio, bbox.top + 10 * ratio);
  }
  ctx.restore();
}

function markList({ marks, startTime }: PageData): ReturnType<typeof make> | null {
  if (marks.length === 0) return null;
  const items = marks.map(({ time, text }) => make('li', {}, `${elapsed(time - startTime)}: ${text}`));
  return make('div', { class: 'marks' }, make('h3', {}, 'Marks'), make('ol', {}, ...items));
}
