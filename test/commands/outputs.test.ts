import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Arguments } from '../../src/commands/arguments.ts';
import { htmlName, type OutputSettings, Outputs, outputSettings } from '../../src/commands/outputs.ts';
import { wholeRun } from '../../src/commands/whole-run.ts';
import { type LogRecord, setLogSink } from '../../src/log.ts';
import { RunRecord } from '../../src/report/record.ts';
import type { Run } from '../../src/report/run.ts';
import { emptyEntry } from '../../src/stats/snapshot.ts';

const none = { hasFullHistory: false, json: false };

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'katydid-outputs-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** A record of one second with five requests. */
function recorded(): RunRecord {
  const record = new RunRecord(1000);
  const entry = { ...emptyEntry('GET', '/x', 1000), numRequests: 5, totalResponseTime: 10, lastRequestTimestamp: 1001 };
  const stats = { entries: [entry], total: { ...entry, method: '', name: 'Aggregated' }, errors: [] };
  record.keep({ time: 1001, stats, users: new Map([['A', 1]]), lag: 0, cpu: 0 });
  return record;
}

const runOf = (record: RunRecord): Run =>
  wholeRun(record, {
    ...{ startTime: 1000, endTime: 1001, files: ['users.ts'], args: { _: [] } as Arguments, specs: {}, classes: [] },
    ...{ users: new Map(), thresholds: [], remarks: [] },
  });

/** Writes them all; returns what was logged. */
function write(
  settings: OutputSettings,
  record = recorded(),
): { readonly hasLost: boolean; readonly log: LogRecord[] } {
  const log: LogRecord[] = [];
  setLogSink((line) => log.push(line));
  const outputs = new Outputs(settings);
  outputs.second(record);
  outputs.finish(record, () => runOf(record));
  return { hasLost: outputs.hasLost, log };
}

test('all reports are written, their folders made', (t) => {
  const home = folder(t);
  const at = (name: string): string => join(home, 'deep', 'down', name);
  const { hasLost, log } = write({ ...none, csv: at('run'), html: at('run.html'), jsonFile: at('run.json') });
  assert.deepEqual(readdirSync(join(home, 'deep', 'down')).sort(), [
    'run.html',
    'run.json',
    'run_exceptions.csv',
    'run_failures.csv',
    'run_stats.csv',
    'run_stats_history.csv',
  ]);
  assert.deepEqual([hasLost, log], [false, []]);
  assert.equal((JSON.parse(readFileSync(at('run.json'), 'utf8')) as { num_requests: number }[])[0]?.num_requests, 5);
  assert.match(readFileSync(at('run.html'), 'utf8'), /<!doctype html>/i);
});

test('a report on a full disk is told of with the reason, and keeps no other from being written', (t) => {
  const home = folder(t);
  const { hasLost, log } = write({ ...none, html: '/dev/full', jsonFile: join(home, 'run.json') });
  assert.equal(hasLost, true);
  assert.deepEqual(
    log.map(({ level, text }) => [level, text]),
    [['ERROR', 'the HTML report /dev/full could not be written: ENOSPC: no space left on device, write']],
  );
  assert.ok(existsSync(join(home, 'run.json')));
});

test('a report whose making fails is told of like one that cannot be written', (t) => {
  const home = folder(t);
  const log: LogRecord[] = [];
  setLogSink((line) => log.push(line));
  const outputs = new Outputs({ ...none, html: join(home, 'a.html'), jsonFile: join(home, 'a.json') });
  outputs.finish(recorded(), () => {
    throw new Error('a defect');
  });
  assert.deepEqual(
    [outputs.hasLost, log.map(({ text }) => text)],
    [true, [`the HTML report ${join(home, 'a.html')} could not be written: a defect`]],
  );
  assert.ok(existsSync(join(home, 'a.json')));
});

for (const [flag, settings] of [
  ['--html', { html: '/proc/nowhere/x.html' }],
  ['--html', { html: tmpdir() }],
  ['--json-file', { jsonFile: '/dev/null/x.json' }],
  ['--csv', { csv: '/proc/nowhere/x' }],
] as const) {
  test(`${flag} ${Object.values(settings)[0]} is refused before the run`, () => {
    assert.throws(() => new Outputs({ ...none, ...settings }), { name: 'UsageError', message: new RegExp(`^${flag}`) });
  });
}

test('the look at whether a report can be written leaves nothing, and a former report as it is', (t) => {
  const home = folder(t);
  writeFileSync(join(home, 'old.html'), 'old');
  const settings = { ...none, html: join(home, 'old.html'), jsonFile: join(home, 'new.json') };
  assert.ok(new Outputs(settings));
  assert.deepEqual(readdirSync(home), ['old.html']);
  assert.equal(readFileSync(join(home, 'old.html'), 'utf8'), 'old');
});

test('--json-file gets its ending, as in Locust, and --csv-full-history needs --csv', () => {
  const args = (more: Record<string, unknown>): Arguments => ({ _: [], ...more });
  assert.equal(outputSettings(args({ jsonFile: 'out.json' })).jsonFile, 'out.json.json');
  assert.throws(() => outputSettings(args({ csvFullHistory: true })), {
    name: 'UsageError',
    message: '--csv-full-history requires --csv',
  });
});

test("tags in the HTML report's name are users, rate and time, where they were given", () => {
  assert.equal(htmlName('r_{u}_{r}_{t}.html', 100, 10.5, 90), 'r_100_10.5_90.html');
  assert.equal(htmlName('r_{u}_{r}_{t}_{x}.html', 5, null, null), 'r_5_{r}_{t}_{x}.html');
});
