// What people read of a run: console tables, CSV, JSON, HTML. Here: the run as plain data, from which all are written.
import type { StatsSnapshot } from '../stats/snapshot.ts';

/** One second of a run; or several as one, where a long run was thinned out. */
export interface Sample {
  /** Its end, epoch seconds. */
  readonly time: number;
  /** Seconds that it covers. */
  readonly seconds: number;
  readonly userCount: number;
  readonly usersByClass: ReadonlyMap<string, number>;
  /** Of all requests that ended in it, per second. */
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  /** Response times of the last ten seconds, ms, as Locust's charts; null if nothing ended in them. */
  readonly median: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly average: number | null;
  /** The longest time in which a load thread was not free, ms. */
  readonly lag: number;
  /** Percent; 100 when all load threads are busy. */
  readonly cpu: number;
}

/** One row of the statistics over time; the arrays have one value for each sample of the run. */
export interface NameHistory {
  readonly method: string;
  readonly name: string;
  readonly requestsPerSecond: readonly number[];
  readonly failuresPerSecond: readonly number[];
  readonly median: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
}

/** Exceptions of user code with one message and traceback. */
export interface ExceptionRow {
  readonly count: number;
  readonly message: string;
  readonly traceback: string;
  /** Who had it; `local` in a run without a master. */
  readonly nodes: readonly string[];
}

/** How often a class, or a task within it, is chosen: 0 to 1. Locust's task ratio. */
export interface RatioRow {
  readonly name: string;
  readonly ratio: number;
  readonly tasks: readonly RatioRow[];
}

/** What became of a threshold. */
export interface ThresholdResult {
  /** As it was given: `p95(GET /x)>300ms`. */
  readonly expression: string;
  /** In the expression's unit of ms, requests/s, parts of 1; null if there was nothing to measure it on. */
  readonly actual: number | null;
  readonly isOk: boolean;
  /** In words, with the figure. */
  readonly text: string;
}

/** A whole run. Times in epoch seconds. */
export interface Run {
  readonly startTime: number;
  readonly endTime: number;
  /** The system under test; empty if the classes name their own. */
  readonly host: string;
  readonly userFiles: readonly string[];
  readonly profile: string | null;
  /** katydid's and Node's, by name. */
  readonly versions: ReadonlyMap<string, string>;
  /** All of the run, but for counts per second. */
  readonly stats: StatsSnapshot;
  readonly exceptions: readonly ExceptionRow[];
  /** At most 2,000, however long the run was. */
  readonly samples: readonly Sample[];
  readonly names: readonly NameHistory[];
  readonly ratios: { readonly perClass: readonly RatioRow[]; readonly total: readonly RatioRow[] };
  /** The options of the run as given, secrets masked. */
  readonly options: ReadonlyMap<string, string>;
  readonly thresholds: readonly ThresholdResult[];
  /** What may have spoilt the figures, in words: a thread that was replaced, a generator that was too slow. */
  readonly remarks: readonly string[];
}
