import { log } from '../log.ts';
import {
  errorReport,
  exceptionReport,
  nameWidthFor,
  percentileTable,
  statsTable,
  statusLine,
} from '../report/console.ts';
import type { RunRecord } from '../report/record.ts';
import type { ThresholdResult } from '../report/run.ts';
import { type Checks, tellResults, thresholdExitCode } from './checks.ts';
import type { Outputs } from './outputs.ts';
import type { Screen } from './screen.ts';
import { type RunFacts, wholeRun } from './whole-run.ts';

/** Exit code of a run that could not go on: Locust's for an exception that nobody caught. */
const brokenExitCode = 2;
/** A second is never exactly one. */
const earlySeconds = 0.1;

/** What is told of a run, besides the figures. */
export interface ReportFacts extends Pick<RunFacts, 'files' | 'args' | 'specs' | 'classes'> {
  /** Seconds between two tables on the console. */
  readonly interval: number;
  readonly exitCodeOnError: number;
}

interface Opened {
  readonly checks: Checks;
  readonly outputs: Outputs;
  readonly facts: ReportFacts;
}

/** All that people get of a run: tables and a status line while it goes on, reports and the exit code at its end. */
export class RunReport {
  readonly #record: RunRecord;
  readonly #screen: Screen;
  readonly #remarks = new Set<string>();
  readonly #lost: [what: string, reason: string][] = [];
  #opened: Opened | undefined;
  #startTime = 0;
  #tableDue = 0;
  #isBroken = false;
  #isFinished = false;
  /** The threshold that ended the run: it has failed, whatever the figures say after it. */
  #abortReason: string | undefined;

  constructor(record: RunRecord, screen: Screen) {
    this.#record = record;
    this.#screen = screen;
  }

  open(checks: Checks, outputs: Outputs, facts: ReportFacts): void {
    this.#opened = { checks, outputs, facts };
    for (const [what, reason] of this.#lost.splice(0)) outputs.lost(what, reason);
  }

  /** The run begins now. */
  begin(): void {
    this.#startTime = Date.now() / 1000;
    this.#record.reset(this.#startTime);
    this.#tableDue = this.#startTime + (this.#opened?.facts.interval ?? 0);
    if (this.#screen.isTerminal)
      log.info('Keys: w and W start 1 and 10 users, s and S stop 1 and 10, Ctrl-C ends the run');
  }

  /** What may have spoilt the figures. */
  remark(text: string): void {
    this.#remarks.add(text);
  }

  /** The run cannot go on; `reason` is for people. */
  fail(reason: string): void {
    log.critical(reason);
    this.remark(reason);
    this.#isBroken = true;
  }

  /** Something could not be written, be it before the outputs were opened. */
  lost(what: string, reason: string): void {
    if (this.#opened === undefined) this.#lost.push([what, reason]);
    else this.#opened.outputs.lost(what, reason);
  }

  /** After each second of the run; returns why it is to end, if it is. */
  second(): string | undefined {
    if (this.#opened === undefined) return undefined;
    const { outputs, checks, facts } = this.#opened;
    outputs.second(this.#record);
    if (this.#record.time >= this.#tableDue - earlySeconds) {
      this.#tableDue = this.#record.time + facts.interval;
      this.#screen.print(`${statsTable(this.#record, false, this.#nameWidth)}\n`);
    }
    this.#screen.status(statusLine(this.#record));
    return checks.reasonToAbort(this.#record, this.#startTime);
  }

  /** What `second` returned has ended the run. */
  aborted(reason: string): void {
    this.#abortReason = reason;
    this.remark(`the run was ended by ${reason}`);
  }

  /**
   * The last tables and all reports; resolves with the exit code when all are written. What can be written at once is
   * written before it returns. `users` by class, as they ran.
   */
  async finish(users: ReadonlyMap<string, number>): Promise<number> {
    if (this.#opened === undefined || this.#isFinished) return brokenExitCode;
    this.#isFinished = true;
    const { checks, outputs, facts } = this.#opened;
    const endTime = Date.now() / 1000;
    const thresholds = checks.judge(this.#record, endTime);
    this.#screen.status('');
    this.#screen.print(this.#tables());
    const areKept = tellResults(thresholds) && this.#abortReason === undefined;
    outputs.finish(this.#record, () => this.#run(facts, endTime, users, thresholds));
    await outputs.printed;
    return this.finalCode(areKept ? this.#codeOfFigures(facts) : thresholdExitCode);
  }

  /** Never zero if the run broke or a report is lost. */
  finalCode(code: number): number {
    if (code !== 0) return code;
    if (this.#isBroken) return brokenExitCode;
    return this.#opened?.outputs.hasLost === true ? 1 : 0;
  }

  #codeOfFigures({ exitCodeOnError }: ReportFacts): number {
    return this.#record.totals.errors.length + this.#record.exceptions.length > 0 ? exitCodeOnError : 0;
  }

  get #nameWidth(): number {
    return nameWidthFor(this.#screen.columns);
  }

  #tables(): string {
    const { totals } = this.#record;
    const nameWidth = this.#nameWidth;
    const errors = errorReport(totals, nameWidth);
    const thrown = exceptionReport(this.#record.exceptions, nameWidth);
    const tables = [statsTable(this.#record, true, nameWidth), percentileTable(totals, nameWidth), errors, thrown];
    return tables.map((table) => (table === '' ? '' : `${table}\n`)).join('');
  }

  #run(
    facts: ReportFacts,
    endTime: number,
    users: ReadonlyMap<string, number>,
    thresholds: readonly ThresholdResult[],
  ): ReturnType<typeof wholeRun> {
    const { files, args, specs, classes } = facts;
    const remarks = [...this.#remarks];
    return wholeRun(this.#record, {
      ...{ startTime: this.#startTime, endTime, files, args, specs, classes, users, thresholds, remarks },
    });
  }
}
