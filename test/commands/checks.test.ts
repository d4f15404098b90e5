import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Arguments, check, parser } from '../../src/commands/arguments.ts';
import { Checks, tellResults } from '../../src/commands/checks.ts';
import { allFlags } from '../../src/commands/flags.ts';
import { type LogRecord, setLogSink } from '../../src/log.ts';
import { RunRecord } from '../../src/report/record.ts';
import { emptyEntry } from '../../src/stats/snapshot.ts';

function checksOf(...argv: string[]): Checks {
  const args = parser(argv, allFlags, {}).parseSync() as Arguments;
  check(args, allFlags);
  return new Checks(args);
}

/** Twenty requests of 10 ms, of which five failed, in the ten seconds from 1000. */
function recorded(): RunRecord {
  const record = new RunRecord(1000);
  const counts = { numRequests: 20, numFailures: 5, totalResponseTime: 200, maxResponseTime: 10 };
  const entry = { ...emptyEntry('GET', '/x', 1000), ...counts, minResponseTime: 10, lastRequestTimestamp: 1010 };
  const stats = { entries: [entry], total: { ...entry, method: '', name: 'Aggregated' }, errors: [] };
  record.keep({ time: 1010, stats, users: new Map(), lag: 0, cpu: 0 });
  return record;
}

const verdicts = (checks: Checks): boolean[] => checks.judge(recorded(), 1010).map(({ isOk }) => isOk);

test('--fail-if may be given several times, and a user class may follow it', () => {
  const argv = ['--fail-if', 'avg>5', '--fail-if=rps<1', '--fail-if', 'fail_ratio>10%', 'MyUser'];
  assert.deepEqual(verdicts(checksOf(...argv)), [false, true, false]);
  assert.deepEqual((parser(argv, allFlags, {}).parseSync() as Arguments)._, ['MyUser']);
});

test("the flags of Locust's plugins are thresholds", () => {
  assert.deepEqual(
    verdicts(checksOf('--check-rps', '3', '--check-fail-ratio', '0.5', '--check-avg-response-time', '9')),
    [false, true, false],
  );
});

test('a threshold that is none is refused', () => {
  assert.throws(() => checksOf('--fail-if', 'p95 is bad'), { name: 'UsageError' });
});

test('--abort-on-fail without anything that can fail is refused', () => {
  assert.throws(() => checksOf('--abort-on-fail'), { name: 'UsageError', message: /--fail-if/ });
});

test('a run is ended for a threshold once its delay is over, and not without the flag', () => {
  const reason = (...more: string[]): string | undefined =>
    checksOf('--fail-if', 'avg>5', ...more).reasonToAbort(recorded(), 1000);
  assert.equal(reason(), undefined);
  assert.match(reason('--abort-on-fail') ?? '', /^--fail-if avg>5: avg is 10 ms/);
  assert.match(reason('--abort-on-fail', '10s') ?? '', /^--fail-if avg>5/);
  assert.equal(reason('--abort-on-fail', '11'), undefined);
});

test('a run that keeps its thresholds goes on', () => {
  assert.equal(checksOf('--fail-if', 'avg>50', '--abort-on-fail', '0').reasonToAbort(recorded(), 1000), undefined);
});

test('what has not been measured yet does not end a run, but fails at its end', () => {
  const checks = checksOf('--fail-if', 'p95(GET /later)>5', '--abort-on-fail', '0');
  assert.equal(checks.reasonToAbort(recorded(), 1000), undefined);
  assert.deepEqual(verdicts(checks), [false]);
});

test('the log says what became of each', () => {
  const log: LogRecord[] = [];
  setLogSink((line) => log.push(line));
  const results = checksOf('--fail-if', 'avg>5', '--fail-if', 'avg>50').judge(recorded(), 1010);
  assert.equal(tellResults(results), false);
  assert.deepEqual(
    log.map(({ level, text }) => `${level} ${text}`),
    ['ERROR threshold failed: avg is 10 ms (fails if > 5 ms)', 'INFO threshold kept: avg is 10 ms (fails if > 50 ms)'],
  );
  assert.equal(tellResults(results.slice(1)), true);
});
