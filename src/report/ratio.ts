import { fixed, padEnd } from './python-text.ts';
import type { RatioRow } from './run.ts';

/** A task, or the task set that stands there, with how often it is chosen. */
export interface TaskShare {
  readonly name: string;
  readonly weight: number;
  readonly taskSet?: { readonly className: string; readonly tasks: readonly TaskShare[] };
}

/** A user class as far as ratios go; `weight` counts where there is no `fixedCount`. */
export interface ClassShare {
  readonly name: string;
  readonly weight: number;
  readonly fixedCount: number;
  readonly tasks: readonly TaskShare[];
}

/** Tasks as parts of their class or task set, and as parts of all that is done. */
export interface Ratios {
  readonly perClass: readonly RatioRow[];
  readonly total: readonly RatioRow[];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Python's `round`: half to even. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * How many users of each class there are when all run; without a number of users, as many as the weights add up to.
 * Locust's `_calc_distribution`, by which it rounds each class for itself.
 */
export function distributionOf(classes: readonly ClassShare[], users?: number): ReadonlyMap<string, number> {
  const fixedCount = sum(classes.map((user) => user.fixedCount));
  const totalWeight = sum(classes.map(({ fixedCount, weight }) => (fixedCount ? 0 : weight)));
  const count = users || (fixedCount ? 1 : totalWeight);
  const weighted = Math.max(0, count - fixedCount);
  const countOf = ({ fixedCount, weight }: ClassShare): number =>
    fixedCount || (totalWeight === 0 ? 0 : (weight / totalWeight) * weighted);
  return new Map(classes.map((user) => [user.name, roundHalfToEven(countOf(user))]));
}

/**
 * How often each class, and each task within it, is chosen, 0 to 1. `userCounts` by class: of the running users, or, if
 * not given, as the weights say. Locust's `get_ratio`, both ways.
 *
 * @example ratiosOf(manifest.classes, pool.counts()).total
 */
export function ratiosOf(
  classes: readonly ClassShare[],
  userCounts: ReadonlyMap<string, number> = distributionOf(classes),
): Ratios {
  const users = sum([...userCounts.values()]) || 1;
  const rowsOf = (isTotal: boolean): readonly RatioRow[] =>
    classes.map(({ name, tasks }) => {
      const ratio = (userCounts.get(name) ?? 0) / users;
      return { name, ratio, tasks: taskRatios(tasks, isTotal, ratio) };
    });
  return { perClass: rowsOf(false), total: rowsOf(true) };
}

function taskRatios(tasks: readonly TaskShare[], isTotal: boolean, parent: number): readonly RatioRow[] {
  const shares = new Map<string, TaskShare>();
  for (const task of tasks) {
    if (task.weight === 0) continue;
    // a task set that stands in the table twice is one row, under the name of its class
    const name = task.taskSet?.className ?? task.name;
    shares.set(name, { ...task, name, weight: task.weight + (shares.get(name)?.weight ?? 0) });
  }
  const whole = sum([...shares.values()].map(({ weight }) => weight));
  return [...shares.values()].map(({ name, weight, taskSet }) => {
    const ratio = (weight * (isTotal ? parent : 1)) / whole;
    return { name, ratio, tasks: taskSet === undefined ? [] : taskRatios(taskSet.tasks, isTotal, ratio) };
  });
}

/** What `--show-task-ratio` prints, to its last line end. */
export function ratioText(classes: readonly ClassShare[], users?: number): string {
  const { perClass, total } = ratiosOf(classes, distributionOf(classes, users));
  const rule = '-'.repeat(80);
  const lines = [
    '',
    ' Task ratio per User class',
    rule,
    ...linesOf(perClass),
    '',
    ' Total task ratio',
    rule,
    ...linesOf(total),
  ];
  return `${lines.join('\n')}\n`;
}

function linesOf(rows: readonly RatioRow[], level = 0): readonly string[] {
  const indent = ' '.repeat(level * 2);
  return rows.flatMap(({ name, ratio, tasks }) => {
    const percent = indent + padEnd(fixed(ratio * 100, 1), 6);
    return [` ${padEnd(percent, 10)} ${padEnd(indent + name, 50)}`, ...linesOf(tasks, level + 1)];
  });
}

/** What `--show-task-ratio-json` prints. */
export function ratioJson(classes: readonly ClassShare[], users?: number): string {
  const { perClass, total } = ratiosOf(classes, distributionOf(classes, users));
  return JSON.stringify({ per_class: objectOf(perClass, true), total: objectOf(total, true) }, null, 4);
}

/** By name, as Locust has it; only what may hold tasks has the key. */
function objectOf(rows: readonly RatioRow[], areClasses = false): object {
  return Object.fromEntries(
    rows.map(({ name, ratio, tasks }) => [
      name,
      areClasses || tasks.length > 0 ? { ratio, tasks: objectOf(tasks) } : { ratio },
    ]),
  );
}
