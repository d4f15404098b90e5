import { AsyncLocalStorage } from 'node:async_hooks';

/** Costs nothing until the first iteration runs: threads without arrivals never switch it on. */
const storage = new AsyncLocalStorage<Iteration>();

/** One run of a task that was planned for a certain time. What the task calls and awaits knows it. */
export class Iteration {
  /** The `Life` of the user whose it is; known by its identity. */
  readonly life: object;
  /** How long after its planned time it began, ms. */
  readonly lateness: number;
  #isOver = false;

  constructor(life: object, lateness: number) {
    this.life = life;
    this.lateness = lateness;
  }

  /** The one that this code is part of, while it runs: what it has left behind is not planned any more. */
  static get current(): Iteration | undefined {
    const iteration = storage.getStore();
    return iteration === undefined || iteration.#isOver ? undefined : iteration;
  }

  /** Calls `work` as part of this iteration. */
  run<T>(work: () => T): T {
    return storage.run(this, work);
  }

  /** Its task has ended. */
  end(): void {
    this.#isOver = true;
  }
}
