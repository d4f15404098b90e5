import { toError, UsageError } from '../errors.ts';
import type { Environment } from '../user/environment.ts';
import { type LoadTestShape, type LoadTestShapeClass, type ShapeTick, tellShape } from '../user/load-test-shape.ts';
import type { Order, Report } from './port.ts';

/** Asks the shapes with `tick()` in a load thread: made when first asked, they live as long as the thread. */
export class Ticker {
  readonly #environment: Environment;
  readonly #classes: ReadonlyMap<string, LoadTestShapeClass>;
  readonly #traceback: (error: Error) => string;
  readonly #made = new Map<string, LoadTestShape>();

  constructor(
    classes: ReadonlyMap<string, LoadTestShapeClass>,
    environment: Environment,
    traceback: (error: Error) => string,
  ) {
    this.#classes = classes;
    this.#environment = environment;
    this.#traceback = traceback;
  }

  /** What the shape wants, or why it cannot be asked: for people. */
  async tick({ id, shape, runTime, userCount }: Extract<Order, { type: 'tick' }>): Promise<Report> {
    try {
      const asked = this.#shape(shape);
      tellShape(asked, runTime, userCount);
      return { type: 'ticked', id, wanted: checked(shape, await asked.tick()) };
    } catch (thrown) {
      const error = toError(thrown);
      const reason = error instanceof UsageError ? error.message : this.#traceback(error);
      return { type: 'tickFailed', id, reason };
    }
  }

  #shape(name: string): LoadTestShape {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const shapeClass = this.#classes.get(name);
    if (shapeClass === undefined) throw new UsageError(`there is no load shape ${name}`);
    const made = new shapeClass(this.#environment);
    this.#made.set(name, made);
    return made;
  }
}

/** Plain data for the main thread, or an error that says what is wrong with it. */
function checked(shape: string, given: ShapeTick | null | undefined): ShapeTick | null {
  // In JavaScript a tick that returns nothing: Python's None.
  if (given === null || given === undefined) return null;
  const where = `tick() of the load shape ${shape} gave`;
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new UsageError(`${where} ${JSON.stringify(given)}; { users: 10, spawnRate: 1 } or null is expected`);
  }
  const { users, spawnRate, userClasses } = given;
  if (!Number.isInteger(users) || users < 0) {
    throw new UsageError(`${where} users: ${users}; a whole number from 0 on is expected`);
  }
  if (typeof spawnRate !== 'number' || !(spawnRate > 0) || !Number.isFinite(spawnRate)) {
    throw new UsageError(`${where} spawnRate: ${spawnRate}; a positive number is expected`);
  }
  if (userClasses === undefined || userClasses === null) return { users, spawnRate };
  if (!Array.isArray(userClasses) || userClasses.some((each) => typeof each !== 'string')) {
    throw new UsageError(`${where} userClasses that are no list of names, such as ['ShopUser']`);
  }
  return { users, spawnRate, userClasses: [...userClasses] };
}
