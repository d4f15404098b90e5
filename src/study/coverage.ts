import type { KeptMark } from './journal.ts';
import { isInterrupted, type Mark } from './mark.ts';
import { keysOf, type PlannedScale } from './plan.ts';
import type { StudySettings } from './settings.ts';

/** How much of a plan is measured. */
export interface Coverage {
  readonly planned: number;
  /** Planned marks that were not measured. */
  readonly missing: number;
  /** All attempts at marks of the plan and at extra repeats of them. */
  readonly marks: readonly Mark[];
  /** Attempts at marks of other plans: of an earlier run with other users or durations. */
  readonly others: number;
}

export function coverageOf(
  plan: readonly PlannedScale[],
  settings: Pick<StudySettings, 'repeats'>,
  kept: readonly KeptMark[],
): Coverage {
  const keys = keysOf(plan, settings);
  const own = kept.filter(({ key }) => keys.has(key));
  const planned = plan.flatMap(({ marks }) => marks);
  // An attempt that has no figures, or was interrupted, is none.
  const measured = new Set(own.filter(({ mark }) => mark.seconds > 0 && !isInterrupted(mark)).map(({ key }) => key));
  return {
    planned: planned.length,
    missing: planned.filter(({ key }) => !measured.has(key)).length,
    marks: own.map(({ mark }) => mark),
    others: kept.length - own.length,
  };
}
