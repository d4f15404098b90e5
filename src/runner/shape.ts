import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import type { Pool } from '../swarm/pool.ts';
import type { Report } from '../swarm/port.ts';
import { checkClasses, stagesOf } from '../swarm/shapes.ts';
import { within } from '../swarm/within.ts';
import type { ShapeTick } from '../user/load-test-shape.ts';
import type { ShapeStage } from '../user/shape.ts';
import { nearest } from '../words.ts';

/** A shape is asked once a second; after so long its last answer holds. */
const usualPatience = 1000;
/** Until a shape has said what it wants. */
const nobody: ShapeTick = { users: 0, spawnRate: 1 };

/** How many users run, and when: asked once a second. A rejection is for people, and ends the run as null does. */
export interface LoadShape {
  /** As the user file exports it. */
  readonly name: string;
  tick(runTimeSeconds: number, userCount: number): Promise<ShapeTick | null>;
}

/**
 * The load shape of the user files, or the one of that name; undefined if there is none. Of several the first runs, as a
 * master would have it: exports come in the order of their names, and stages before classes with `tick()`.
 */
export function shapeOf(
  pool: Pick<Pool, 'manifest' | 'tick'>,
  name?: string,
  patienceMilliseconds: number = usualPatience,
): LoadShape | undefined {
  const { shapes, shapeClasses, classes } = pool.manifest;
  const names = [...shapes.keys(), ...shapeClasses];
  const chosen = name ?? names[0];
  if (chosen === undefined) return undefined;
  if (!names.includes(chosen)) throw new UsageError(noSuchShape(chosen, names));
  if (name === undefined && names.length > 1) {
    log.warning(`of the load shapes ${names.join(', ')} the first one runs: ${chosen}`);
  }
  const known = classes.map((each) => each.name);
  const stages = shapes.get(chosen);
  if (stages === undefined) return new AskedShape(pool, chosen, known, patienceMilliseconds);
  const planned = stagesOf(chosen, stages, known);
  return { name: chosen, tick: async (runTime) => tickOf(planned, runTime) };
}

/** What is said of a shape that is not there. */
export function noSuchShape(name: string, names: readonly string[]): string {
  if (names.length === 0) return `there is no load shape ${name}; the user file exports none`;
  const meant = nearest(name, names);
  const hint = meant === undefined ? '' : `; is ${meant} meant?`;
  return `there is no load shape ${name}; the user file has ${names.join(', ')}${hint}`;
}

/** What stages want so many seconds from the start: as the stub locustfile's `tick()` says it to a master. */
export function tickOf(stages: readonly ShapeStage[], runTime: number): ShapeTick | null {
  const stage = stages.find(({ until }) => runTime < until);
  if (stage === undefined) return null;
  const { users, spawnRate, userClasses } = stage;
  return userClasses === undefined ? { users, spawnRate } : { users, spawnRate, userClasses };
}

/** A shape with `tick()`: user code, so a load thread asks it. */
class AskedShape implements LoadShape {
  readonly name: string;
  readonly #pool: Pick<Pool, 'tick'>;
  readonly #known: readonly string[];
  readonly #patience: number;
  /** The question that has no answer yet; no further one is put. */
  #asked: Promise<void> | undefined;
  #answer: Report | undefined;
  #last: ShapeTick = nobody;
  #isNarrow = false;
  #isLateTold = false;

  constructor(pool: Pick<Pool, 'tick'>, name: string, known: readonly string[], patience: number) {
    this.#pool = pool;
    this.name = name;
    this.#known = known;
    this.#patience = patience;
  }

  async tick(runTime: number, userCount: number): Promise<ShapeTick | null> {
    this.#asked ??= this.#ask(runTime, userCount);
    await within(this.#patience, this.#asked);
    if (this.#asked !== undefined) this.#tellLate();
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer?.type === 'tickFailed') {
      throw new UsageError(`the load shape ${this.name} cannot go on, so the run ends:\n${answer.reason}`);
    }
    if (answer?.type !== 'ticked') return this.#last;
    if (answer.wanted === null) return null;
    this.#last = this.#planned(answer.wanted);
    return this.#last;
  }

  /** As `stagesOf` has it for stages: without names, all classes are meant. */
  #planned(wanted: ShapeTick): ShapeTick {
    if (wanted.userClasses === undefined) return this.#isNarrow ? { ...wanted, userClasses: this.#known } : wanted;
    checkClasses(this.name, wanted.userClasses, this.#known);
    this.#isNarrow = true;
    return wanted;
  }

  async #ask(runTime: number, userCount: number): Promise<void> {
    this.#answer = await this.#pool.tick(this.name, runTime, userCount);
    this.#asked = undefined;
  }

  #tellLate(): void {
    if (this.#isLateTold) return;
    this.#isLateTold = true;
    log.warning(
      `the load shape ${this.name} takes more than ${this.#patience / 1000} s for a tick(), or a task blocks its load ` +
        'thread; meanwhile its last answer holds',
    );
  }
}
