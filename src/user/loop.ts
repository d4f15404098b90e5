import { InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately, StopUser, toError } from '../errors.ts';
import { log } from '../log.ts';
import { events } from './events.ts';
import type { TaskSet, TaskSetClass } from './task-set.ts';
import { pickTask, stepsOf, type Task, type TaskPlan } from './tasks.ts';
import type { User, UserClass } from './user.ts';

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
 * The only place where control flow is caught. Locust's `User.run` and `TaskSet.run`.
 */
export class UserLoop {
  readonly user: User;
  /** Resolves when the user is gone; never rejects. */
  readonly ended: Promise<void>;
  readonly #plan: TaskPlan;
  #resolveEnded: () => void = () => {};
  #ending: Promise<void> | undefined;
  #tasksInTurn = 0;
  /** `turns` when it was last asked for. */
  #turnsSeen = -1;
  /** With `catchExceptions` off an exception has ended the user, and was reported. */
  #hasFailed = false;

  constructor(user: User, plan: TaskPlan) {
    this.user = user;
    this.#plan = plan;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  start(): void {
    void this.#run();
  }

  /** First phase: no further task; a wait is cut, a running task goes on. */
  stop(): void {
    this.user.life.stop();
  }

  /** Second phase: what is in flight ends, `onStop` runs. */
  abort(): void {
    this.user.life.abort();
  }

  /** For a task that does not settle after the abort: it is left behind, `onStop` runs without it. */
  abandon(): void {
    void this.#end();
  }

  /** The user is gone now, whatever still runs of it. */
  giveUp(): void {
    this.user.life.end();
    this.#resolveEnded();
  }

  async #run(): Promise<void> {
    try {
      await this.user.onStart();
      await this.#runTasks(this.user, this.#plan);
    } catch (thrown) {
      if (!(thrown instanceof StopUser) && !this.#isCutOff) {
        // Locust's rule: a user that fails in on_start, or with catch_exceptions off, is gone without on_stop.
        await this.#runHook('userError', () => this.#report(thrown));
        this.giveUp();
        return;
      }
    }
    await this.#end();
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
        const work = this.#runTask(holder, task);
        // Awaiting costs a turn of the microtask queue, which a task that is no promise does not need.
        if (isPending(work)) await work;
      } catch (thrown) {
        if (thrown instanceof StopUser || this.#isCutOff) throw new StopUser();
        if (thrown instanceof InterruptTaskSet) {
          if (holder !== this.user) throw thrown;
          pause = !thrown.reschedule;
        } else if (thrown instanceof RescheduleTaskImmediately) pause = false;
        else if (!(thrown instanceof RescheduleTask)) {
          this.#report(thrown);
          if (!environment.catchExceptions) {
            this.#hasFailed = true;
            throw thrown;
          }
        }
      }
      const wait = pause ? this.#pause(holder) : this.#yield();
      if (wait !== undefined) await wait;
    }
  }

  #runTask(holder: User | TaskSet, task: Task): unknown {
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
      const thrown = this.#isCutOff ? new StopUser() : error;
      const isEnd = thrown instanceof StopUser || this.user.life.isStopping;
      if (isEnd) this.user.life.beginEnd();
      // Locust's rule: a set whose on_start did not end well is left without on_stop.
      if (isEntered && (isEnd || thrown instanceof InterruptTaskSet)) {
        const isLeft = await this.#runHook('onStop', () => taskSet.onStop());
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
      this.#report(thrown);
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

  #end(): Promise<void> {
    this.#ending ??= this.#runOnStop();
    return this.#ending;
  }

  async #runOnStop(): Promise<void> {
    this.user.life.beginEnd();
    await this.#runHook('onStop', () => this.user.onStop());
    this.giveUp();
  }

  /** An `onStop` that throws is logged, no more: Locust's rule. False if it ended the user. */
  async #runHook(name: string, hook: () => unknown): Promise<boolean> {
    try {
      await hook();
    } catch (thrown) {
      if (thrown instanceof StopUser) return false;
      log.error(`${name} of ${this.user.constructor.name} threw: ${toError(thrown).stack}`);
    }
    return true;
  }

  /** The abort was ordered, or the tasks were left behind: what they throw now is not theirs. */
  get #isCutOff(): boolean {
    return this.user.life.isSilent || this.#ending !== undefined;
  }

  #report(thrown: unknown): void {
    if (!this.#isCutOff && !this.#hasFailed) events.userError.fire({ user: this.user, exception: toError(thrown) });
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

/** Whether it is a promise, or another thing that can be awaited. */
function isPending(work: unknown): boolean {
  return typeof work === 'object' && work !== null && 'then' in work;
}
