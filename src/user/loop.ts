import { InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately, StopTest, StopUser } from '../errors.ts';
import type { TaskSet, TaskSetClass } from './task-set.ts';
import { pickTask, stepsOf, type Task, type TaskPlan } from './tasks.ts';
import type { User, UserClass } from './user.ts';
import { isPending, UserRun } from './user-run.ts';

/** After so many tasks without a pause it is asked whether timers and sockets had their turn: a task may wait for none. */
const tasksInOneTurn = 10;

let turn: Promise<void> | undefined;
/** Counts the turns of the event loop that somebody asked for. */
let turns = 0;

/** The next turn of the event loop, one for all who wait for it. */
function nextTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      turns++;
      resolve();
    });
  });
  return turn;
}

/**
 * The life of one user: `onStart`, one task after the other with waits between, `onStop`.
 * With `UserRun` the only place where control flow is caught. Locust's `User.run` and `TaskSet.run`.
 */
export class UserLoop extends UserRun {
  readonly #plan: TaskPlan;
  #tasksInTurn = 0;
  /** `turns` when it was last asked for. */
  #turnsSeen = -1;

  constructor(user: User, plan: TaskPlan) {
    super(user);
    this.#plan = plan;
  }

  protected override runTasks(): Promise<void> {
    return this.#runTasks(this.user, this.#plan);
  }

  async #runTasks(holder: User | TaskSet, plan: TaskPlan): Promise<void> {
    const { life, environment } = this.user;
    const steps = plan.inOrder ? stepsOf(plan) : plan.tasks;
    for (let step = 0; ; ) {
      if (life.isStopping) throw new StopUser();
      let pause = true;
      try {
        const task = scheduledTask(holder, plan) ?? (plan.inOrder ? steps[step++ % steps.length] : pickTask(steps));
        if (task === undefined) throw new Error(`${plan.className} has no task left to run; look at tags and weights`);
        const work = this.runTask(holder, task);
        // Awaiting costs a turn of the microtask queue, which a task that is no promise does not need.
        if (isPending(work)) await work;
      } catch (thrown) {
        if (thrown instanceof StopTest && !this.isCutOff) throw thrown;
        if (thrown instanceof StopUser || this.isCutOff) throw new StopUser();
        if (thrown instanceof InterruptTaskSet) {
          if (holder !== this.user) throw thrown;
          pause = !thrown.reschedule;
        } else if (thrown instanceof RescheduleTaskImmediately) pause = false;
        else if (!(thrown instanceof RescheduleTask)) {
          this.report(thrown);
          if (!environment.catchExceptions) {
            this.hasFailed = true;
            throw thrown;
          }
        }
      }
      const wait = pause ? this.#pause(holder) : this.#yield();
      if (wait !== undefined) await wait;
    }
  }

  protected runTask(holder: User | TaskSet, task: Task): unknown {
    if (task.nested !== undefined) return this.#runTaskSet(holder, task.nested.taskSet, task.nested.plan);
    return (holder as unknown as Record<string, () => unknown>)[task.name]?.();
  }

  async #runTaskSet(parent: User | TaskSet, taskSetClass: TaskSetClass, plan: TaskPlan): Promise<void> {
    const taskSet = new taskSetClass(parent);
    let isEntered = false;
    try {
      await taskSet.onStart();
      isEntered = true;
      await this.#runTasks(taskSet, plan);
    } catch (error) {
      const thrown = this.isCutOff ? new StopUser() : error;
      const isEnd = thrown instanceof StopUser || this.user.life.isStopping;
      if (isEnd) this.user.life.beginEnd();
      // Locust's rule: a set whose on_start did not end well is left without on_stop.
      if (isEntered && (isEnd || thrown instanceof InterruptTaskSet)) {
        const isLeft = await this.runHook('onStop', () => taskSet.onStop());
        if (!isLeft) throw new StopUser();
      }
      if (thrown instanceof InterruptTaskSet)
        throw thrown.reschedule ? new RescheduleTaskImmediately() : new RescheduleTask();
      throw thrown;
    }
  }

  /** The pause after a task; undefined if there is none. */
  #pause(holder: User | TaskSet): Promise<void> | undefined {
    let seconds: unknown;
    try {
      seconds = waitTimeOf(holder, this.user);
    } catch (thrown) {
      return this.#pauseFor(holder, Promise.reject(thrown));
    }
    return seconds === 0 ? this.#yield() : this.#pauseFor(holder, seconds);
  }

  async #pauseFor(holder: User | TaskSet, given: unknown): Promise<void> {
    let seconds: number;
    try {
      seconds = checkSeconds(holder, await given);
    } catch (thrown) {
      if (thrown instanceof StopUser) throw thrown;
      this.report(thrown);
      seconds = 1;
    }
    if (seconds > 0) await this.user.life.wait(seconds);
    else await this.#yield();
  }

  /**
   * Lets others have their turn if this user has not waited for anything for long: a task that waits for an answer
   * gives way by itself, and need not wait once more.
   */
  #yield(): Promise<void> | undefined {
    if (++this.#tasksInTurn < tasksInOneTurn) return undefined;
    this.#tasksInTurn = 0;
    const next = nextTurn();
    if (this.#turnsSeen === turns) return next;
    this.#turnsSeen = turns;
    return undefined;
  }
}

function scheduledTask(holder: User | TaskSet, plan: TaskPlan): Task | undefined {
  if (!('scheduled' in holder) || holder.scheduled === undefined) return undefined;
  const [name, ...rest] = holder.scheduled;
  holder.scheduled = rest.length > 0 ? rest : undefined;
  const task = plan.tasks.find((known) => known.name === name);
  if (task === undefined) throw new Error(`scheduleTask('${name}'): ${plan.className} has no such task`);
  return task;
}

function waitTimeOf(holder: User | TaskSet, user: User): unknown {
  const own = holder === user ? undefined : (holder.constructor as unknown as TaskSetClass).waitTime;
  return own === undefined ? (user.constructor as unknown as UserClass).waitTime(user) : own(holder);
}

function checkSeconds(holder: User | TaskSet, seconds: unknown): number {
  if (typeof seconds === 'number' && seconds >= 0 && Number.isFinite(seconds)) return seconds;
  throw new Error(`waitTime of ${holder.constructor.name} gave ${seconds}; a number of seconds from 0 on is expected`);
}
