import { UsageError } from '../errors.ts';
import { nearest } from '../words.ts';
import { SequentialTaskSet, TaskSet, type TaskSetClass } from './task-set.ts';
import type { Weight } from './task-table.ts';
import { User, type UserClass } from './user.ts';

type Step = () => unknown;
type Own<U> =
  U extends TaskSet<infer _> ? Exclude<keyof U, Exclude<keyof TaskSet, 'interrupt'>> : Exclude<keyof U, keyof User>;
type TaskName<U> = { [K in Own<U>]: K extends 'interrupt' ? K : U[K] extends Step | TaskSetClass ? K : never }[Own<U>];

/**
 * A task table of the class `U`: each name must be a public method without parameters, or a field that holds a task set.
 *
 * @example static tasks = { home: 3, profile: { weight: 2, tags: ['account'] } } satisfies Tasks<ShopUser>;
 */
export type Tasks<U> = [TaskName<U>] extends [never]
  ? Readonly<Record<string, never>>
  : { readonly [K in TaskName<U>]?: Weight };

/** The steps of a sequence, in order. @example static tasks = ['cart', 'pay'] satisfies Sequence<Checkout>; */
export type Sequence<U> = readonly TaskName<U>[] | Tasks<U>;

/** One row of a table, checked. */
export interface Task {
  readonly name: string;
  readonly weight: number;
  readonly tags: readonly string[];
  /** If it is a task set: its class and its own table. */
  readonly nested?: { readonly taskSet: TaskSetClass; readonly plan: TaskPlan };
}

/** The checked table of a class. */
export interface TaskPlan {
  readonly className: string;
  readonly inOrder: boolean;
  readonly tasks: readonly Task[];
}

/** What a name of a table was resolved to. */
type Member = TaskSetClass | Step;

function isTaskSet(member: unknown): member is TaskSetClass {
  return typeof member === 'function' && member.prototype instanceof TaskSet;
}

/**
 * Checks the table of a class. Fields are only known on an object, so `sample` makes one if a name is no method.
 * Errors name the class, the wrong entry and the nearest right one.
 */
export function planOf(
  holder: UserClass | TaskSetClass,
  sample: () => object,
  outer: readonly TaskSetClass[] = [],
): TaskPlan {
  const inOrder = holder.prototype instanceof SequentialTaskSet;
  let object: object | undefined;
  const made = (): object => {
    object ??= sample();
    return object;
  };
  const tasks = rowsOf(holder, inOrder).map(({ name, weight, tags }): Task => {
    const member = memberOf(holder, name, made);
    if (!isTaskSet(member)) return { name, weight, tags };
    if (outer.includes(member)) throw new UsageError(`task set ${member.name} contains itself`);
    const plan = planOf(member, () => new member(made()), [...outer, member]);
    if (plan.tasks.length === 0)
      throw new UsageError(`task set ${member.name} has no tasks; give it a static tasks table`);
    return { name, weight, tags: [...tags, ...member.tags], nested: { taskSet: member, plan } };
  });
  return { className: holder.name, inOrder, tasks };
}

function rowsOf(
  holder: UserClass | TaskSetClass,
  inOrder: boolean,
): { name: string; weight: number; tags: readonly string[] }[] {
  const table: unknown = holder.tasks;
  if (Array.isArray(table)) {
    if (!inOrder)
      throw new UsageError(`${holder.name}.tasks is a list; only a SequentialTaskSet has one. Write { home: 1, … }`);
    return table.map((name: unknown) => ({ name: String(name), weight: 1, tags: [] }));
  }
  if (typeof table !== 'object' || table === null) {
    throw new UsageError(`${holder.name}.tasks must be a table such as { home: 3, profile: 1 }, not ${String(table)}`);
  }
  return Object.entries(table).map(([name, value]: [string, unknown]) => rowOf(holder.name, name, value));
}

function rowOf(
  className: string,
  name: string,
  value: unknown,
): { name: string; weight: number; tags: readonly string[] } {
  const given =
    typeof value === 'object' && value !== null ? (value as { weight?: unknown; tags?: unknown }) : { weight: value };
  const { weight = 1, tags = [] } = given;
  if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0) {
    throw new UsageError(`${className}.tasks.${name} has the weight ${String(weight)}; a number from 0 on is expected`);
  }
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string')) {
    throw new UsageError(`${className}.tasks.${name} has tags that are no list of texts`);
  }
  return { name, weight, tags: tags as string[] };
}

function memberOf(holder: UserClass | TaskSetClass, name: string, made: () => object): Member {
  const base = holder.prototype instanceof TaskSet ? TaskSet : User;
  const methods = methodsOf(holder.prototype, base.prototype);
  const method = methods.get(name);
  if (method !== undefined) return method;
  if (name in base.prototype) {
    throw new UsageError(`${holder.name}.tasks names '${name}', which each ${base.name} has and which is no task`);
  }
  const shared: unknown = Reflect.get(holder, name);
  if (isTaskSet(shared)) return shared;
  const field: unknown = Reflect.get(made(), name);
  if (typeof field === 'function') return field as Member;
  const fields = Object.keys(made()).filter((key) => typeof Reflect.get(made(), key) === 'function');
  const hint = nearest(name, [...methods.keys(), ...fields]);
  throw new UsageError(
    `${holder.name}.tasks names '${name}', which is no method of ${holder.name} and no field that holds a task set` +
      (hint === undefined ? '' : `; did you mean '${hint}'?`),
  );
}

/** The methods that may be tasks: those beyond the base class, which the types of `Tasks` leave out too. */
function methodsOf(prototype: object, base: object): Map<string, Step> {
  const methods = new Map<string, Step>('interrupt' in base ? [['interrupt', base.interrupt as Step]] : []);
  for (let at: object | null = prototype; at !== null && at !== base; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === 'function' && !(name in base)) methods.set(name, value);
    }
  }
  return methods;
}

/** Which tasks run: those with one of `tags` (all if there are none) and none of `excludeTags`. */
export interface TagFilter {
  readonly tags: readonly string[] | null;
  readonly excludeTags: readonly string[] | null;
}

/** The plan without the tasks that the tags leave out; a set without tasks goes too. Locust's `filter_tasks_by_tags`. */
export function filterByTags(plan: TaskPlan, filter: TagFilter, outer: readonly string[] = []): TaskPlan {
  const tasks = plan.tasks.flatMap((task): Task[] => {
    const tags = [...outer, ...task.tags];
    if (task.nested !== undefined) {
      const nested = filterByTags(task.nested.plan, filter, tags);
      return nested.tasks.length > 0 ? [{ ...task, nested: { ...task.nested, plan: nested } }] : [];
    }
    const wanted = !filter.tags?.length || filter.tags.some((tag) => tags.includes(tag));
    const unwanted = filter.excludeTags?.some((tag) => tags.includes(tag)) ?? false;
    return wanted && !unwanted ? [task] : [];
  });
  return { ...plan, tasks };
}

/** The plan with only the named tasks: the choice of the master's class editor. */
export function onlyTasks(plan: TaskPlan, names: readonly string[]): TaskPlan {
  return { ...plan, tasks: plan.tasks.filter((task) => names.includes(task.name)) };
}

/** The plan with every task as likely as any other of its table: `--equal-weights`. */
export function withEqualWeights(plan: TaskPlan): TaskPlan {
  const tasks = plan.tasks.map((task): Task => {
    const weight = task.weight > 0 ? 1 : 0;
    if (task.nested === undefined) return { ...task, weight };
    return { ...task, weight, nested: { ...task.nested, plan: withEqualWeights(task.nested.plan) } };
  });
  return { ...plan, tasks };
}

/** Picks a task by weight. `random` gives a number from 0 up to 1. */
export function pickTask(tasks: readonly Task[], random: () => number = Math.random): Task | undefined {
  let total = 0;
  for (const task of tasks) total += task.weight;
  let left = random() * total;
  for (const task of tasks) {
    left -= task.weight;
    if (left < 0) return task;
  }
  // fractions may leave a rest in the last bit
  return total > 0 ? tasks.findLast((task) => task.weight > 0) : undefined;
}

/** The tasks of a sequence in the order in which they run: a weight repeats a step. */
export function stepsOf(plan: TaskPlan): readonly Task[] {
  return plan.tasks.flatMap((task) => new Array<Task>(Math.round(task.weight)).fill(task));
}
