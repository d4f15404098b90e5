import { type Level, sum } from './level.ts';
import type { Scale } from './mark.ts';
import { changeText, list, nameOf, people } from './phrases.ts';
import type { StudyResult } from './result.ts';
import { subjectOf } from './subject.ts';

/** One figure in two studies. */
export interface ComparedLevel {
  readonly scale: Scale;
  /** null: the best mark of the scale. */
  readonly users: number | null;
  readonly figure: 'rps' | 'p95' | 'failures';
  readonly a: number;
  readonly b: number;
  /** Part of 1; of failures, which are parts, the difference. */
  readonly change: number;
  /** Whether it is more than the spread of both explains. */
  readonly isBeyondSpread: boolean;
}

/** So many standard errors are no chance. */
const sure = 3;
/** Percentiles are known no better than this part of 1. */
const timeDoubt = 0.15;
/** A smaller difference of the parts that fail is none. */
const failureDoubt = 0.01;

/** What both studies measured, side by side; the best marks first. */
export function comparedLevels(a: StudyResult, b: StudyResult): readonly ComparedLevel[] {
  return a.finding.scales.flatMap((one) => {
    const other = b.finding.scales.find(({ scale }) => scale === one.scale);
    if (other === undefined) return [];
    const best =
      one.best === null || other.best === null
        ? []
        : [
            ratio(
              one.scale,
              null,
              one.best.rps,
              other.best.rps,
              Math.hypot(one.best.error / one.best.rps, other.best.error / other.best.rps),
            ),
          ];
    const levels = one.levels.flatMap((level) => {
      const twin = other.levels.find(({ users }) => users === level.users);
      return twin === undefined ? [] : comparedOf(one.scale, level, twin);
    });
    return [...best, ...levels];
  });
}

/** The changes that are no chance, in sentences; before them, what else than the system may have changed them. */
export function comparisonText(a: StudyResult, b: StudyResult): readonly string[] {
  const empty = [a, b].filter(({ finding }) => finding.scales.length === 0);
  if (empty.length > 0) return empty.map(({ name }) => `Nothing was measured in ${name}.`);
  const all = comparedLevels(a, b);
  const settings = settingsChanges(a, b);
  if (all.length === 0) return [...settings, 'The two studies have no scale in common.'];
  const changed = all.filter(({ isBeyondSpread }) => isBeyondSpread).map(sentence);
  const isWithoutTwins = all.every(({ users }) => users === null);
  return [
    ...settings,
    ...(isWithoutTwins
      ? ['No mark of one has as many users as one of the other: only the best marks are compared.']
      : []),
    ...(changed.length === 0 ? ['Nothing changed beyond the spread.'] : [...changed, ...kneeChanges(a, b)]),
  ];
}

/** A sentence if they were not asked of the same system, in the same way. */
function settingsChanges(a: StudyResult, b: StudyResult): readonly string[] {
  const [one, other] = [factsOf(a), factsOf(b)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]);
  const changes = names.map((name) => `${name} (${one[name] ?? 'none'}, then ${other[name] ?? 'none'})`);
  return changes.length === 0 ? [] : [`Not the same in both, so look there first: ${list(changes)}.`];
}

function factsOf({ settings }: StudyResult): Readonly<Record<string, string>> {
  const { study, variants } = subjectOf(settings);
  const own = Object.entries(variants).flatMap(([variant, facts]) =>
    Object.entries(facts).map(([name, value]) => [`${variant}: ${name}`, value] as const),
  );
  return { ...study, ...Object.fromEntries(own) };
}

function sentence({ scale, users, figure, a, b, change }: ComparedLevel): string {
  const where = `${nameOf(scale)}, ${users === null ? 'best mark' : people(users)}`;
  const sign = change > 0 ? '+' : '';
  if (figure === 'failures') return `${where}: failures from ${changeText(a)} to ${changeText(b)}.`;
  const unit = figure === 'p95' ? 'ms' : 'rps';
  return `${where}: ${figure === 'p95' ? 'p95 ' : ''}from ${short(a)} to ${short(b)} ${unit} (${sign}${changeText(change)}).`;
}

function kneeChanges(a: StudyResult, b: StudyResult): readonly string[] {
  return a.finding.scales.flatMap(({ scale, knee }) => {
    const other = b.finding.scales.find((own) => own.scale === scale)?.knee;
    if (!knee.isReached || other?.isReached !== true || knee.users === other.users) return [];
    return [`${nameOf(scale)}: the knee went from ${knee.users} to ${other.users} users.`];
  });
}

function comparedOf(scale: Scale, a: Level, b: Level): readonly ComparedLevel[] {
  const figures: ComparedLevel[] = [];
  if (a.rps > 0 && b.rps > 0)
    figures.push(ratio(scale, a.users, a.rps, b.rps, Math.hypot(a.error / a.rps, b.error / b.rps)));
  if (a.p95 !== null && b.p95 !== null && a.p95 > 0) {
    const change = b.p95 / a.p95 - 1;
    figures.push({
      scale,
      users: a.users,
      figure: 'p95',
      a: a.p95,
      b: b.p95,
      change,
      isBeyondSpread: Math.abs(change) > timeDoubt + spreadOfTimes(a) + spreadOfTimes(b),
    });
  }
  const change = b.failRatio - a.failRatio;
  const isBeyondSpread = Math.abs(change) > Math.max(failureDoubt, sure * Math.hypot(failureError(a), failureError(b)));
  return [
    ...figures,
    { scale, users: a.users, figure: 'failures', a: a.failRatio, b: b.failRatio, change, isBeyondSpread },
  ];
}

function ratio(scale: Scale, users: number | null, a: number, b: number, error: number): ComparedLevel {
  const change = b / a - 1;
  const isBeyondSpread = Math.abs(change) > Math.max(0.02, sure * error * (1 + change));
  return { scale, users, figure: 'rps', a, b, change, isBeyondSpread };
}

/** Standard error of the part that fails, as of requests that fail independently of each other. */
function failureError({ marks, failRatio }: Level): number {
  const requests = sum(marks.map((mark) => mark.requests));
  return requests === 0 ? 0 : Math.sqrt((failRatio * (1 - failRatio)) / requests);
}

/** Half of what repeats differ by, part of 1. */
function spreadOfTimes({ marks, p95 }: Level): number {
  const times = marks.flatMap((mark) => mark.p95 ?? []);
  return times.length < 2 || p95 === null || p95 === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 2 / p95;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
