// One chart of the page: uPlot with this report's colours, legend and keys.
import type UPlot from 'uplot';
import { browser, find, make, type PageElement } from './dom.ts';

/** A global, from the script before this one. */
declare const uPlot: typeof UPlot;

export interface Line {
  readonly label: string;
  /** Of the palette in the style, from 1. */
  readonly colour: number;
  readonly values: readonly (number | null)[];
  /** Its own unit and axis, on the right. */
  readonly isRight?: boolean;
  readonly dash?: readonly number[];
  readonly isFilled?: boolean;
  readonly format: (value: number) => string;
  /** What is said of a point, where it is not what is drawn. */
  readonly told?: readonly (number | null)[];
}

export interface ChartSpec {
  readonly title: string;
  /** In words, for those who do not see it. */
  readonly summary: string;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly axes: readonly ((value: number) => string)[];
  readonly timeFormat: (time: number) => string;
  readonly tickFormat: (time: number) => string;
  /** Charts of one key share the cursor and the zoom. */
  readonly syncKey?: string;
  readonly isBars?: boolean;
  /** Each line is filled down to the next one. */
  readonly isStacked?: boolean;
  readonly ticks?: readonly number[];
  readonly draw?: (chart: UPlot, colour: (name: string) => string) => void;
}

/** Room for the numbers of an axis, and for the smallest chart that can be read. */
const axisWidth = 52;
const narrowest = 240;

/** Draws `spec` at the end of `place`; the answer takes it away again. */
export function drawChart(place: PageElement, spec: ChartSpec, synced: Set<UPlot>): () => void {
  const caption = make('figcaption', {}, make('h3', {}, spec.title));
  const frame = make('div', {
    class: 'frame',
    tabindex: '0',
    role: 'group',
    'aria-label': `${spec.title}. ${spec.summary}`,
  });
  const figure = make('figure', {}, caption, frame);
  place.append(figure);
  const chart = new uPlot(
    optionsOf(spec, frame, synced),
    dataOf(spec),
    frame as unknown as ConstructorParameters<typeof UPlot>[2],
  );
  if (spec.syncKey) synced.add(chart);
  const legend = find('.u-legend', frame);
  legend.setAttribute('aria-label', `${spec.title}: values at the cursor`);
  frame.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key ?? ''];
    if (step === undefined) return;
    event.preventDefault();
    // a mouse would make it speak without end
    legend.setAttribute('aria-live', 'polite');
    moveCursor(chart, step);
  });
  const observer = new browser.ResizeObserver(() => {
    const size = sizeOf(frame);
    if (size.width !== chart.width || size.height !== chart.height) chart.setSize(size);
  });
  observer.observe(frame);
  return () => {
    observer.disconnect();
    synced.delete(chart);
    chart.destroy();
    figure.remove();
  };
}

function sizeOf(frame: PageElement): { width: number; height: number } {
  return { width: Math.max(narrowest, frame.clientWidth), height: frame.clientWidth < 500 ? 190 : 230 };
}

function dataOf({ times, lines }: ChartSpec): UPlot.AlignedData {
  return [times as number[], ...lines.map(({ values }) => values as (number | null)[])];
}

function optionsOf(spec: ChartSpec, frame: PageElement, synced: Set<UPlot>): UPlot.Options {
  const style = browser.getComputedStyle(browser.document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour('quiet'),
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  const hasRight = spec.lines.some(({ isRight }) => isRight);
  const format = (at: number) => (_: UPlot, splits: number[]) => splits.map((split) => spec.axes[at]?.(split) ?? '');
  return {
    ...sizeOf(frame),
    padding: [10, hasRight ? 0 : 22, 0, 0],
    scales: { x: { time: false }, y: { range: fromZero }, right: { range: [0, 100] } },
    axes: [
      {
        ...axis,
        values: (_, splits) => splits.map(spec.tickFormat),
        ...(spec.ticks ? { incrs: [...spec.ticks] } : {}),
        space: 64,
        size: 28,
      },
      { ...axis, size: axisWidth, values: format(0) },
      ...(hasRight
        ? [{ ...axis, scale: 'right', side: 1, size: axisWidth, grid: { show: false }, values: format(1) }]
        : []),
    ],
    series: [
      { label: spec.isBars ? 'From' : 'At', value: (_, time) => (time == null ? '–' : spec.timeFormat(time)) },
      ...spec.lines.map((line) => seriesOf(line, colour, spec.isBars ?? false)),
    ],
    bands: spec.isStacked ? bandsOf(spec.lines) : [],
    cursor: {
      points: { size: 7 },
      drag: { x: !spec.isBars, y: false },
      ...(spec.syncKey ? { sync: { key: spec.syncKey } } : {}),
    },
    hooks: {
      draw: [(chart) => spec.draw?.(chart, colour)],
      setScale: [(chart, name) => name === 'x' && zoomTogether(chart, synced)],
    },
  };
}

function seriesOf(line: Line, colour: (name: string) => string, isBars: boolean): UPlot.Series {
  const stroke = colour(`line-${line.colour}`);
  return {
    label: line.label,
    scale: line.isRight ? 'right' : 'y',
    stroke,
    width: isBars ? 0 : 1.75,
    points: { show: false },
    ...(line.dash ? { dash: [...line.dash] } : {}),
    ...(line.isFilled ? { fill: isBars ? stroke : `${stroke}${colour('fill')}` } : {}),
    ...(isBars && uPlot.paths.bars
      ? { paths: uPlot.paths.bars({ size: [0.92, Number.POSITIVE_INFINITY], align: 1 }) }
      : {}),
    ...lonePoints(isBars),
    value: (_, drawn, __, at) => {
      const value = at == null ? null : line.told ? (line.told[at] ?? null) : drawn;
      return value == null ? '–' : line.format(value);
    },
  };
}

/** From each filled line down to the next. */
function bandsOf(lines: readonly Line[]): UPlot.Band[] {
  return lines.flatMap(({ isFilled }, at) =>
    isFilled && lines[at + 1]?.isFilled ? [{ series: [at + 1, at + 2] }] : [],
  );
}

/** A point between two gaps has no line: it is drawn as a dot. */
function lonePoints(isBars: boolean): UPlot.Series {
  if (isBars) return {};
  const filter = (chart: UPlot, at: number): number[] => {
    const values = chart.data[at] ?? [];
    const alone: number[] = [];
    for (let i = 0; i < values.length; i++)
      if (values[i] != null && values[i - 1] == null && values[i + 1] == null) alone.push(i);
    return alone;
  };
  return { points: { show: true, size: 5, filter } };
}

function fromZero(_: UPlot, __: number, most: number | null): [number, number] {
  return [0, most === null || most <= 0 ? 1 : most * 1.08];
}

/** What is zoomed in one chart is zoomed in all that share its time. */
function zoomTogether(chart: UPlot, synced: Set<UPlot>): void {
  if (!synced.has(chart)) return;
  const { min, max } = chart.scales.x ?? {};
  if (min == null || max == null) return;
  for (const other of synced) {
    const x = other.scales.x;
    if (other !== chart && (x?.min !== min || x?.max !== max)) other.setScale('x', { min, max });
  }
}

function moveCursor(chart: UPlot, step: number): void {
  const last = (chart.data[0]?.length ?? 0) - 1;
  const at = chart.cursor.idx;
  const next = at == null ? 0 : Math.min(last, Math.max(0, at + step));
  const time = chart.data[0]?.[next];
  if (time !== undefined) chart.setCursor({ left: chart.valToPos(time, 'x'), top: 20 });
}
