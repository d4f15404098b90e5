import { isInterrupted, type Mark, type Scale } from './mark.ts';

/** All marks with the same number of users at one scale, as one point of the curve. */
export interface Level {
  readonly users: number;
  readonly marks: readonly Mark[];
  /** All requests per second. */
  readonly rps: number;
  /** Requests per second that did not fail: what the system really delivers. */
  readonly goodRps: number;
  /** Standard error of `rps`. */
  readonly error: number;
  /** Part of 1. */
  readonly failRatio: number;
  /** ms, in the middle of the repeats. */
  readonly average: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Whether there was no undisturbed mark. */
  readonly isDisturbed: boolean;
}

/** The levels of one scale, by users. Disturbed marks count only where there is nothing better. */
export function levelsOf(marks: readonly Mark[], scale: Scale): readonly Level[] {
  const own = marks.filter((mark) => mark.scale === scale && mark.seconds > 0);
  const counts = [...new Set(own.map(({ users }) => users))].sort((a, b) => a - b);
  const groups = counts.map((users) => own.filter((mark) => mark.users === users));
  const spread = spreadOf(groups.map((group) => taken(group)));
  return groups.map((group) => levelOf(group, spread));
}

/** Numbers from the least on, whatever was measured first: what one scale brings is seen from the smaller one. Names as measured. */
export function scalesOf(marks: readonly Mark[]): readonly Scale[] {
  const scales = [...new Set(marks.map(({ scale }) => scale))];
  return scales.every((scale) => typeof scale === 'number') ? scales.sort((a, b) => a - b) : scales;
}

function levelOf(all: readonly Mark[], spread: number): Level {
  const marks = taken(all);
  const seconds = sum(marks.map((mark) => mark.seconds));
  const weighted = (value: (mark: Mark) => number): number =>
    sum(marks.map((mark) => value(mark) * mark.seconds)) / seconds;
  const requests = sum(marks.map((mark) => mark.requests));
  const failures = sum(marks.map((mark) => mark.failures));
  const rps = weighted((mark) => mark.rps);
  const middle = (value: (mark: Mark) => number | null): number | null =>
    medianOf(marks.flatMap((mark) => value(mark) ?? []));
  return {
    users: marks[0]?.users ?? 0,
    marks,
    rps,
    goodRps: weighted((mark) => mark.rps - mark.failuresPerSecond),
    error: errorOf(marks, rps, seconds, spread),
    failRatio: requests > 0 ? failures / requests : failures > 0 ? 1 : 0,
    average: middle((mark) => mark.average),
    median: middle((mark) => mark.median),
    p95: middle((mark) => mark.p95),
    p99: middle((mark) => mark.p99),
    isDisturbed: marks.some(({ disturbances }) => disturbances.length > 0),
  };
}

function taken(all: readonly Mark[]): readonly Mark[] {
  const clean = all.filter(({ disturbances }) => disturbances.length === 0);
  if (clean.length > 0) return clean;
  const whole = all.filter((mark) => !isInterrupted(mark));
  return lastAttempts(whole.length > 0 ? whole : all);
}

/** Of attempts at the same repeat, the last one. */
function lastAttempts(marks: readonly Mark[]): readonly Mark[] {
  const isLater = (other: Mark, mark: Mark): boolean =>
    other.repeat === mark.repeat && other.spawnRate === mark.spawnRate && other.attempt > mark.attempt;
  return marks.filter((mark) => !marks.some((other) => isLater(other, mark)));
}

/** From each mark's own ups and downs, or as of random arrivals; but no less than repeats differ. */
function errorOf(marks: readonly Mark[], rps: number, seconds: number, spread: number): number {
  const known = marks.flatMap(({ rpsError }) => rpsError ?? []);
  const within =
    known.length === marks.length
      ? Math.sqrt(sum(known.map((error) => error ** 2))) / marks.length
      : Math.sqrt(rps / seconds);
  return Math.max(within, (spread * rps) / Math.sqrt(marks.length));
}

/** Deviation of repeats as part of 1, of all levels together: two or three repeats of one level tell too little. */
function spreadOf(groups: readonly (readonly Mark[])[]): number {
  let squares = 0;
  let freedom = 0;
  for (const marks of groups) {
    const mean = sum(marks.map(({ rps }) => rps)) / marks.length;
    if (marks.length < 2 || mean <= 0) continue;
    squares += sum(marks.map(({ rps }) => (rps / mean - 1) ** 2));
    freedom += marks.length - 1;
  }
  return freedom === 0 ? 0 : Math.sqrt(squares / freedom);
}

export function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** null of none. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
