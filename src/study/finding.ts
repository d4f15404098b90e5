import { isAsHigh } from './as-high.ts';
import { type BestMark, bestMark, highestOf, type Limits } from './best-mark.ts';
import { type Knee, kneeOf } from './knee.ts';
import { type Level, levelsOf, scalesOf } from './level.ts';
import { type LittlesLaw, littlesLaw } from './littles-law.ts';
import type { Disturbance, Mark, Scale } from './mark.ts';
import { type Onset, onsetOf } from './onset.ts';
import { type Ranking, rankingOf } from './ranking.ts';
import { fitScalingLaw, type ScalingLaw } from './scaling-law.ts';
import { type Step, stepsOf } from './step.ts';

/** What was found of one scale. */
export interface ScaleFinding {
  readonly scale: Scale;
  readonly levels: readonly Level[];
  readonly best: BestMark | null;
  readonly knee: Knee;
  readonly onset: Onset | null;
  readonly law: ScalingLaw | null;
  readonly little: LittlesLaw | null;
  readonly isGeneratorSaturated: boolean;
}

/** All that a study found. */
export interface Finding {
  readonly scales: readonly ScaleFinding[];
  /** From each scale to the next; none where there is a ranking. */
  readonly steps: readonly Step[];
  /** Of variants; null for scales with an order. */
  readonly ranking: Ranking | null;
  /** The first scale with the highest best mark, but for noise: what comes after it brings no more. Of variants the highest. */
  readonly top: ScaleFinding | null;
  /** Marks that cannot be taken at their word, and have no undisturbed one beside them. */
  readonly disturbed: readonly { readonly mark: Mark; readonly disturbance: Disturbance }[];
}

/** What `findingOf` goes by. */
export interface FindingSettings {
  readonly limits: Limits;
  /** Seconds between two requests of a user, if that is known. */
  readonly wait?: number | undefined;
}

/** Finds it all. Pure: the same marks, the same finding. */
export function findingOf(marks: readonly Mark[], { limits, wait }: FindingSettings): Finding {
  const scales = scalesOf(marks).map((scale): ScaleFinding => {
    const levels = levelsOf(marks, scale);
    const best = bestMark(levels, limits);
    return {
      scale,
      levels,
      best,
      knee: kneeOf(levels),
      onset: onsetOf(levels, limits.failRatio),
      law: fitScalingLaw(levels),
      little: littlesLaw(levels, wait),
      isGeneratorSaturated: best?.level.marks.every(isOfBusyGenerator) ?? false,
    };
  });
  const ranking = rankingOf(scales, limits.failRatio);
  const top = ranking === null ? topOf(scales) : firstOf(scales, ranking);
  const steps = ranking === null ? stepsOf(scales) : [];
  return { scales, steps, ranking, top, disturbed: [...disturbedOf(scales), ...emptyOf(marks, scales)] };
}

function topOf(scales: readonly ScaleFinding[]): ScaleFinding | null {
  const most = highestOf(scales.map(({ best }) => best));
  return most === null ? null : (scales.find(({ best }) => best !== null && isAsHigh(best, most)) ?? null);
}

function firstOf(scales: readonly ScaleFinding[], { ranked: [first] }: Ranking): ScaleFinding | null {
  return scales.find(({ scale, best }) => scale === first?.scale && best !== null) ?? null;
}

function isOfBusyGenerator({ disturbances }: Mark): boolean {
  return disturbances.some(({ kind }) => kind === 'generator');
}

/** Those that measured nothing are in no level, but why is to be told; of several attempts the last one. */
function emptyOf(marks: readonly Mark[], scales: readonly ScaleFinding[]): Finding['disturbed'] {
  const isMeasured = ({ scale, users }: Mark): boolean =>
    scales.some((own) => own.scale === scale && own.levels.some((level) => level.users === users));
  const last = new Map(
    marks.filter((mark) => !isMeasured(mark)).map((mark) => [`${mark.scale} ${mark.users}`, mark] as const),
  );
  return [...last.values()].flatMap((mark) => mark.disturbances.map((disturbance) => ({ mark, disturbance })));
}

function disturbedOf(scales: readonly ScaleFinding[]): Finding['disturbed'] {
  const levels = scales.flatMap((scale) => scale.levels).filter(({ isDisturbed }) => isDisturbed);
  return levels.flatMap(({ marks }) =>
    marks.flatMap((mark) => mark.disturbances.map((disturbance) => ({ mark, disturbance }))),
  );
}
