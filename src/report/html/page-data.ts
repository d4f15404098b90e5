// What the charts of the page are drawn from: the run's samples, thinned out where they would make the page too large.
import { percentileOf } from '../../stats/percentile.ts';
import type { EntrySnapshot } from '../../stats/snapshot.ts';
import type { NameHistory, Run, Sample } from '../run.ts';
import { keyOf, sorted } from './figures.ts';
import { type Group, greatest, groupsOf, mean } from './groups.ts';

/** null: not measured. One value for each time. */
export type Values = readonly (number | null)[];

/** What is said of one name, or of all. Buckets and counts of its response times go together, ascending. */
export interface NameData {
  readonly method: string;
  readonly name: string;
  readonly requests: number;
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** null if the name has no history; of all requests, it is in `series`. */
  readonly history: Pick<Series, 'requests' | 'failures' | 'median' | 'p95'> | null;
}

interface Series {
  /** Per second. */
  readonly requests: Values;
  readonly failures: Values;
  /** ms */
  readonly median: Values;
  readonly p95: Values;
  readonly p99: Values;
  readonly lag: Values;
  /** Percent. */
  readonly cpu: Values;
  readonly users: Values;
}

/** Times in epoch seconds. */
export interface PageData {
  readonly startTime: number;
  readonly times: readonly number[];
  readonly series: Series;
  readonly classes: readonly { readonly name: string; readonly users: Values }[];
  readonly marks: readonly { readonly time: number; readonly text: string }[];
  readonly nameTimes: readonly number[];
  /** So many samples are one point of a name's history. */
  readonly samplesPerPoint: number;
  /** All requests first, then in the order of the tables. */
  readonly names: readonly NameData[];
}

/** Points of all names together: what keeps a page of 1,000 names small enough for a browser. */
const mostPoints = 250_000;
/** More are no longer told apart. */
const mostClasses = 7;

export function pageData(run: Run): PageData {
  const { samples, names } = run;
  const groups = groupsOf(samples, 1);
  const pick = (value: (sample: Sample) => number | null): Values =>
    groups.map(({ first, end }) => {
      const sample = end > first ? samples[first] : undefined;
      return sample ? rounded(value(sample)) : null;
    });
  const samplesPerPoint = Math.max(1, Math.ceil((samples.length * names.length) / mostPoints));
  const nameGroups = groupsOf(samples, samplesPerPoint);
  const histories = new Map(names.map((history) => [keyOf(history), history]));
  return {
    startTime: run.startTime,
    times: groups.map(({ time }) => rounded3(time)),
    series: {
      requests: pick((sample) => sample.requestsPerSecond),
      failures: pick((sample) => sample.failuresPerSecond),
      median: pick((sample) => sample.median),
      p95: pick((sample) => sample.p95),
      p99: pick((sample) => sample.p99),
      lag: pick((sample) => sample.lag),
      cpu: pick((sample) => sample.cpu),
      users: pick((sample) => sample.userCount),
    },
    classes: classesOf(samples).map(({ name, usersOf }) => ({ name, users: pick(usersOf) })),
    marks: marksOf(run),
    nameTimes: nameGroups.map(({ time }) => rounded3(time)),
    samplesPerPoint,
    names: [
      nameData(run.stats.total, null),
      ...sorted(run.stats.entries).map((entry) => {
        const history = histories.get(keyOf(entry));
        return nameData(entry, history ? historyOf(history, nameGroups, samples) : null);
      }),
    ],
  };
}

function nameData(entry: EntrySnapshot, history: NameData['history']): NameData {
  const times = [...entry.responseTimes].sort(([a], [b]) => a - b);
  return {
    method: entry.method,
    name: entry.name,
    requests: entry.numRequests,
    buckets: times.map(([bucket]) => bucket),
    counts: times.map(([, count]) => count),
    p50: percentileOf(entry, 0.5),
    p95: percentileOf(entry, 0.95),
    p99: percentileOf(entry, 0.99),
    history,
  };
}

function historyOf(history: NameHistory, groups: readonly Group[], samples: readonly Sample[]): NameData['history'] {
  const weightAt = (at: number): number => samples[at]?.seconds ?? 1;
  return {
    requests: groups.map((group) => rounded(mean(history.requestsPerSecond, group, weightAt))),
    failures: groups.map((group) => rounded(mean(history.failuresPerSecond, group, weightAt))),
    median: groups.map((group) => rounded(mean(history.median, group, weightAt))),
    p95: groups.map((group) => rounded(greatest(history.p95, group))),
  };
}

/** The classes that had the most users, in the order of their appearance; the others as one. */
function classesOf(samples: readonly Sample[]): { name: string; usersOf: (sample: Sample) => number }[] {
  const peaks = new Map<string, number>();
  for (const { usersByClass } of samples)
    for (const [name, users] of usersByClass) peaks.set(name, Math.max(peaks.get(name) ?? 0, users));
  const most = [...peaks]
    .sort(([, a], [, b]) => b - a)
    .slice(0, peaks.size > mostClasses ? mostClasses - 1 : mostClasses);
  const known = new Set(most.map(([name]) => name));
  const classes = [...peaks.keys()]
    .filter((name) => known.has(name))
    .map((name) => ({ name, usersOf: (sample: Sample) => sample.usersByClass.get(name) ?? 0 }));
  if (peaks.size === known.size) return classes;
  const othersOf = ({ usersByClass }: Sample): number =>
    [...usersByClass].reduce((sum, [name, users]) => (known.has(name) ? sum : sum + users), 0);
  return [...classes, { name: `${peaks.size - known.size} other classes`, usersOf: othersOf }];
}

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;

/** Remarks that name an instant of the run. */
function marksOf({ remarks, startTime, endTime }: Run): PageData['marks'] {
  return remarks.flatMap((text) => {
    const time = Date.parse(instant.exec(text)?.[0] ?? '') / 1000;
    return time >= startTime && time <= endTime ? [{ time, text }] : [];
  });
}

/** Two decimals, none of a large number: what a chart can show. */
function rounded(value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  return Math.abs(value) >= 1000 ? Math.round(value) : Math.round(value * 100) / 100;
}

function rounded3(time: number): number {
  return Math.round(time * 1000) / 1000;
}
