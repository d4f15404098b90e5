import type UPlot from 'uplot';
import { count, percent, plain } from '../../report/html/format.ts';
import { type ChartSpec, drawChart } from '../../report/html/page/chart.ts';
import { browser, type PageElement } from '../../report/html/page/dom.ts';
import type { ChartData, ChartSeries } from './chart-data.ts';

const dashes = [[], [5, 3]];
/** Where a step ends: the next one begins at the whole number. */
const almost = 0.999;
const percentiles = ['p50', 'p95', 'p99'] as const;

/** Bars with percentiles of one run, or the areas of two; the answer takes the chart away. */
export function drawDistribution(place: PageElement, data: ChartData): () => void {
  const [only] = data.series;
  const spec = data.series.length === 1 && only ? barsOf(data, only) : areasOf(data);
  return drawChart(place, spec, new Set());
}

function commonOf({
  title,
  edges,
  series,
}: ChartData): Pick<ChartSpec, 'title' | 'summary' | 'timeFormat' | 'tickFormat' | 'ticks'> {
  const edge = (at: number): string => plain(edges[at] ?? 0);
  const words = series.map((run) => {
    const times = percentiles.map((name) => `${name} ${plain(run[name])} ms`).join(', ');
    return series.length === 1 ? times : `${run.label}: ${times}`;
  });
  return {
    title: `${title} (ms)`,
    summary: `${words.join('; ')}.`,
    timeFormat: (at) => `${edge(Math.floor(at))} to ${edge(Math.floor(at) + 1)} ms`,
    tickFormat: (at) => (Number.isInteger(at) ? edge(at) : ''),
    ticks: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  };
}

function barsOf(data: ChartData, run: ChartSeries): ChartSpec {
  return {
    ...commonOf(data),
    // the last edge has no bar, but the scale reaches up to it
    times: data.edges.map((_, at) => at),
    lines: [
      {
        label: run.label,
        colour: 1,
        values: [...run.counts, null],
        isFilled: true,
        format: (amount) => `${count(amount)} (${percent(amount / run.total)})`,
      },
    ],
    axes: [count],
    isBars: true,
    draw: (chart, colour) => drawPercentiles(chart, data.edges, run, colour('text'), colour('card')),
  };
}

/** Parts of all, since two runs rarely have the same number of payloads. */
function areasOf(data: ChartData): ChartSpec {
  const bars = data.edges.slice(1);
  return {
    ...commonOf(data),
    times: bars.flatMap((_, at) => [at, at + almost]),
    lines: data.series.map((run, place) => ({
      label: run.label,
      colour: place + 1,
      dash: dashes[place] ?? [],
      values: bars.flatMap((_, at) => {
        const part = run.total === 0 ? 0 : (run.counts[at] ?? 0) / run.total;
        return [part, part];
      }),
      isFilled: true,
      format: (amount) => `${count(amount)} (${percent(run.total === 0 ? 0 : amount / run.total)})`,
      told: bars.flatMap((_, at) => [run.counts[at] ?? 0, run.counts[at] ?? 0]),
    })),
    axes: [percent],
  };
}

function drawPercentiles(chart: UPlot, edges: readonly number[], run: ChartSeries, text: string, back: string): void {
  const { ctx, bbox } = chart;
  const ratio = browser.devicePixelRatio;
  const width = (edges[1] ?? 1) - (edges[0] ?? 0);
  ctx.save();
  ctx.fillStyle = text;
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  for (const [row, name] of percentiles.entries()) {
    const x = Math.round(chart.valToPos((run[name] - (edges[0] ?? 0)) / width, 'x', true));
    ctx.strokeStyle = text;
    ctx.lineWidth = ratio;
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const label = `${name} ${plain(run[name])}`;
    const isNearEnd = x + ctx.measureText(label).width + 8 * ratio > bbox.left + bbox.width;
    ctx.textAlign = isNearEnd ? 'right' : 'left';
    const [left, y] = [x + (isNearEnd ? -4 : 4) * ratio, bbox.top + (12 + row * 14) * ratio];
    // one below the other, on a ground of their own: they may stand close together
    ctx.strokeStyle = back;
    ctx.lineWidth = 4 * ratio;
    ctx.setLineDash([]);
    ctx.strokeText(label, left, y);
    ctx.fillText(label, left, y);
  }
  ctx.restore();
}
