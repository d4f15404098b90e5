import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { finalRows, statsTables } from './console-tables.ts';
import { freePort } from './free-port.ts';
import { allReports, headlessScene, totalsOf } from './headless.ts';
import { until } from './until.ts';

const timeout = 60_000;
/** Users that only succeed. */
const buyers = ['BuyerUser', '--only-summary'];

test('all reports and the target say the same number', { timeout }, async (t) => {
  const { target, folder, start } = await headlessScene(t);
  const run = start('-u', '6', '-r', '3', '-t', '4s', '--stop-timeout', '2', '--processes', '2', ...allReports);
  assert.equal(await run.ended, 1, run.output);
  const { asked } = target;
  assert.ok(asked > 50, `${asked} requests`);
  assert.deepEqual(await totalsOf(folder, run.output), {
    ...{ console: asked, csv: asked, history: asked, json: asked, html: asked },
  });
});

test('each row says what the target counted', { timeout }, async (t) => {
  const { target, start } = await headlessScene(t);
  const run = start('-u', '5', '-r', '5', '-t', '3s', '--stop-timeout', '2');
  await run.ended;
  for (const [name, { requests }] of finalRows(run.output)) {
    if (name !== 'Aggregated') assert.equal(requests, target.count(name), name);
  }
});

test('a run that is watched answers on its health port, and counts what the target does', { timeout }, async (t) => {
  const { target, start } = await headlessScene(t);
  const port = await freePort();
  const ask = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  const run = start(...buyers, '-u', '2', '-r', '2', '--health-port', String(port));
  await until('it is ready and counts', async () => {
    const text = await (await ask('/metrics')).text();
    return (await ask('/readyz')).ok && /^katydid_requests_total.* [1-9]/m.test(text);
  });
  assert.ok(target.asked > 0);
  await run.end('SIGINT');
});

test('a run without failures ends with 0, and prints a table every two seconds', { timeout }, async (t) => {
  const { start } = await headlessScene(t);
  const run = start('-u', '2', '-r', '2', '-t', '5s', 'BuyerUser');
  assert.equal(await run.ended, 0, run.output);
  assert.equal(statsTables(run.output).length, 3);
  assert.match(run.output, /Response time percentiles \(approximated\)/);
  assert.doesNotMatch(run.output, /Error report/);
});

test('--iterations ends the run after exactly so many tasks of all users and threads', { timeout }, async (t) => {
  const { target, start } = await headlessScene(t);
  const run = start('-u', '5', '-r', '5', '-i', '23', '--processes', '2', ...buyers);
  assert.equal(await run.ended, 0, run.output);
  assert.equal(target.count('POST /pay'), 23);
  assert.match(run.output, /Iteration limit reached/);
});

test('failures and exceptions end with --exit-code-on-error', { timeout }, async (t) => {
  const { start } = await headlessScene(t);
  const argv = ['-t', '2s', '--only-summary', 'FaultyUser'];
  const runs = [
    start(...argv),
    start(...argv, '--exit-code-on-error', '0'),
    start(...argv, '--exit-code-on-error', '9'),
  ];
  assert.deepEqual(await Promise.all(runs.map(({ ended }) => ended)), [1, 0, 9]);
  assert.match(runs[0]?.output ?? '', /Error report\n# occurrences/);
});

test('a threshold that fails ends with 3, whatever else failed', { timeout }, async (t) => {
  const { start } = await headlessScene(t);
  const argv = ['-t', '2s', '--only-summary'];
  const runs = [
    start(...argv, '--fail-if', 'p95<0.001', 'BuyerUser'),
    start(...argv, '--check-rps', '100000', 'FaultyUser'),
    start(...argv, '--fail-if', 'p95>10s', 'BuyerUser'),
  ];
  await Promise.all(runs.map(({ ended }) => ended));
  assert.match(runs[0]?.output ?? '', /threshold kept: p95/);
  assert.deepEqual(await Promise.all(runs.map(({ ended }) => ended)), [0, 3, 0]);
  assert.match(runs[1]?.output ?? '', /ERROR\/katydid: threshold failed: rps/);
});

test('--abort-on-fail ends the run when a threshold fails', { timeout }, async (t) => {
  const { start } = await headlessScene(t);
  const run = start('--abort-on-fail', '2', '--fail-if', 'requests>0', ...buyers);
  assert.equal(await run.ended, 3, run.output);
  assert.match(run.output, /--fail-if requests>0: .*, shutting down/);
});

test('a mistake on the command line ends with 2, before anything runs', { timeout }, async (t) => {
  const { target, start } = await headlessScene(t);
  const runs = [
    start('--html', '/proc/nowhere/x.html'),
    start('--fail-if', 'nonsense'),
    start('-u', 'x'),
    start('NoSuchUser'),
    start('--csv-full-history'),
  ];
  assert.deepEqual(await Promise.all(runs.map(({ ended }) => ended)), [2, 2, 2, 2, 2]);
  assert.equal(target.asked, 0);
  assert.match(runs[3]?.output ?? '', /Unknown User\(s\): NoSuchUser/);
});

test('StopTest ends the run, and the other users with it', { timeout }, async (t) => {
  const { target, start } = await headlessScene(t, 'enough.ts');
  const run = start('-u', '3', '-r', '3', '--way', 'stop-test', '--only-summary');
  assert.equal(await run.ended, 0, run.output);
  assert.match(run.output, /EnoughUser ended the test: that is enough, shutting down/);
  assert.equal(target.count('POST /stopped'), 3);
});

test('runner.quit() ends the run', { timeout }, async (t) => {
  const { start } = await headlessScene(t, 'enough.ts');
  const run = start('--way', 'quit', '--only-summary');
  assert.equal(await run.ended, 0, run.output);
  assert.match(run.output, /user code said quit, shutting down/);
});

test('the exit code that user code sets wins', { timeout }, async (t) => {
  const { start } = await headlessScene(t, 'enough.ts');
  const run = start('--way', 'exit-code', '-t', '2s', '--fail-if', 'requests>0', '--only-summary');
  assert.equal(await run.ended, 42, run.output);
});

test('users that need a host and have none end the run', { timeout }, async (t) => {
  const { start } = await headlessScene(t, 'enough.ts');
  const run = start('-H', '', '--only-summary');
  assert.equal(await run.ended, 1, run.output);
  assert.match(run.output, /EnoughUser could not be made: it has no host/);
});

test('a host that is no base URL ends the run before a request is made', { timeout }, async (t) => {
  const { target, start } = await headlessScene(t, 'enough.ts');
  const run = start('-H', 'localhost:8080', '-t', '50s', '--only-summary');
  assert.equal(await run.ended, 1, run.output);
  assert.match(run.output, /EnoughUser could not be made: the host is 'localhost:8080'; a base URL/);
  assert.equal(target.asked, 0);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in mid-run: onStop runs, and all reports are written`, { timeout }, async (t) => {
    const { target, folder, start } = await headlessScene(t, 'enough.ts');
    const run = start('-u', '4', '-r', '4', '--stop-timeout', '2', ...allReports);
    await until('users run', () => target.count('GET /go') > 40);
    assert.equal(await run.end(signal), 0, run.output);
    assert.equal(target.count('POST /stopped'), 4);
    const { asked } = target;
    assert.deepEqual(await totalsOf(folder, run.output), {
      ...{ console: asked, csv: asked, history: asked, json: asked, html: asked },
    });
  });
}

test('Ctrl-C twice ends at once, with all reports of what was measured', { timeout }, async (t) => {
  const { target, folder, start } = await headlessScene(t, 'enough.ts');
  const run = start('--way', 'wait', '--stop-timeout', '50', ...allReports);
  await until('the user waits', () => target.count('GET /go') === 5);
  // What a thread has measured is handed over each second.
  await until('it is in the history', async () =>
    (await readFile(join(folder, 'run_stats_history.csv'), 'utf8')).includes(',5,'),
  );
  run.signal('SIGINT');
  await run.said('Got SIGINT signal');
  const began = performance.now();
  assert.equal(await run.end('SIGINT'), 130, run.output);
  assert.ok(performance.now() - began < 10_000, 'the stop timeout is not waited for');
  const { console: shown, csv, json, html } = await totalsOf(folder, run.output);
  assert.deepEqual([shown, csv, json, html], [5, 5, 5, 5]);
});

test('on a full disk the lost report is told of, the others are written, and the exit code is not 0', {
  timeout,
}, async (t) => {
  const { folder, start } = await headlessScene(t);
  const run = start('-t', '2s', '--html', '/dev/full', '--json-file', '{}/run', ...buyers);
  assert.equal(await run.ended, 1, run.output);
  assert.match(run.output, /ERROR\/katydid: the HTML report \/dev\/full could not be written: ENOSPC/);
  assert.ok(existsSync(join(folder, 'run.json')));
});

test('options of the user file are flags, and reach the users', { timeout }, async (t) => {
  const { target, start } = await headlessScene(t);
  await start('-t', '2s', '--tenant', 'red', '--max-items', '9', 'OptionUser').ended;
  assert.ok(target.count('GET /told/red/9') > 0);
});

test('tags choose the tasks', { timeout }, async (t) => {
  const { target, start } = await headlessScene(t);
  await start('-t', '2s', '-T', 'read', '--only-summary', '--', 'BrowserUser').ended;
  assert.deepEqual(target.paths(), ['GET /browse']);
});

test('--config-users and a configuration file say who runs', { timeout }, async (t) => {
  const { target, folder, start } = await headlessScene(t);
  await writeFile(join(folder, 'run.conf'), 'users = 4\nspawn-rate = 4\nrun-time = 2s\nonly-summary');
  const argv = ['--config', '{}/run.conf', '--config-users', '{"user_class_name": "BuyerUser", "fixed_count": 3}'];
  await start(...argv, '--', 'BuyerUser', 'BrowserUser').ended;
  assert.deepEqual(
    ['BuyerUser', 'BrowserUser'].map((name) => target.count(`POST /arrive/${name}`)),
    [3, 1],
  );
});

test('--json prints nothing but JSON on stdout', { timeout }, async (t) => {
  const { target, start } = await headlessScene(t);
  const run = start('-t', '2s', '--json', '--logfile', '{}/log', '--stop-timeout', '2', ...buyers);
  await run.ended;
  const [text = ''] = /^\[[\s\S]*^\]$/m.exec(run.output) ?? [];
  const rows = JSON.parse(text) as { num_requests: number }[];
  assert.equal(
    rows.reduce((sum, { num_requests }) => sum + num_requests, 0),
    target.asked,
  );
});
