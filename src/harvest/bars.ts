import { count, percent, plain } from '../report/html/format.ts';
import type { DistributionData } from './distribution.ts';
import { joinedBuckets } from './joined-buckets.ts';

export interface BarSettings {
  /** Columns of the terminal. */
  readonly width: number;
  readonly isColoured: boolean;
  /** No letters but those of ASCII. */
  readonly isAscii: boolean;
}

const mostBars = 20;
const narrowest = 10;
const eighths = ' ▏▎▍▌▋▊▉█';

/** A distribution as lines of text, no wider than `width`; each bar says up to how many ms. Few are more than none. */
export function barsOf(data: DistributionData, bin: number, settings: BarSettings): string[] {
  if (data.count === 0) return [];
  const { edges, counts } = joinedBuckets([data], bin, mostBars);
  const bars = counts[0] ?? [];
  const most = Math.max(...bars);
  const labels = edges.slice(1).map(plain);
  const amounts = bars.map((amount) => `${count(amount)} ${percent(amount / data.count)}`);
  const margin = Math.max(...labels.map((label) => label.length));
  const room = Math.max(narrowest, settings.width - margin - Math.max(...amounts.map(({ length }) => length)) - 3);
  return bars.map((bar, at) => {
    const text = barText((bar / most) * room, settings.isAscii);
    const drawn = settings.isColoured && text !== '' ? `\x1b[36m${text}\x1b[39m` : text;
    const amount = bar === 0 ? '' : ` ${amounts[at] ?? ''}`;
    return `${labels[at]?.padStart(margin) ?? ''} ${settings.isAscii ? '|' : '│'}${drawn}${amount}`;
  });
}

function barText(length: number, isAscii: boolean): string {
  if (length === 0) return '';
  if (isAscii) return '#'.repeat(Math.max(1, Math.round(length)));
  const parts = Math.max(1, Math.round(length * 8));
  return `${'█'.repeat(Math.floor(parts / 8))}${parts % 8 === 0 ? '' : (eighths[parts % 8] ?? '')}`;
}
