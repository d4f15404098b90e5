import { StopUser } from '../errors.ts';
import { beginIteration, type IterationLimit, isReached } from './iterations.ts';
import { UserLoop } from './loop.ts';
import type { TaskSet } from './task-set.ts';
import type { Task, TaskPlan } from './tasks.ts';
import type { User } from './user.ts';

/** The life of a user in a test of so many iterations; a class of its own, so that other users pay nothing for it. */
export class LimitedLoop extends UserLoop {
  readonly #limit: IterationLimit;
  readonly #onLast: () => void;
  #isIterating = false;

  /** `onLast` is called when the last iteration of all users begins with this one. */
  constructor(user: User, plan: TaskPlan, limit: IterationLimit, onLast: () => void) {
    super(user, plan);
    this.#limit = limit;
    this.#onLast = onLast;
  }

  /** For a limit that is reached: a user between two iterations ends, one within ends after it. */
  stopIfIdle(): void {
    if (!this.#isIterating) this.stop();
  }

  protected override runTask(holder: User | TaskSet, task: Task): unknown {
    const isIteration = this.#limit.of === 'turn' ? holder === this.user : task.nested === undefined;
    if (!isIteration) return super.runTask(holder, task);
    const begun = beginIteration(this.#limit);
    if (begun === 'no') throw new StopUser();
    return this.#iterate(holder, task, begun === 'last');
  }

  async #iterate(holder: User | TaskSet, task: Task, isLast: boolean): Promise<void> {
    this.#isIterating = true;
    if (isLast) this.#onLast();
    try {
      await super.runTask(holder, task);
    } finally {
      this.#isIterating = false;
      if (isReached(this.#limit)) this.stop();
    }
  }
}
