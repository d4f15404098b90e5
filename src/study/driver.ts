import type { MarkFailure } from './mark.ts';
import type { Variant } from './settings.ts';

/** A worker as its master sees it; or a run without one. */
export interface WorkerReading {
  readonly id: string;
  readonly state: string;
  readonly users: number;
  /** Percent. */
  readonly cpu: number;
}

/** What a driver sees at one moment. Counts and times are of all since the last reset. */
export interface Reading {
  /** Epoch seconds. */
  readonly time: number;
  /** In Locust's words. */
  readonly state: string;
  readonly users: number;
  readonly requests: number;
  readonly failures: number;
  /** Seconds from the reset to the last request that is counted. */
  readonly span: number;
  /** ms; null without any request. */
  readonly average: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Of the last seconds. */
  readonly recentRps: number;
  readonly recentMedian: number | null;
  readonly recentP95: number | null;
  readonly workers: readonly WorkerReading[];
  /** ms in which the generator's loop was late; null if that is not known. */
  readonly lag: number | null;
}

/** Users to be started. */
export interface Load {
  readonly users: number;
  readonly spawnRate: number;
  /** In a study of several: which ones; those of the whole study if not given. */
  readonly variant?: Variant;
}

/** What runs the users: a master somewhere, or this machine. */
export interface Driver {
  /** Seconds until all of a moment has come in. */
  readonly delay: number;
  /** Seconds between two reports of a worker; 0 where all are told at once. */
  readonly period: number;
  /** Makes sure that it is there and idle; tells its versions, by name. */
  open(): Promise<ReadonlyMap<string, string>>;
  /** Has so many users started; returns before they run. */
  start(load: Load): Promise<void>;
  read(): Promise<Reading>;
  /** Of all since the last reset. */
  errors(): Promise<readonly MarkFailure[]>;
  /** All counts from zero. */
  reset(): Promise<void>;
  /** Resolves when no user runs any more, and workers are back. `onWait` is told what is waited for, in words. */
  stop(onWait?: (what: string) => void): Promise<void>;
  close(): Promise<void>;
}
