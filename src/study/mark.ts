// Stress studies: how many users a system can take, and what holds it back. Here: what was measured, as plain data.

/** How far the system under test was scaled: a number of replicas, or the name of a variant. */
export type Scale = number | string;

/** Failures with one message. */
export interface MarkFailure {
  readonly method: string;
  readonly name: string;
  readonly message: string;
  readonly count: number;
}

/** Why a mark cannot be taken at its word. */
export interface Disturbance {
  readonly kind: 'workers' | 'generator' | 'users' | 'spread' | 'target' | 'data' | 'interrupted';
  /** In words, with the figure. */
  readonly text: string;
}

/** One combination of the matrix, as it was measured; after warm-up, ramp and settling. */
export interface Mark {
  readonly scale: Scale;
  readonly users: number;
  /** Users started per second. */
  readonly spawnRate: number;
  /** From 1. */
  readonly repeat: number;
  /** From 1; more than 1 where an earlier attempt was disturbed. */
  readonly attempt: number;
  /** When measuring began, epoch seconds. */
  readonly startTime: number;
  /** Seconds that the figures are of. */
  readonly seconds: number;
  readonly requests: number;
  readonly failures: number;
  /** All requests per second, failed ones too. */
  readonly rps: number;
  readonly failuresPerSecond: number;
  /** Standard error of `rps`, from its ups and downs within the mark; null if that is not known. */
  readonly rpsError: number | null;
  /** Response times in ms; null without any. */
  readonly average: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** The most frequent first. */
  readonly errors: readonly MarkFailure[];
  /** Highest CPU of a generator in percent, and its highest lag in ms, as far as they are known. */
  readonly cpu: number | null;
  readonly lag: number | null;
  readonly workers: number;
  readonly disturbances: readonly Disturbance[];
}

/** Whether its study was ended meanwhile: it is measured again when the study goes on. */
export function isInterrupted({ disturbances }: Pick<Mark, 'disturbances'>): boolean {
  return disturbances.some(({ kind }) => kind === 'interrupted');
}

/** Names the combination: the same in each run of one study. */
export function markKey({
  scale,
  users,
  spawnRate,
  seconds,
  repeat,
}: {
  readonly scale: Scale;
  readonly users: number;
  readonly spawnRate: number;
  /** As planned. */
  readonly seconds: number;
  readonly repeat: number;
}): string {
  return JSON.stringify([scale, users, spawnRate, seconds, repeat]);
}
