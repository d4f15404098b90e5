import type UPlot from 'uplot';
import { count, elapsed, measure, percent, plain } from '../../report/html/format.ts';
import { type ChartSpec, drawChart, type Line } from '../../report/html/page/chart.ts';
import type { PageElement } from '../../report/html/page/dom.ts';
import type { ScaleData, StudyPageData } from '../page-data.ts';

const ms = (value: number): string => `${plain(value)} ms`;
const people = (users: number): string => `${plain(users)} users`;
const dash = [6, 4];
/** Of the palette; the first is that of text. */
const colours = 7;
const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];

const userAxis = {
  timeFormat: people,
  tickFormat: plain,
  ticks: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
};

const colourOf = (at: number): number => (at % colours) + 1;

/** What was found, against users; the answer takes the charts away. */
export function drawCurves(place: PageElement, data: StudyPageData): readonly (() => void)[] {
  if (data.areVariants) return drawVariants(place, data);
  const { users, fine, scales } = data;
  const specs: readonly ChartSpec[] = [
    {
      ...userAxis,
      title: 'Good answers per second against users: measured, and the fitted law',
      summary: scales.map(({ name, measured }) => `${name}: at most ${measure(highest(measured))}`).join('; '),
      times: fine,
      axes: [plain],
      lines: scales.flatMap(({ name, measured, fitted }, at): Line[] => [
        { label: name, colour: colourOf(at), values: measured, format: measure },
        { label: `${name}, fit`, colour: colourOf(at), values: fitted, format: measure },
      ]),
    },
    {
      ...userAxis,
      title: 'Response times (ms) against users',
      summary: scales.map(({ name, p95 }) => `${name}: p95 up to ${ms(highest(p95))}`).join('; '),
      times: users,
      axes: [plain],
      lines: scales.flatMap(({ name, median, p95 }, at): Line[] => [
        { label: `${name}, median`, colour: colourOf(at), values: median, format: ms },
        { label: `${name}, p95`, colour: colourOf(at), values: p95, dash, format: ms },
      ]),
    },
    {
      ...userAxis,
      title: 'Failures against users',
      summary: scales.map(({ name, failures }) => `${name}: up to ${percent(highest(failures))}`).join('; '),
      times: users,
      axes: [percent],
      lines: scales.map(({ name, failures }, at) => ({
        label: name,
        colour: colourOf(at),
        values: failures,
        format: percent,
      })),
    },
  ];
  return specs.map((spec) => drawChart(place, spec, new Set()));
}

/** One line a variant and one figure a chart: more could not be told apart. */
function drawVariants(place: PageElement, { users, scales }: StudyPageData): readonly (() => void)[] {
  const chart = (
    title: string,
    format: (value: number) => string,
    tick: (value: number) => string,
    of: (scale: ScaleData) => readonly (number | null)[],
  ): ChartSpec => ({
    ...userAxis,
    title,
    summary: scales.map((scale) => `${scale.name}: up to ${format(highest(of(scale)))}`).join('; '),
    times: users,
    axes: [tick],
    // Every second one is dashed: seven colours are few, and none on some printers.
    lines: scales.map((scale, at) => ({
      label: scale.name,
      colour: colourOf(at),
      values: of(scale),
      format,
      ...(at % 2 === 1 ? { dash } : {}),
    })),
  });
  const hasFailed = scales.some(({ failures }) => highest(failures) > 0);
  const specs = [
    chart('Good answers per second against users', measure, plain, ({ measured }) => measured),
    chart('Mean response time (ms) against users', ms, plain, ({ average }) => average),
    chart('Median response time (ms) against users', ms, plain, ({ median }) => median),
    chart('p95 of response times (ms) against users', ms, plain, ({ p95 }) => p95),
    ...(hasFailed ? [chart('Failures against users', percent, percent, ({ failures }) => failures)] : []),
  ];
  return specs.map((spec) => drawChart(place, spec, new Set()));
}

/** The study second by second. */
export function drawTimeline(place: PageElement, { times, timeline }: StudyPageData): readonly (() => void)[] {
  if (times.length === 0) return [];
  const synced = new Set<UPlot>();
  const axis = { times, timeFormat: elapsed, tickFormat: elapsed, ticks: seconds, syncKey: 'study' };
  const specs: readonly ChartSpec[] = [
    {
      ...axis,
      title: 'Users and requests per second',
      summary: `At most ${people(highest(timeline.users))} and ${measure(highest(timeline.rps))} requests per second.`,
      axes: [plain],
      lines: [
        { label: 'Users', colour: 3, values: timeline.users, isFilled: true, format: count },
        { label: 'rps', colour: 1, values: timeline.rps, format: measure },
      ],
    },
    {
      ...axis,
      title: 'Response times (ms) of the last seconds',
      summary: `p95 up to ${ms(highest(timeline.p95))}.`,
      axes: [plain],
      lines: [
        { label: 'Median', colour: 1, values: timeline.median, format: ms },
        { label: 'p95', colour: 2, values: timeline.p95, dash, format: ms },
      ],
    },
    {
      ...axis,
      title: 'CPU of the busiest generator (%)',
      summary: `Up to ${plain(highest(timeline.cpu))} %.`,
      axes: [plain],
      lines: [{ label: 'CPU', colour: 4, values: timeline.cpu, format: (value) => `${plain(value)} %` }],
    },
  ];
  return specs.map((spec) => drawChart(place, spec, synced));
}

function highest(values: readonly (number | null)[]): number {
  return Math.max(0, ...values.map((value) => value ?? 0));
}
