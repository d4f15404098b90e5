// Duty: a plot of bars with their spread, as SVG that reads well on light and dark pages.
import { summary } from './table.ts';

export interface Bar {
  readonly name: string;
  readonly values: readonly number[];
  /** One of our own. */
  readonly isOurs: boolean;
}

const width = 760;
const left = 190;
const right = 150;
const top = 48;
const row = 26;
const thousand = (value: number): string => `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} k`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Bars from the longest to the shortest: the median as bar and figure, least and greatest as a line over its end. */
export function plot(title: string, bars: readonly Bar[]): string {
  const shown = bars
    .filter(({ values }) => values.length > 0)
    .map((bar) => ({ ...bar, ...summary(bar.values) }))
    .sort((a, b) => b.median - a.median);
  const scale = (width - left - right) / Math.max(...shown.map(({ max }) => max));
  const lines = shown.map(({ name, isOurs, median, min, max }, i) => {
    const y = top + i * row;
    const middle = y + (row - 6) / 2;
    const at = (value: number): string => (left + value * scale).toFixed(1);
    const whisker = `<path d="M${at(min)} ${middle}H${at(max)}M${at(min)} ${middle - 4}v8M${at(max)} ${middle - 4}v8"/>`;
    const figure = `${thousand(median)} (${thousand(min)}–${thousand(max)})`;
    return [
      `<text x="${left - 8}" y="${middle + 4}" text-anchor="end"${isOurs ? ' font-weight="bold"' : ''}>${escaped(name)}</text>`,
      `<rect x="${left}" y="${y}" width="${(median * scale).toFixed(1)}" height="${row - 6}" class="${isOurs ? 'ours' : 'peer'}"/>`,
      whisker,
      `<text x="${(left + max * scale + 8).toFixed(1)}" y="${middle + 4}">${figure}</text>`,
    ].join('\n  ');
  });
  const height = top + shown.length * row + 10;
  const style =
    'text{font:13px sans-serif;fill:#24292f}path{stroke:#24292f;fill:none}.ours{fill:#2da44e}.peer{fill:#8c959f}' +
    'rect.page{fill:#fff}';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
  <style>${style}</style>
  <rect class="page" width="${width}" height="${height}"/>
  <text x="12" y="26" font-weight="bold">${escaped(title)}</text>
  ${lines.join('\n  ')}
</svg>
`;
}
