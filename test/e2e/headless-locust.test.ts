import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { katydidCli } from '../tools/katydid.ts';
import { findLocust, newestLocust } from '../tools/locust.ts';
import { need } from '../tools/need.ts';
import { Child } from './child.ts';
import { type ConsoleRow, finalRows, percentileRows, statsTables } from './console-tables.ts';
import { Target } from './target.ts';
import { userFile } from './worker.ts';

/** One user a step, half a second apart: their order is seen. */
const users = 8;
const flags = ['--headless', '-u', String(users), '-r', '1.9', '-t', '7s', '--csv-full-history'];
const files = ['stats', 'stats_history', 'failures', 'exceptions'];

interface Ran {
  readonly code: number | NodeJS.Signals;
  readonly arrivals: readonly string[];
  readonly asked: number;
  readonly output: string;
  readonly csv: ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;
  readonly titles: ReadonlyMap<string, string>;
}

async function run(t: TestContext, program: string, argv: readonly string[]): Promise<Ran> {
  const target = await Target.start();
  t.after(() => target.close());
  const folder = await mkdtemp(join(tmpdir(), 'katydid-compare-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const child = new Child(program, program, [...argv, ...flags, '-H', target.url, '--csv', join(folder, 'run')]);
  t.after(() => child.end('SIGKILL'));
  const code = await child.ended;
  const texts = await Promise.all(files.map((name) => readFile(join(folder, `run_${name}.csv`), 'utf8')));
  return {
    ...{ code, arrivals: target.arrivals, asked: target.asked, output: child.output },
    csv: new Map(texts.map((text, at) => [files[at] ?? '', parse(text, { columns: true })])),
    titles: new Map(texts.map((text, at) => [files[at] ?? '', text.split('\r\n')[0] ?? ''])),
  };
}

/**
 * Each user of a row, four at most, may have had one request more or less, and one on its way at the end. On a busy
 * machine Python falls behind its own pacing, so that it may have fewer still.
 */
function assertNear(ours: ConsoleRow, theirs: ConsoleRow): void {
  const slack = ours.name === 'Aggregated' ? 2 * users : 8;
  const isNear = theirs.requests <= ours.requests + slack && theirs.requests >= ours.requests * 0.8 - slack;
  assert.ok(isNear, `${ours.name}: ${ours.requests} and ${theirs.requests} requests`);
  assert.equal(ours.failures === ours.requests, theirs.failures === theirs.requests, `${ours.name}: failures`);
}

test('katydid and Locust, headless, with the same users and flags', { timeout: 120_000 }, async (t) => {
  const locust = await need(t, () => findLocust(newestLocust));
  if (!locust) return;
  // Not at the same time: a busy machine is not the same for both.
  const ours = await run(t, process.execPath, [katydidCli, '-f', userFile('order.ts')]);
  const theirs = await run(t, locust.command, ['-f', userFile('order.py')]);

  await t.test('end with the same exit code', () => assert.deepEqual([ours.code, theirs.code], [1, 1]));

  await t.test('spawn the same classes in the same order', () => {
    assert.equal(theirs.arrivals.length, users, theirs.output.slice(-2000));
    assert.deepEqual(ours.arrivals, theirs.arrivals);
    t.diagnostic(theirs.arrivals.join(' '));
  });

  await t.test('print tables with the same rows and about the same counts', () => {
    const [own, other] = [finalRows(ours.output), finalRows(theirs.output)];
    assert.deepEqual([...own.keys()], [...other.keys()]);
    assert.equal(own.size, 9);
    for (const [name, row] of own) assertNear(row, other.get(name) ?? row);
    const requests = (ran: Ran): number | undefined => finalRows(ran.output).get('Aggregated')?.requests;
    t.diagnostic(`requests: katydid ${requests(ours)}, Locust ${requests(theirs)}`);
  });

  await t.test('print them about as often', () => {
    const [own, other] = [statsTables(ours.output).length, statsTables(theirs.output).length];
    // Locust begins with an empty one.
    assert.ok(Math.abs(own - other) <= 2, `${own} and ${other} tables`);
  });

  await t.test('measure the same percentiles, within a bucket', () => {
    const [own, other] = [percentileRows(ours.output), percentileRows(theirs.output)];
    assert.deepEqual([...own.keys()], [...other.keys()]);
    const [a, b] = [own.get('TELL times') ?? [], other.get('TELL times') ?? []];
    assert.equal(a.length, 11);
    for (const [at, value] of a.entries()) assert.ok(Math.abs(value - (b[at] ?? 0)) <= 10, `${a} and ${b}`);
  });

  await t.test('say the same of failures', () => {
    const texts = ({ output }: Ran): string[] =>
      output.split('\n').flatMap((line) => /^\d+ +(GET \/fail: .*\S)\s*$/.exec(line)?.[1] ?? []);
    assert.equal(texts(theirs).length, 1);
    assert.deepEqual(texts(ours), texts(theirs));
  });

  for (const name of files) {
    await t.test(`write ${name}.csv with the same columns and rows`, () => {
      assert.equal(ours.titles.get(name), theirs.titles.get(name));
      const keys = ({ csv }: Ran): string[] => [
        ...new Set((csv.get(name) ?? []).map((row) => `${row.Type ?? row.Method} ${row.Name}`)),
      ];
      assert.deepEqual(keys(ours).sort(), keys(theirs).sort());
    });
  }

  await t.test('count what the target counted', () => {
    for (const ran of [ours, theirs]) {
      const rows = [...finalRows(ran.output).values()].filter(({ method }) => method === 'GET' || method === 'POST');
      const counted = rows.reduce((sum, { requests }) => sum + requests, 0);
      // Locust breaks off what is on its way at the end; so does katydid without a stop timeout.
      assert.ok(ran.asked - counted <= users && counted <= ran.asked, `${counted} of ${ran.asked}`);
    }
  });
});
