import { StopTest, StopUser, toError } from '../errors.ts';
import { log } from '../log.ts';
import { events } from './events.ts';
import type { User } from './user.ts';

/** The life of one user from `onStart` to `onStop`, whatever comes between. Locust's `User.run`. */
export abstract class UserRun {
  readonly user: User;
  /** Resolves when the user is gone; never rejects. */
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => {};
  #ending: Promise<void> | undefined;
  /** With `catchExceptions` off an exception has ended the user, and was reported. */
  protected hasFailed = false;

  constructor(user: User) {
    this.user = user;
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

  /** Runs the tasks until the user is stopped. `StopUser` ends the user as a stop does, anything else without `onStop`. */
  protected abstract runTasks(): Promise<void>;

  async #run(): Promise<void> {
    try {
      await this.user.onStart();
      await this.runTasks();
    } catch (thrown) {
      if (thrown instanceof StopTest && !this.isCutOff) this.stopTest(thrown);
      if (!(thrown instanceof StopUser) && !this.isCutOff) {
        // Locust's rule: a user that fails in on_start, or with catch_exceptions off, is gone without on_stop.
        await this.runHook('userError', () => this.report(thrown));
        this.giveUp();
        return;
      }
    }
    await this.#end();
  }

  #end(): Promise<void> {
    this.#ending ??= this.#runOnStop();
    return this.#ending;
  }

  async #runOnStop(): Promise<void> {
    this.user.life.beginEnd();
    await this.runHook('onStop', () => this.user.onStop());
    this.giveUp();
  }

  /** An `onStop` that throws is logged, no more: Locust's rule. False if it ended the user. */
  protected async runHook(name: string, hook: () => unknown): Promise<boolean> {
    try {
      await hook();
    } catch (thrown) {
      if (thrown instanceof StopUser) return false;
      log.error(`${name} of ${this.user.constructor.name} threw: ${toError(thrown).stack}`);
    }
    return true;
  }

  /** The abort was ordered, or the tasks were left behind: what they throw now is not theirs. */
  protected get isCutOff(): boolean {
    return this.user.life.isSilent || this.#ending !== undefined;
  }

  /** A worker's user only ends itself, as Locust's; a run without a master ends. */
  protected stopTest({ message }: StopTest): void {
    const { runner } = this.user.environment;
    const { name } = this.user.constructor;
    if (runner.kind === 'local') runner.quit(`${name} ended the test${message === '' ? '' : `: ${message}`}`);
  }

  protected report(thrown: unknown): void {
    if (!this.isCutOff && !this.hasFailed) events.userError.fire({ user: this.user, exception: toError(thrown) });
  }
}

/** Whether it is a promise, or another thing that can be awaited. */
export function isPending(work: unknown): boolean {
  return typeof work === 'object' && work !== null && 'then' in work;
}
