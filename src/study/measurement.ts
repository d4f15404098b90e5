import type { Reading } from './driver.ts';
import { isThere } from './gates.ts';
import { medianOf, sum } from './level.ts';
import type { Mark } from './mark.ts';

/** What readings say of one mark. */
export type Measured = Pick<
  Mark,
  'startTime' | 'seconds' | 'requests' | 'failures' | 'rps' | 'failuresPerSecond' | 'rpsError' | 'average' | 'median'
> &
  Pick<Mark, 'p95' | 'p99' | 'cpu' | 'lag' | 'workers'>;

/** Into so many parts a mark is cut, to see its ups and downs. */
const parts = 5;

/** Seconds by which the last request of a report may be before it. */
const jitter = 0.3;
/** As many readings from each end are tried. */
const tried = 12;
/** A stretch of the readings shorter than this part of all is too little. */
const shortest = 0.6;

/**
 * Figures of the readings since a reset. Rates are differences of two readings, for what was on its way at the reset would
 * count too much, what is on its way at the end too little. `period`: seconds between two reports of a worker. null if
 * there is nothing to measure on.
 */
export function measuredOf(readings: readonly Reading[], period: number): Measured | null {
  const told = readings.filter(({ requests }) => requests > 0);
  const [first, last] = [told[0] ?? readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || last.time - first.time < 1) return null;
  const [longest, ...others] = stretchesOf(told, period);
  const seconds = longest?.seconds ?? last.time - first.time;
  const [from, to] = [longest?.from ?? first, longest?.to ?? last];
  const [requests, failures] = [to.requests - from.requests, to.failures - from.failures];
  const rates = [longest, ...others].flatMap((stretch) => (stretch === undefined ? [] : rateOf(stretch)));
  const rps = medianOf(rates) ?? requests / seconds;
  const known = readings.flatMap(({ lag }) => lag ?? []);
  // One value a reading: all workers of all seconds would be too many arguments.
  const cpus = readings.map(({ workers }) => Math.max(0, ...workers.filter(isThere).map(({ cpu }) => cpu)));
  return {
    startTime: from.time,
    seconds,
    requests,
    failures,
    rps,
    failuresPerSecond: requests > 0 ? (rps * failures) / requests : 0,
    rpsError: errorOf(readings, from, period),
    average: last.average,
    median: last.median,
    p95: last.p95,
    p99: last.p99,
    cpu: Math.max(0, ...cpus),
    lag: known.length === 0 ? null : Math.max(...known),
    workers: Math.max(...readings.map(({ workers }) => workers.filter(isThere).length)),
  };
}

/** Whether of what was told last nothing went well. */
export function isFailingAtEnd(readings: readonly Reading[]): boolean {
  const last = readings.at(-1);
  if (last === undefined || last.requests === 0) return false;
  const before = readings.findLast(({ requests }) => requests < last.requests) ?? { requests: 0, failures: 0 };
  return last.failures - before.failures === last.requests - before.requests;
}

/** Whether more than one report is in them: a rate is the difference of two. */
export function hasRate(readings: readonly Reading[]): boolean {
  const told = readings.filter(({ requests }) => requests > 0);
  return (told.at(-1)?.requests ?? 0) > (told[0]?.requests ?? 0);
}

/** Two readings, and the seconds between their last requests. */
interface Stretch {
  readonly from: Reading;
  readonly to: Reading;
  readonly seconds: number;
}

const rateOf = ({ from, to, seconds }: Stretch): number => (to.requests - from.requests) / seconds;

/**
 * Long stretches at whose ends the same worker was the last to report: then what the others have not told yet is as much at
 * the end as at the beginning. All long ones where there is none. The longest first.
 */
function stretchesOf(told: readonly Reading[], period: number): readonly Stretch[] {
  const all = told
    .slice(0, tried)
    .flatMap((from) => told.slice(-tried).map((to) => ({ from, to, seconds: to.span - from.span })))
    .filter(({ from, to, seconds }) => seconds > 0 && to.time > from.time)
    .sort((a, b) => b.seconds - a.seconds);
  const long = all.filter(({ seconds }) => seconds >= shortest * (all[0]?.seconds ?? 0));
  const alike = long.filter(({ from, to }) => phaseBetween(from, to, period) <= jitter);
  return alike.length > 0 ? alike : long;
}

/** Seconds by which their last reports are not a whole number of periods apart. */
function phaseBetween(from: Reading, to: Reading, period: number): number {
  if (period <= 0) return 0;
  const periods = (to.span - from.span) / period;
  return Math.abs(periods - Math.round(periods)) * period;
}

/** Standard error of rps by the means of its parts; null if there are too few readings of one phase. */
function errorOf(readings: readonly Reading[], first: Reading, period: number): number | null {
  const later = readings.slice(readings.indexOf(first));
  const ends = later.filter((reading, at) => {
    return phaseBetween(first, reading, period) <= jitter && (at === 0 || reading.span > first.span);
  });
  const distinct = ends.filter(({ span }, at) => at === 0 || span > (ends[at - 1]?.span ?? 0) + jitter);
  if (distinct.length <= parts) return null;
  const chosen = Array.from(
    { length: parts + 1 },
    (_, at) => distinct[Math.round((at * (distinct.length - 1)) / parts)],
  );
  const rates = chosen.slice(1).flatMap((end, at) => {
    const start = chosen[at];
    return start === undefined || end === undefined ? [] : [(end.requests - start.requests) / (end.span - start.span)];
  });
  const mean = sum(rates) / parts;
  return Math.sqrt(sum(rates.map((rate) => (rate - mean) ** 2)) / (parts - 1) / parts);
}
