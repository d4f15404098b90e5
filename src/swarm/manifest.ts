// What a user file holds, as data: for the command line, the stub locustfile and the checks against a master.
import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import type { Environment } from '../user/environment.ts';
import { LoadTestShape, type LoadTestShapeClass } from '../user/load-test-shape.ts';
import { DefinedOptions, type OptionSpecs } from '../user/options.ts';
import { Shape, type ShapeStage } from '../user/shape.ts';
import { planOf, type TaskPlan } from '../user/tasks.ts';
import { User, type UserClass } from '../user/user.ts';
import { checkArrivals } from './check-arrivals.ts';
import { checkNames } from './check-names.ts';
import { misspeltStatics } from './misspelt.ts';
import { isShapeClass } from './shapes.ts';

/** A task as the master's stub shows it. */
export interface TaskManifest {
  readonly name: string;
  readonly weight: number;
  readonly tags: readonly string[];
  /** The task set that stands there. */
  readonly taskSet?: { readonly className: string; readonly inOrder: boolean; readonly tasks: readonly TaskManifest[] };
}

export interface ClassManifest {
  readonly name: string;
  readonly host: string | null;
  readonly weight: number;
  readonly fixedCount: number;
  readonly needsHost: boolean;
  readonly tasks: readonly TaskManifest[];
}

export interface Manifest {
  readonly classes: readonly ClassManifest[];
  readonly options: OptionSpecs;
  /** Export name → stages. */
  readonly shapes: ReadonlyMap<string, readonly ShapeStage[]>;
  /** Names of the shapes with `tick()`: for runs without a master. */
  readonly shapeClasses: readonly string[];
}

/** The classes of a loaded user file, with their checked tables. */
export interface UserFile {
  readonly classes: ReadonlyMap<string, { readonly userClass: UserClass; readonly plan: TaskPlan }>;
  readonly shapeClasses: ReadonlyMap<string, LoadTestShapeClass>;
  readonly manifest: Manifest;
}

type Exports = Readonly<Record<string, unknown>>;

/** Finds users, options and shapes among what the user files in `folders` export, and checks them. */
export function readUserFile(
  modules: readonly Exports[],
  environment: Environment,
  folders: readonly string[] = [],
): UserFile {
  const values = modules.flatMap((exports) => Object.entries(exports));
  const options: Record<string, OptionSpecs[string]> = {};
  const shapes = new Map<string, Shape>();
  const shapeClasses = new Map<string, LoadTestShapeClass>();
  const classes = new Map<string, { userClass: UserClass; plan: TaskPlan }>();
  // Before all that is refused: a misspelt `tasks` is why there are none.
  if (environment.thread.index === 0) warnOfMisspelt(values.map(([, value]) => value).filter(isUserClass));
  for (const [name, value] of values) {
    if (value instanceof DefinedOptions) Object.assign(options, value.specs);
    else if (value instanceof Shape) addShape(shapes, name, value);
    else if (isShapeClass(value)) addShape(shapeClasses, value.name, value);
    else if (value instanceof LoadTestShape) throw new UsageError(whatToExport(name, value));
    else if (isUserClass(value)) addClass(classes, value, environment, folders);
  }
  if (classes.size === 0) {
    throw new UsageError('no user class was found; export one: export class MyUser extends HttpUser { … }');
  }
  const manifest = {
    classes: [...classes.values()].map(manifestOf),
    options,
    shapes: new Map([...shapes].map(([name, { stages }]) => [name, stages])),
    shapeClasses: [...shapeClasses.keys()],
  };
  return { classes, shapeClasses, manifest };
}

function isUserClass(value: unknown): value is UserClass {
  if (typeof value !== 'function' || !(value.prototype instanceof User)) return false;
  return !(Object.hasOwn(value, 'abstract') && (value as unknown as UserClass).abstract);
}

/** What a base class has is said once. */
function warnOfMisspelt(userClasses: readonly UserClass[]): void {
  for (const line of new Set(userClasses.flatMap(misspeltStatics))) log.warning(line);
}

function addShape<T>(shapes: Map<string, T>, name: string, shape: T): void {
  const known = shapes.get(name);
  if (known !== undefined && known !== shape) throw new UsageError(`there are two load shapes named ${name}`);
  shapes.set(name, shape);
}

const whatToExport = (name: string, { constructor: made }: LoadTestShape): string =>
  `the load shape ${name} is an object; export its class: export class ${made.name} extends LoadTestShape { … }`;

function addClass(
  classes: Map<string, { userClass: UserClass; plan: TaskPlan }>,
  userClass: UserClass,
  environment: Environment,
  folders: readonly string[],
): void {
  const known = classes.get(userClass.name);
  if (known?.userClass === userClass) return;
  if (known !== undefined) {
    throw new UsageError(`there are two user classes named ${userClass.name}; the master tells classes by their names`);
  }
  checkNames(userClass);
  checkNumbers(userClass);
  userClass.checkClass?.(userClass, folders);
  const plan = planOf(userClass, () => new userClass(environment));
  if (plan.tasks.every((task) => task.weight === 0)) {
    throw new UsageError(
      `${userClass.name} has no tasks; give it static tasks = { … }, or static abstract = true if it is a base class`,
    );
  }
  checkArrivals(userClass, plan);
  classes.set(userClass.name, { userClass, plan });
}

function checkNumbers({ name, weight, fixedCount, waitTime, host }: UserClass): void {
  if (name === '') throw new UsageError('a user class has no name; write export class MyUser extends …');
  if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0) {
    throw new UsageError(`${name}.weight is ${String(weight)}; a number from 0 on is expected`);
  }
  if (!Number.isInteger(fixedCount) || fixedCount < 0) {
    throw new UsageError(`${name}.fixedCount is ${String(fixedCount)}; a whole number from 0 on is expected`);
  }
  if (typeof waitTime !== 'function') {
    throw new UsageError(
      `${name}.waitTime is ${String(waitTime)}; between(1, 5), constant(2) or a function is expected`,
    );
  }
  if (host !== undefined && host !== null && typeof host !== 'string') {
    throw new UsageError(`${name}.host is ${String(host)}; a text such as 'http://localhost:8080' is expected`);
  }
}

function manifestOf({ userClass, plan }: { userClass: UserClass; plan: TaskPlan }): ClassManifest {
  const { name, weight, fixedCount, needsHost, host } = userClass;
  return { name, host: host ?? null, weight, fixedCount, needsHost, tasks: tasksOf(plan) };
}

function tasksOf(plan: TaskPlan): TaskManifest[] {
  return plan.tasks.map(({ name, weight, tags, nested }) => {
    if (nested === undefined) return { name, weight, tags };
    const { className, inOrder } = nested.plan;
    return { name, weight, tags, taskSet: { className, inOrder, tasks: tasksOf(nested.plan) } };
  });
}

/** The manifest with only the chosen classes; all of them if none is named. */
export function choose(manifest: Manifest, names: readonly string[]): Manifest {
  if (names.length === 0) return manifest;
  const known = manifest.classes.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`Unknown User(s): ${unknown.join(', ')}; the user file has ${known.join(', ')}`);
  }
  return { ...manifest, classes: manifest.classes.filter(({ name }) => names.includes(name)) };
}
