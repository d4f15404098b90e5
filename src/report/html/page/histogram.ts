import type UPlot from 'uplot';
import { count, percent, plain } from '../format.ts';
import type { NameData } from '../page-data.ts';
import { type Bins, binsOf, type Scale } from './bins.ts';
import { drawChart } from './chart.ts';
import { browser, find, make, type PageElement } from './dom.ts';

/** What the reader chose last, for all histograms drawn after. */
let scale: Scale = 'linear';

/** How often a response time was seen; the answer takes it away. */
export function drawHistogram(place: PageElement, data: NameData | undefined, title: string): () => void {
  if (!data || data.buckets.length === 0) return () => undefined;
  const holder = make('div', { class: 'histogram' });
  place.append(holder);
  let remove = draw(holder, data, title);
  const choice = make('label', {}, 'Bins ');
  const select = make(
    'select',
    {},
    make('option', { value: 'linear' }, linearName(data)),
    make('option', { value: 'log' }, 'logarithmic'),
  );
  select.value = scale;
  choice.append(select);
  const putChoice = (): void => find('figcaption', holder).append(choice);
  putChoice();
  select.addEventListener('change', () => {
    scale = select.value === 'log' ? 'log' : 'linear';
    remove();
    remove = draw(holder, data, title);
    putChoice();
  });
  return () => {
    remove();
    holder.remove();
  };
}

function linearName({ buckets, counts }: NameData): string {
  return `of ${plain(binsOf(buckets, counts, 'linear').edges[1] ?? 0)} ms`;
}

function draw(place: PageElement, data: NameData, title: string): () => void {
  const bins = binsOf(data.buckets, data.counts, scale);
  const all = Math.max(
    1,
    data.counts.reduce((sum, amount) => sum + amount, 0),
  );
  const edge = (at: number): string => plain(significant(bins.edges[at] ?? 0));
  const percentiles = { p50: data.p50, p95: data.p95, p99: data.p99 };
  const words = Object.entries(percentiles).map(([name, value]) => `${name} ${plain(value)} ms`);
  return drawChart(
    place,
    {
      title: `${title} (ms)`,
      summary: `${words.join(', ')}.`,
      // the last edge has no bar, but the scale reaches up to it
      times: bins.edges.map((_, at) => at),
      lines: [
        {
          label: 'Requests',
          colour: 1,
          values: [...bins.counts, null],
          isFilled: true,
          format: (amount) => `${count(amount)} (${percent(amount / all)})`,
        },
      ],
      axes: [count],
      timeFormat: (at) => `${edge(at)} to ${edge(at + 1)} ms`,
      tickFormat: (at) => (Number.isInteger(at) ? edge(at) : ''),
      ticks: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
      isBars: true,
      draw: (chart, colour) => drawPercentiles(chart, bins, percentiles, colour('text'), colour('card')),
    },
    new Set(),
  );
}

function drawPercentiles(
  chart: UPlot,
  bins: Bins,
  percentiles: Readonly<Record<string, number>>,
  text: string,
  back: string,
): void {
  const { ctx, bbox } = chart;
  const ratio = browser.devicePixelRatio;
  ctx.save();
  ctx.fillStyle = text;
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'alphabetic';
  for (const [row, [name, value]] of Object.entries(percentiles).entries()) {
    const x = Math.round(chart.valToPos(placeOf(value, bins), 'x', true));
    ctx.strokeStyle = text;
    ctx.lineWidth = ratio;
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    // one below the other: they may stand close together
    const y = bbox.top + (12 + row * 14) * ratio;
    const label = `${name} ${plain(value)}`;
    const isNearEnd = x + ctx.measureText(label).width + 8 * ratio > bbox.left + bbox.width;
    ctx.textAlign = isNearEnd ? 'right' : 'left';
    const left = x + (isNearEnd ? -4 : 4) * ratio;
    ctx.strokeStyle = back;
    ctx.lineWidth = 4 * ratio;
    ctx.setLineDash([]);
    ctx.strokeText(label, left, y);
    ctx.fillText(label, left, y);
  }
  ctx.restore();
}

/** Where a time stands among the bins, counted in bins. */
function placeOf(value: number, { edges }: Bins): number {
  const above = edges.findIndex((edge) => edge > value);
  const at = above < 0 ? edges.length - 1 : Math.max(1, above);
  const [from, to] = [edges[at - 1] ?? 0, edges[at] ?? 1];
  return at - 1 + Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** Edges of a logarithmic scale as people would say them: 126, not 125.89. */
function significant(value: number): number {
  return Number(value.toPrecision(3));
}
