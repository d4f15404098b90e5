import { ControlFlow, StopTest, StopUser } from '../errors.ts';
import type { Arrivals } from './arrivals.ts';
import { addMissed } from './backlog.ts';
import { Iteration } from './iteration.ts';
import { beginIteration, type IterationLimit, isReached } from './iterations.ts';
import { longestTimer } from './life.ts';
import { pickTask, type TaskPlan } from './tasks.ts';
import type { User } from './user.ts';
import { isPending, UserRun } from './user-run.ts';

/** Timers ring by the millisecond: what is planned within the next one begins now. */
const timerStep = 1;
/** After so many beginnings it is seen to that timers and sockets have their turn: a backlog may be long. */
const beginsInOneTurn = 100;

/** Of a test with a limited number of iterations; `onLast` is called when the last one of all users begins here. */
export interface Limited {
  readonly limit: IterationLimit;
  readonly onLast: () => void;
}

/**
 * The life of a user whose iterations begin when they are planned, whether or not earlier ones have ended: `onStart`,
 * the iterations side by side, and when the last has ended, `onStop`.
 */
export class OpenLoop extends UserRun {
  readonly #plan: TaskPlan;
  readonly #arrivals: Arrivals;
  readonly #limited: Limited | undefined;
  /** When the next iteration is planned, by the monotonic clock, ms. */
  #next = 0;
  #running = 0;
  #begunInTurn = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #isBeginning = false;
  /** No further iteration begins. */
  #isClosed = false;
  #resolve: () => void = () => {};
  #reject: (thrown: unknown) => void = () => {};

  constructor(user: User, plan: TaskPlan, arrivals: Arrivals, limited?: Limited) {
    super(user);
    this.#plan = plan;
    this.#arrivals = arrivals;
    this.#limited = limited;
    user.life.isOpen = true;
  }

  override stop(): void {
    super.stop();
    this.#close();
  }

  override abort(): void {
    super.abort();
    this.#close();
  }

  override giveUp(): void {
    super.giveUp();
    this.#close();
  }

  /** For a limit of iterations that is reached. Those that run go on, and their waits too. */
  stopIfIdle(): void {
    this.#close();
  }

  protected override runTasks(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#isClosed) return resolve();
      this.#next = performance.now() + this.#arrivals.first();
      this.#beginDue();
    });
  }

  /** Begins what is due, as far as it may, and sees to it that the rest begins in time. */
  #beginDue(): void {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    while (!this.#isClosed && this.#running < this.#arrivals.maxConcurrent) {
      const early = this.#next - performance.now();
      if (early >= timerStep) {
        this.#timer ??= setTimeout(this.#onTimer, Math.min(early, longestTimer));
        break;
      }
      if (this.#begunInTurn === beginsInOneTurn) {
        this.#turn ??= setImmediate(this.#onTurn);
        break;
      }
      this.#begunInTurn++;
      this.#next += this.#arrivals.gap();
      this.#begin(Math.max(0, -early));
    }
    this.#isBeginning = false;
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.#onTurn();
  };

  readonly #onTurn = (): void => {
    this.#turn = undefined;
    this.#begunInTurn = 0;
    this.#beginDue();
  };

  /** `lateness` in ms after the planned time. */
  #begin(lateness: number): void {
    if (!this.#isAllowed()) return;
    this.#running++;
    const iteration = new Iteration(this.user.life, lateness);
    let work: unknown;
    try {
      work = iteration.run(this.#runTask);
    } catch (thrown) {
      this.#onThrown(iteration, thrown);
      return;
    }
    if (!isPending(work)) this.#onEnded(iteration);
    else {
      void Promise.resolve(work).then(
        () => this.#onEnded(iteration),
        (thrown) => this.#onThrown(iteration, thrown),
      );
    }
  }

  readonly #runTask = (): unknown => {
    const task = pickTask(this.#plan.tasks);
    if (task === undefined) {
      throw new Error(`${this.#plan.className} has no task left to run; look at tags and weights`);
    }
    return (this.user as unknown as Record<string, () => unknown>)[task.name]?.();
  };

  /** Whether the test has an iteration left. */
  #isAllowed(): boolean {
    if (this.#limited === undefined) return true;
    const begun = beginIteration(this.#limited.limit);
    if (begun === 'last') this.#limited.onLast();
    if (begun !== 'yes') this.#close();
    return begun !== 'no';
  }

  #onEnded(iteration: Iteration): void {
    iteration.end();
    this.#running--;
    if (this.#limited !== undefined && isReached(this.#limited.limit)) this.#close();
    if (this.#isClosed) this.#endIfDone();
    else this.#beginDue();
  }

  #onThrown(iteration: Iteration, thrown: unknown): void {
    try {
      this.#judge(thrown);
    } catch {
      // Control flow of a listener of `userError` ends the user, as it ends that of a closed loop.
      this.stop();
    }
    this.#onEnded(iteration);
  }

  /** The rules of the closed loop; but that an iteration is over, and the next one comes when it is planned. */
  #judge(thrown: unknown): void {
    if (this.isCutOff) return;
    if (thrown instanceof StopTest) this.stopTest(thrown);
    // No other iteration begins, those that run go on to their end.
    if (thrown instanceof StopUser) this.stop();
    else if (!(thrown instanceof ControlFlow)) {
      this.report(thrown);
      if (this.user.environment.catchExceptions) return;
      this.hasFailed = true;
      this.#close();
      this.#reject(thrown);
    }
  }

  #close(): void {
    if (!this.#isClosed && this.#limited === undefined) this.#tellMissed();
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = undefined;
    this.#turn = undefined;
    this.#endIfDone();
  }

  /** Those that were due and are not begun any more. */
  #tellMissed(): void {
    if (this.#next === 0) return;
    const overdue = performance.now() - this.#next;
    const count = overdue < timerStep ? 0 : 1 + Math.floor((overdue * this.#arrivals.rate) / 1000);
    addMissed(this.user.constructor.name, count);
  }

  #endIfDone(): void {
    if (this.#running === 0) this.#resolve();
  }
}
