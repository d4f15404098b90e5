import { UsageError } from '../errors.ts';

/** One stage of a load shape. */
export interface Stage {
  /** Seconds from the start of the shape at which this stage ends. Either this or `duration`. */
  readonly until?: number;
  /** Seconds that this stage lasts. */
  readonly duration?: number;
  /** How many users run in it. */
  readonly users: number;
  /** Users started (or stopped) per second until they are so many. */
  readonly spawnRate: number;
  /** Names of the classes of which users are *added*; those that run stay. All classes if not given. */
  readonly userClasses?: readonly string[];
}

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

  constructor(stages: readonly ShapeStage[]) {
    this.stages = stages;
  }
}

/**
 * A load shape in stages, one after the other; the test ends after the last. Locust's `LoadTestShape` as a table.
 *
 * @example
 * export const shape = stages([
 *   { duration: 60, users: 10, spawnRate: 1 },
 *   { duration: 60, users: 100, spawnRate: 10 },
 * ]);
 */
export function stages(table: readonly Stage[]): Shape {
  if (!Array.isArray(table) || table.length === 0) throw new UsageError('stages([…]) needs at least one stage');
  let end = 0;
  return new Shape(
    table.map((stage: Stage, at): ShapeStage => {
      const until = stage.until ?? end + (stage.duration ?? Number.NaN);
      const where = `stage ${at + 1} of stages([…])`;
      if (!(until > end) || !Number.isFinite(until)) {
        throw new UsageError(`${where} needs a duration in seconds, or an until after the stage before`);
      }
      if (!Number.isInteger(stage.users) || stage.users < 0) {
        throw new UsageError(`${where} has users: ${stage.users}; a whole number from 0 on is expected`);
      }
      if (!(stage.spawnRate > 0))
        throw new UsageError(`${where} has spawnRate: ${stage.spawnRate}; a positive number is expected`);
      end = until;
      const { users, spawnRate, userClasses } = stage;
      return userClasses === undefined ? { until, users, spawnRate } : { until, users, spawnRate, userClasses };
    }),
  );
}
