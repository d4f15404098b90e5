import type { Sample } from './journal.ts';
import type { Level } from './level.ts';
import type { StudyResult } from './result.ts';
import { predict } from './scaling-law.ts';

/** null: not measured. */
type Values = readonly (number | null)[];

/** What the charts of one scale are drawn from. */
export interface ScaleData {
  readonly name: string;
  /** For each of `fine`: the rps that was measured there, without failures, and what the law predicts. */
  readonly measured: Values;
  readonly fitted: Values;
  /** For each of `users`. */
  readonly average: Values;
  readonly median: Values;
  readonly p95: Values;
  /** Part of 1. */
  readonly failures: Values;
}

export interface StudyPageData {
  readonly users: readonly number[];
  /** Users, and steps between them, for curves; without these where no law is drawn. */
  readonly fine: readonly number[];
  /** Whether the scales are variants: many curves, compared point by point, without the laws. */
  readonly areVariants: boolean;
  readonly scales: readonly ScaleData[];
  /** Seconds since the start of the study. */
  readonly times: readonly number[];
  readonly timeline: {
    readonly users: Values;
    readonly rps: Values;
    readonly median: Values;
    readonly p95: Values;
    readonly cpu: Values;
  };
}

/** Points between two measured users, at least. */
const between = 12;
/** More points of time are thinned out. */
const mostTimes = 4000;

export function studyPageData({ finding, startTime }: StudyResult, samples: readonly Sample[]): StudyPageData {
  const users = [...new Set(finding.scales.flatMap(({ levels }) => levels.map((level) => level.users)))].sort(
    (a, b) => a - b,
  );
  const areVariants = finding.ranking !== null;
  const fine = areVariants ? users : curveOf(users);
  const step = Math.max(1, Math.ceil(samples.length / mostTimes));
  const seen = samples.filter((_, at) => at % step === 0);
  const pick = (value: (sample: Sample) => number | null): Values => seen.map((sample) => rounded(value(sample)));
  return {
    users,
    fine,
    areVariants,
    scales: finding.scales.map(({ scale, levels, law }) => {
      const at = (count: number): Level | undefined => levels.find((level) => level.users === count);
      // Beyond what it was fitted to, it would be a guess.
      const most = law?.residuals.at(-1)?.users ?? 0;
      return {
        name: typeof scale === 'number' && finding.scales.length > 1 ? `scale ${scale}` : String(scale),
        measured: fine.map((count) => rounded(at(count)?.goodRps ?? null)),
        fitted: fine.map((count) =>
          law === null || areVariants || count > most ? null : rounded(predict(law, count)),
        ),
        average: users.map((count) => rounded(at(count)?.average ?? null)),
        median: users.map((count) => at(count)?.median ?? null),
        p95: users.map((count) => at(count)?.p95 ?? null),
        failures: users.map((count) => at(count)?.failRatio ?? null),
      };
    }),
    times: seen.map(({ time }) => Math.round((time - startTime) * 10) / 10),
    timeline: {
      users: pick((sample) => sample.users),
      rps: pick((sample) => sample.recentRps),
      median: pick((sample) => sample.recentMedian),
      p95: pick((sample) => sample.recentP95),
      cpu: pick(({ workers }) => (workers.length === 0 ? null : Math.max(...workers.map(({ cpu }) => cpu)))),
    },
  };
}

/** From the fewest users to the most, with steps between any two. */
function curveOf(users: readonly number[]): readonly number[] {
  return users.flatMap((from, at) => {
    const to = users[at + 1];
    if (to === undefined) return [from];
    return Array.from({ length: between }, (_, i) => from + ((to - from) * i) / between);
  });
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
