import { UsageError } from '../../errors.ts';
import { nearest } from '../../words.ts';

const isText = (value: unknown): value is string => typeof value === 'string';
const written = (value: unknown): string =>
  isText(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);

/** Parts of one shape. */
const most = 5000;

/** The options of one shape, `steady({ … })`, looked at one by one; what is wrong is told by name. */
export class ShapeOptions {
  readonly #shape: string;
  readonly #given: Readonly<Record<string, unknown>>;

  constructor(shape: string, given: unknown, known: readonly string[]) {
    if (typeof given !== 'object' || given === null) {
      throw new UsageError(`${shape}(…) takes an object, such as ${shape}({ users: 10, duration: 60 })`);
    }
    this.#shape = shape;
    this.#given = given as Record<string, unknown>;
    for (const name of Object.keys(given).filter((each) => !known.includes(each))) {
      const meant = nearest(name, known);
      const hint = meant === undefined ? `it has ${known.join(', ')}` : `did you mean ${meant}?`;
      throw new UsageError(`${shape}({ … }) has no option ${name}; ${hint}`);
    }
  }

  /** A whole number of users from `least` on. */
  users(name: string, least = 0, usual?: number): number {
    const value = this.#given[name] ?? usual;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    throw this.wrong(name, `a whole number of users from ${least} on is`);
  }

  /** Seconds from `least` to `most`; Locust looks at a shape once a second, so there is no less than one. */
  seconds(name: string, { least = 1, most, usual }: { least?: number; most?: number; usual?: number } = {}): number {
    const value = this.#given[name] ?? usual;
    const isIn = typeof value === 'number' && Number.isFinite(value) && value >= least && value <= (most ?? value);
    if (isIn) return value;
    throw this.wrong(name, `seconds from ${least} ${most === undefined ? 'on' : `to ${most}`} are`);
  }

  /** The classes of which users are added, for a stage. */
  classes(): { readonly userClasses?: readonly string[] } {
    const { userClasses } = this.#given;
    if (userClasses === undefined) return {};
    if (Array.isArray(userClasses) && userClasses.length > 0 && userClasses.every(isText)) return { userClasses };
    throw this.wrong('userClasses', "a list of names, such as ['ShopUser'], is");
  }

  /** So many steps, or bursts: the master's locustfile holds them all. */
  count(count: number): number {
    if (count <= most) return count;
    throw new UsageError(`${this.#shape}({ … }) would have ${count} parts; at most ${most} are expected`);
  }

  wrong(name: string, expected: string): UsageError {
    return new UsageError(`${this.#shape}({ … }) has ${name}: ${written(this.#given[name])}; ${expected} expected`);
  }
}
