import { UsageError } from '../errors.ts';

interface StageBasics {
  /** How many users run in it. */
  readonly users: number;
  /** Names of the classes of which users are *added*; those that run stay. All classes if not given. */
  readonly userClasses?: readonly string[];
}

/** How fast users come and go: one of both. */
export type Pace =
  /** Users started (or stopped) per second until they are so many. */
  | { readonly spawnRate: number; readonly rampTime?: never }
  /** Seconds in which they are started (or stopped), evenly; 0 is at once. */
  | { readonly rampTime: number; readonly spawnRate?: never };

/** One stage of a load shape. Locust looks once a second: what is shorter than two seconds may be missed. */
export type Stage = StageBasics &
  Pace & {
    /** Seconds from the start of the shape at which this stage ends. Either this or `duration`. */
    readonly until?: number;
    /** Seconds that this stage lasts. */
    readonly duration?: number;
  };

/** A stage as it was meant: the rate for a ramp time is known when the stage before is. */
export type ShapePart = StageBasics & Pace & { readonly duration: number };

/** A stage as it is carried out: `until` in seconds from the start. */
export interface ShapeStage {
  readonly until: number;
  readonly users: number;
  readonly spawnRate: number;
  readonly userClasses?: readonly string[];
}

/** How many users run, and when. The master runs it from the stub locustfile. */
export class Shape {
  readonly stages: readonly ShapeStage[];
  /** For `stages([…])` with this shape in it. */
  readonly parts: readonly ShapePart[];

  constructor(parts: readonly ShapePart[]) {
    this.parts = parts;
    let [until, before] = [0, 0];
    this.stages = parts.map(({ duration, users, spawnRate, rampTime = 0, userClasses }) => {
      until = tidy(until + duration);
      const rate = spawnRate ?? rateOf(Math.abs(users - before), rampTime);
      before = users;
      return { until, users, spawnRate: rate, ...(userClasses === undefined ? {} : { userClasses }) };
    });
  }
}

/** Whole numbers stay so after many additions of parts: nanoseconds are no matter. */
const tidy = (seconds: number): number => Math.round(seconds * 1e9) / 1e9;

/** The rate at which so many users come or go in that time; rounded up, so that they never take longer. */
function rateOf(change: number, seconds: number): number {
  const rate = change / Math.max(1, seconds);
  // A rate must be positive, also where there is nothing to do.
  if (rate === 0) return 1;
  const digits = 10 ** (3 - Math.floor(Math.log10(rate)));
  return rate >= 1000 ? Math.ceil(rate) : Math.ceil(rate * digits - 1e-6) / digits;
}

/**
 * A load shape in stages, one after the other; the test ends after the last. Locust's `LoadTestShape` as a table.
 * Other shapes may stand among the stages: each begins where the one before ends, with the users that run then.
 *
 * @example
 * export const shape = stages([
 *   { duration: 60, users: 10, spawnRate: 1 },
 *   { duration: 60, users: 100, rampTime: 30 },
 *   burst({ users: 20, peak: 200, duration: 600 }),
 * ]);
 */
export function stages(table: readonly (Stage | Shape)[]): Shape {
  if (!Array.isArray(table) || table.length === 0) throw new UsageError('stages([…]) needs at least one stage');
  let end = 0;
  const parts = (table as readonly (Stage | Shape)[]).flatMap((stage, at): readonly ShapePart[] => {
    const those = stage instanceof Shape ? stage.parts : [partOf(stage, end, `stage ${at + 1} of stages([…])`)];
    end = tidy(those.reduce((sum, { duration }) => sum + duration, end));
    return those;
  });
  return new Shape(parts);
}

/** What a stage that begins at `start` says, checked; `where` names it in errors. */
function partOf(stage: Stage, start: number, where: string): ShapePart {
  if (typeof stage !== 'object' || stage === null) {
    throw new UsageError(`${where} is ${String(stage)}; { duration, users, spawnRate } or a shape is expected`);
  }
  const { users, spawnRate, rampTime, userClasses } = stage;
  const until = stage.until ?? start + (stage.duration ?? Number.NaN);
  if (!(until > start) || !Number.isFinite(until)) {
    throw new UsageError(`${where} needs a duration in seconds, or an until after the stage before`);
  }
  const duration = tidy(until - start);
  if (!Number.isInteger(users) || users < 0) {
    throw new UsageError(`${where} has users: ${users}; a whole number from 0 on is expected`);
  }
  const isList =
    Array.isArray(userClasses) && userClasses.length > 0 && userClasses.every((name) => typeof name === 'string');
  if (userClasses !== undefined && !isList) {
    throw new UsageError(`${where} has userClasses that are no list of names, such as ['ShopUser']`);
  }
  const basics = { duration, users, ...(userClasses === undefined ? {} : { userClasses }) };
  if (rampTime === undefined) {
    if (typeof spawnRate === 'number' && spawnRate > 0 && Number.isFinite(spawnRate)) return { ...basics, spawnRate };
    throw new UsageError(`${where} has spawnRate: ${spawnRate}; a positive number is expected`);
  }
  if (spawnRate !== undefined) {
    throw new UsageError(`${where} has spawnRate: ${spawnRate} and rampTime: ${rampTime}; one of both is expected`);
  }
  if (typeof rampTime !== 'number' || !(rampTime >= 0 && rampTime <= duration)) {
    throw new UsageError(
      `${where} has rampTime: ${rampTime}; seconds from 0 to ${duration}, its duration, are expected`,
    );
  }
  return { ...basics, rampTime };
}
