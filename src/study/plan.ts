import { markKey, type Scale } from './mark.ts';
import type { StudySettings } from './settings.ts';

/** One mark that is to be measured. */
export interface PlannedMark {
  readonly key: string;
  readonly scale: Scale;
  readonly users: number;
  readonly spawnRate: number;
  /** Measured. */
  readonly seconds: number;
  readonly repeat: number;
}

/** All that is to be done at one scale, in this order. */
export interface PlannedScale {
  readonly scale: Scale;
  readonly marks: readonly PlannedMark[];
}

/** A scale's marks stand together, for scaling takes its time; repeats one after the other, so that drift is seen. */
export function planOf({ scale: { values }, marks, repeats }: StudySettings): readonly PlannedScale[] {
  return values.flatMap((scale) => {
    const planned = Array.from({ length: repeats }, (_, at) => at + 1).flatMap((repeat) =>
      marks
        .filter(({ scales = values }) => scales.includes(scale))
        .flatMap(({ users, spawnRates, duration }) =>
          users.flatMap((count) =>
            spawnRates.map((spawnRate) => plannedMark({ scale, users: count, spawnRate, seconds: duration, repeat })),
          ),
        ),
    );
    const unique = new Map(planned.map((mark) => [mark.key, mark]));
    return unique.size === 0 ? [] : [{ scale, marks: [...unique.values()] }];
  });
}

export function plannedMark(mark: Omit<PlannedMark, 'key'>): PlannedMark {
  return { ...mark, key: markKey(mark) };
}

/** One repeat more than was planned, for what differs too much. */
export function extraOf(mark: PlannedMark, repeats: number): PlannedMark {
  return plannedMark({ ...mark, repeat: repeats + 1 });
}

/** All marks that a plan may lead to, extra repeats too, by their keys. */
export function keysOf(
  plan: readonly PlannedScale[],
  { repeats }: Pick<StudySettings, 'repeats'>,
): ReadonlySet<string> {
  const marks = plan.flatMap((scale) => scale.marks);
  return new Set([...marks, ...(repeats < 2 ? [] : marks.map((mark) => extraOf(mark, repeats)))].map(({ key }) => key));
}

/** Seconds for the master and the users to be gone between two marks, as it usually is. */
const usualStop = 3;
/** Seconds more for a master to tell of the last requests, to show what it knows, and to have its workers back. */
const usualMaster = 10;

/** Seconds of one mark, from its first user to the last one gone. */
export function secondsOfMark({ users, spawnRate, seconds }: PlannedMark, settings: StudySettings): number {
  const { settle, drain, master } = settings;
  return users / spawnRate + settle + seconds + drain + usualStop + (master === null ? 0 : usualMaster);
}

/** Seconds of it all, if nothing is repeated. */
export function secondsOfPlan(plan: readonly PlannedScale[], settings: StudySettings): number {
  const { scale, warmUp } = settings;
  return plan.reduce((sum, { marks }) => {
    const around = scale.pause + (warmUp > 0 ? warmUp + usualStop : 0);
    return sum + around + marks.reduce((all, mark) => all + secondsOfMark(mark, settings), 0);
  }, 0);
}
