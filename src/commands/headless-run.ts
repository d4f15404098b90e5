import { log } from '../log.ts';
import { RunRecord } from '../report/record.ts';
import { LocalRunner } from '../runner/local.ts';
import type { Pool, PoolListener } from '../swarm/pool.ts';
import { type Counts, sumOfCounts } from '../swarm/split.ts';
import { type IterationLimit, isReached } from '../user/iterations.ts';
import { isInForeground, listenToKeys, usersOfKey } from './keys.ts';
import type { RunPlan } from './run-plan.ts';
import { RunReport } from './run-report.ts';
import { Screen } from './screen.ts';
import { onSignals } from './signals.ts';
import { version } from './whole-run.ts';

/** One run without a master, from its start to its exit code: users, keys, signals and reports in one hand. */
export class HeadlessRun implements PoolListener {
  readonly screen: Screen;
  readonly report: RunReport;
  readonly #record = new RunRecord(Date.now() / 1000);
  /** Told of all that is measured, as it is. */
  onMeasured: NonNullable<PoolListener['onMeasured']> = () => {};
  #pool: Pool | undefined;
  #runner: LocalRunner | undefined;
  /** Why the run is to end, if that was said before it began. */
  #quitReason: string | undefined;
  #limit: IterationLimit | undefined;

  constructor() {
    this.screen = new Screen(process.stderr, (reason) => this.report.lost('the console', reason));
    this.report = new RunReport(this.#record, this.screen);
  }

  /** For who watches it: no master needs to know it. */
  get vitals(): { readonly state: string; readonly isReady: boolean; readonly users: Counts } {
    const state = this.#pool === undefined ? 'connecting' : 'running';
    return { state, isReady: this.#pool !== undefined, users: this.#pool?.counts() ?? new Map() };
  }

  onException(message: string, traceback: string): void {
    this.#record.keepException(message, traceback);
    // Without a traceback of its own it is about a load thread that was replaced.
    if (message === traceback) this.report.remark(`${message} (${new Date().toISOString()})`);
  }

  /** With `--iterations`, users end one by one when the last iteration has begun. */
  onCounts(counts: Counts): void {
    if (this.#limit === undefined || !isReached(this.#limit) || sumOfCounts(counts) > 0) return;
    this.#stop('Iteration limit reached');
  }

  /** Locust's rule: what user code sends to the master comes back to its own listeners. */
  onMessage(messageType: string, data: unknown): void {
    this.#pool?.sendMessage(messageType, data);
  }

  onQuit(reason = 'user code said quit'): void {
    this.#stop(reason);
  }

  onHopeless(reason: string): void {
    this.report.fail(reason);
    this.#stop('no load thread can run the users');
  }

  /** Runs the plan; resolves with the exit code when all reports are written and the threads have ended. */
  async run(pool: Pool, plan: RunPlan): Promise<number> {
    this.#pool = pool;
    this.#limit = plan.test.iterations;
    log.info(`Starting katydid ${version()}`);
    for (const { name, attributes, tasks } of plan.classSettings) pool.updateUserClass(name, attributes, tasks);
    pool.setWorkerIndex(0);
    await pool.init(plan.test.parsedOptions);
    const runner = new LocalRunner(pool, this.#record, plan, () => this.#second());
    this.#runner = runner;
    if (this.#quitReason !== undefined) runner.stop(this.#quitReason);
    onSignals(
      (signal) => {
        this.#stop(`Got ${signal} signal`);
        log.info('Once more ends the run at once, without waiting for its users');
      },
      () => this.#endAtOnce(runner),
    );
    process.on('uncaughtException', (error) => {
      this.report.fail(error.stack ?? error.message);
      this.#stop('an error of katydid itself');
    });
    const releaseKeys = this.#listenToKeys(runner);
    this.report.begin();
    await runner.run().catch((thrown: unknown) => this.report.fail(String((thrown as Error).stack)));
    releaseKeys();
    return this.#end(pool, runner);
  }

  /** False if the run is ending, or has not begun. */
  #stop(reason: string): boolean {
    this.#quitReason ??= reason;
    return this.#runner?.stop(reason) ?? false;
  }

  #second(): void {
    const reason = this.report.second();
    if (reason !== undefined && this.#stop(reason)) this.report.aborted(reason);
  }

  #listenToKeys(runner: LocalRunner): () => void {
    if (!isInForeground()) return () => {};
    return listenToKeys(process.stdin, (key) => {
      const by = usersOfKey(key);
      if (by !== undefined) runner.change(by);
    });
  }

  async #end(pool: Pool, runner: LocalRunner): Promise<number> {
    if (runner.failure !== undefined) this.report.fail(runner.failure.message);
    for (const remark of runner.remarks) this.report.remark(remark);
    await pool.quitting();
    const code = await this.report.finish(runner.finalCounts);
    await pool.end(code);
    const exitCode = this.report.finalCode(pool.exitCode ?? code);
    log.info(`Shutting down (exit code ${exitCode})`);
    return exitCode;
  }

  /** Users are not waited for; the reports are written all the same. */
  #endAtOnce(runner: LocalRunner): void {
    runner.keepRest();
    for (const remark of runner.remarks) this.report.remark(remark);
    this.report.remark('the run was ended at once: what its users still did then is not in the figures');
    void this.report.finish(runner.finalCounts);
  }
}
