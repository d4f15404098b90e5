import { packed } from './code.ts';
import type { Pauses, Quantile } from './pauses.ts';

/** How pauses are written in a user file. */
export interface WaitCode {
  readonly comment: string;
  readonly code: string;
  /** What has to be imported for it. */
  readonly imports: readonly string[];
  /** Whether it needs the function `pauses`. */
  readonly isSampled: boolean;
}

/** Shares up to which the pauses are described; the finer, the rarer and longer they are. */
const shares = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];
/** A shape that is nowhere farther from the log's shares than this is taken for it. */
const tolerance = 0.03;

/** The simplest wait time that has the distribution of these pauses. */
export function waitCode(pauses: Pauses): WaitCode {
  if (pauses.count === 0) {
    const comment = 'TODO: no client made two requests in one session, so there is no pause to learn from.';
    return { comment, code: 'between(1, 5)', imports: ['between'], isSampled: false };
  }
  const [low, median, high] = [pauses.quantile(0.02), pauses.quantile(0.5), pauses.quantile(0.98)];
  const comment = `Pauses of the log: median ${short(median)} s, mean ${short(pauses.mean)} s, 90 % under ${short(pauses.quantile(0.9))} s.`;
  if (high - low <= 0.1 * median) {
    return { comment, code: `constant(${short(median)})`, imports: ['constant'], isSampled: false };
  }
  const [from, to] = evenRange(pauses);
  const isEven = shares.every((share) => Math.abs(shareOf(pauses.quantile(share), from, to) - share) <= tolerance);
  if (isEven) {
    return { comment, code: `between(${short(from)}, ${short(to)})`, imports: ['between'], isSampled: false };
  }
  const rows = quantilesOf(pauses).map(([share, seconds]) => `[${share}, ${short(seconds)}]`);
  return { comment, code: `pauses([\n${packed(rows, '    ')}\n  ])`, imports: [], isSampled: true };
}

/** The quantiles that describe the pauses; the last one is such that the mean of the longest is that of the log. */
export function quantilesOf(pauses: Pauses): Quantile[] {
  const quantiles = shares.map((share): Quantile => [share, pauses.quantile(share)]);
  const longest = quantiles.at(-1)?.[1] ?? 0;
  const [from = 0] = quantiles.at(-1) ?? [];
  return [...quantiles, [1, Math.max(longest, 2 * pauses.meanAbove(from) - longest)]];
}

/** The range of the even distribution that has the 5 % and 95 % quantiles of the log. */
function evenRange(pauses: Pauses): readonly [from: number, to: number] {
  const [low, high] = [pauses.quantile(0.05), pauses.quantile(0.95)];
  const edge = ((high - low) * 0.05) / 0.9;
  return [Math.max(0, low - edge), high + edge];
}

const shareOf = (seconds: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (seconds - from) / (to - from)));

/** Three digits, but whole milliseconds at most. */
function short(seconds: number): number {
  return Number(seconds >= 1 ? seconds.toPrecision(3) : seconds.toFixed(3));
}
