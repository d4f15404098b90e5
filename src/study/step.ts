import type { BestMark } from './best-mark.ts';
import type { Knee } from './knee.ts';
import type { Scale } from './mark.ts';

/** What limits the best mark. `unknown` where no knee was reached: the system could take more. */
export type Bottleneck = 'scaled part' | 'before it' | 'both' | 'generator' | 'worse' | 'unknown';

/** From one scale to the next. */
export interface Step {
  readonly from: Scale;
  readonly to: Scale;
  /** Part of 1 by which the best mark changed; null if one of the two has none. */
  readonly change: number | null;
  /** Standard error of `change`. */
  readonly error: number;
  /** The change if all of it were held back by the scaled part; null for variants, which have no size. */
  readonly possible: number | null;
  /** What held it back at `to`. */
  readonly bottleneck: Bottleneck;
}

/** What is known of a scale. */
export interface ScaleMark {
  readonly scale: Scale;
  readonly best: BestMark | null;
  readonly knee: Knee;
  /** Whether the generator was saturated at its best mark. */
  readonly isGeneratorSaturated: boolean;
}

/** A smaller change is none. */
const none = 0.05;
/** From this part of what is possible on, the scaled part explains it alone. */
const most = 0.85;

/** Each scale compared with the one before. */
export function stepsOf(scales: readonly ScaleMark[]): readonly Step[] {
  return scales.slice(1).flatMap((to, at) => {
    const from = scales[at];
    return from === undefined ? [] : [stepOf(from, to)];
  });
}

function stepOf(from: ScaleMark, to: ScaleMark): Step {
  const [a, b] = [from.best, to.best];
  const isSized = typeof from.scale === 'number' && typeof to.scale === 'number' && from.scale > 0;
  const possible = isSized ? Number(to.scale) / Number(from.scale) - 1 : null;
  const change = a === null || b === null || a.rps === 0 ? null : b.rps / a.rps - 1;
  const error =
    a === null || b === null || a.rps === 0 ? 0 : (b.rps / a.rps) * Math.hypot(a.error / a.rps, b.error / b.rps);
  return { from: from.scale, to: to.scale, change, error, possible, bottleneck: judge(to, change, error, possible) };
}

function judge(to: ScaleMark, change: number | null, error: number, possible: number | null): Bottleneck {
  if (to.isGeneratorSaturated) return 'generator';
  if (change === null || possible === null || possible <= 0 || !to.knee.isReached) return 'unknown';
  const small = Math.max(none, 2 * error);
  if (change < -small) return 'worse';
  if (change <= small) return 'before it';
  return change + error >= most * possible ? 'scaled part' : 'both';
}
