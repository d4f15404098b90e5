import { UsageError } from '../errors.ts';
import { log } from '../log.ts';
import type { RunRecord } from '../report/record.ts';
import type { ThresholdResult } from '../report/run.ts';
import { checks, judge, parseThreshold, type Threshold } from '../report/threshold.ts';
import type { Arguments } from './arguments.ts';
import { secondsOf } from './command-line.ts';

/** Without a delay of one's own, users have so long to start before a run is ended for its figures. */
const usualDelaySeconds = 10;

/** The exit code of a run in which a threshold failed. */
export const thresholdExitCode = 3;

/** The thresholds of a run: judged at its end, and while it goes on if it is to end when one fails. */
export class Checks {
  readonly #thresholds: readonly Threshold[];
  /** Seconds from the start of the run; never if not given. */
  readonly #abortAfter: number | undefined;

  constructor(args: Arguments) {
    const plugins = {
      rps: args.checkRps as number | undefined,
      failRatio: args.checkFailRatio as number | undefined,
      avgResponseTime: args.checkAvgResponseTime as number | undefined,
    };
    const given = (args.failIf as readonly string[] | undefined) ?? [];
    this.#thresholds = [...given.map((text) => parseThreshold(text)), ...checks(plugins)];
    this.#abortAfter = args.abortOnFail === '' ? usualDelaySeconds : secondsOf(args.abortOnFail, '--abort-on-fail');
    if (this.#abortAfter !== undefined && this.#thresholds.length === 0) {
      throw new UsageError("--abort-on-fail needs something that can fail: --fail-if 'p95>500'");
    }
  }

  /** What became of each threshold; `end` in epoch seconds. */
  judge(record: RunRecord, end: number): readonly ThresholdResult[] {
    const exceptions = record.exceptions.reduce((sum, { count }) => sum + count, 0);
    const seconds = end - record.startTime;
    return this.#thresholds.map((threshold) => judge(threshold, record.totals, seconds, exceptions));
  }

  /** Why the run is to end now, if it is; `runStart` in epoch seconds. */
  reasonToAbort(record: RunRecord, runStart: number): string | undefined {
    if (this.#abortAfter === undefined || record.time - runStart < this.#abortAfter) return undefined;
    // What has not been measured yet may still come.
    const failed = this.judge(record, record.time).find(({ isOk, actual }) => !isOk && actual !== null);
    return failed === undefined ? undefined : `--fail-if ${failed.expression}: ${failed.text}`;
  }
}

/** Says in the log what became of the thresholds; true if all are kept. */
export function tellResults(results: readonly ThresholdResult[]): boolean {
  for (const { isOk, text } of results) {
    if (isOk) log.info(`threshold kept: ${text}`);
    else log.error(`threshold failed: ${text}`);
  }
  return results.every(({ isOk }) => isOk);
}
