// Duty: plots of bars with their spread, as SVG that reads well on light and dark pages.
import { summary } from './table.ts';

export interface Bar {
  readonly name: string;
  readonly values: readonly number[];
  /** In the other colour, with a bold name. */
  readonly isMarked: boolean;
}

/** One of several plots, one below the other. */
export interface Panel {
  readonly title: string;
  /** From top to bottom. */
  readonly bars: readonly Bar[];
  /** Behind the point. */
  readonly digits: number;
}

type Format = (value: number) => string;

const width = 760;
const left = 190;
const right = 150;
const top = 48;
const row = 26;
const thousand: Format = (value) => `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} k`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const style =
  'text{font:13px sans-serif;fill:#24292f}path{stroke:#24292f;fill:none}.ours{fill:#2da44e}.peer{fill:#8c959f}' +
  'rect.page{fill:#fff}';

/** Bars from the longest to the shortest: the median as bar and figure, least and greatest as a line over its end. */
export function plot(title: string, bars: readonly Bar[]): string {
  const sorted = measured(bars).sort((a, b) => summary(b.values).median - summary(a.values).median);
  return page(title, top + sorted.length * row + 10, drawn(title, sorted, thousand, 0));
}

/** Several plots in one picture; each has a scale of its own, and its bars in the order in which they are given. */
export function panels(given: readonly Panel[]): string {
  let y = 0;
  const lines: string[] = [];
  for (const { title, bars, digits } of given) {
    const shown = measured(bars);
    lines.push(...drawn(title, shown, (value) => value.toLocaleString('en-US', fraction(digits)), y));
    y += top + shown.length * row + 10;
  }
  return page(given.map(({ title }) => title).join('; '), y, lines);
}

const measured = (bars: readonly Bar[]): Bar[] => bars.filter(({ values }) => values.length > 0);

const fraction = (digits: number): Intl.NumberFormatOptions => ({
  minimumFractionDigits: digits,
  maximumFractionDigits: digits,
});

function drawn(title: string, bars: readonly Bar[], format: Format, above: number): string[] {
  const shown = bars.map((bar) => ({ ...bar, ...summary(bar.values) }));
  // Where nothing failed all are 0.
  const scale = (width - left - right) / (Math.max(...shown.map(({ max }) => max)) || 1);
  const lines = shown.map(({ name, isMarked, median, min, max }, i) => {
    const y = above + top + i * row;
    const middle = y + (row - 6) / 2;
    const at = (value: number): string => (left + value * scale).toFixed(1);
    const whisker = `<path d="M${at(min)} ${middle}H${at(max)}M${at(min)} ${middle - 4}v8M${at(max)} ${middle - 4}v8"/>`;
    const figure = `${format(median)} (${format(min)}–${format(max)})`;
    return [
      `<text x="${left - 8}" y="${middle + 4}" text-anchor="end"${isMarked ? ' font-weight="bold"' : ''}>${escaped(name)}</text>`,
      `<rect x="${left}" y="${y}" width="${(median * scale).toFixed(1)}" height="${row - 6}" class="${isMarked ? 'ours' : 'peer'}"/>`,
      whisker,
      `<text x="${(left + max * scale + 8).toFixed(1)}" y="${middle + 4}">${figure}</text>`,
    ].join('\n  ');
  });
  return [`<text x="12" y="${above + 26}" font-weight="bold">${escaped(title)}</text>`, ...lines];
}

function page(label: string, height: number, lines: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label).replaceAll('"', '&quot;')}">
  <style>${style}</style>
  <rect class="page" width="${width}" height="${height}"/>
  ${lines.join('\n  ')}
</svg>
`;
}
