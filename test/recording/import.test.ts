import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported } from './generated.ts';
import { begin, logLine } from './made-log.ts';

/** The line of the summary with this heading. */
function told(summary: readonly string[], heading: string): string | undefined {
  return summary.find((line) => line.startsWith(heading))?.slice(11);
}

const visits = (count: number, from: number, path: string): string =>
  Array.from({ length: count }, (_, at) => logLine(from + at * 10, `GET ${path}`)).join('\n');

test('what was read, and the first line that could not be', async (t) => {
  const log = `${visits(3, begin, '/')}\n\nno \u001b[31mlog\n${logLine(begin, 'GET *')}\n`;
  const { summary } = await imported(t, { 'access.log': log });
  assert.equal(told(summary, 'read'), '5 lines of access.log (access log)');
  assert.equal(told(summary, 'skipped'), '2 lines, the first is access.log:5, with no time in [ ]: no \\u001b[31mlog');
});

test('what was left out, and why', async (t) => {
  const log = [
    visits(2, begin, '/'),
    ...[
      visits(3, begin, '/a.css'),
      visits(1, begin, '/health'),
      logLine(begin, 'OPTIONS /'),
      logLine(begin, 'GET /x.php', 404),
    ],
  ].join('\n');
  const { code, summary } = await imported(t, { 'a.log': log }, { exclude: /^\/health$/, methods: new Set(['GET']) });
  assert.deepEqual(
    summary.filter((line) => line.startsWith('left out')).map((line) => line.slice(11)),
    [
      '3 requests: static assets (--assets keeps them)',
      '1 requests: by --include or --exclude',
      '1 requests: by --methods',
      '1 requests: not found (404), at paths where nothing else was found before, such as /x.php',
    ],
  );
  assert.match(code, /From 2 requests/);
});

test('assets can be kept, and paths chosen', async (t) => {
  const log = [visits(2, begin, '/a.css'), visits(2, begin, '/b')].join('\n');
  const { code } = await imported(t, { 'a.log': log }, { keepAssets: true, include: /^\/a/ });
  assert.match(code, /a\.css/);
  assert.doesNotMatch(code, /'\/b'/);
});

test('the rarest names are left out if there are more than asked for', async (t) => {
  const log = [visits(5, begin, '/a'), visits(3, begin, '/b'), visits(1, begin, '/c')].join('\n');
  const { code, summary } = await imported(t, { 'a.log': log }, { names: 2 });
  assert.doesNotMatch(code, /'\/c'/);
  assert.equal(told(summary, 'left out'), '1 requests: the 1 rarest names (--names takes more)');
});

test('pauses, peak and how many users make it', async (t) => {
  const clients = Array.from({ length: 6 }, (_, client) =>
    Array.from({ length: 30 }, (__, at) => logLine(begin + at * 10, 'GET /', 200, `10.0.0.${client}`)).join('\n'),
  );
  const { summary } = await imported(t, { 'a.log': clients.join('\n') });
  assert.match(told(summary, 'pauses') ?? '', /p50 10 s.*mean 10 s/);
  assert.match(told(summary, 'traffic') ?? '', /^180 requests in 5 min, 6 sessions of 30\.0 requests/);
  assert.match(told(summary, 'rate') ?? '', /\(-u 6\), 0\.6 requests\/s in the busiest minute, .* \(-u 6\)$/);
});

test('a session ends after the gap that is told', async (t) => {
  const log = { 'a.log': visits(4, begin, '/') };
  assert.match(told((await imported(t, log)).summary, 'traffic') ?? '', /1 sessions/);
  assert.match(told((await imported(t, log, { sessionGap: 9 })).summary, 'traffic') ?? '', /4 sessions/);
});

test('several logs are read in the order of their time, so that sessions go on', async (t) => {
  const files = { 'a.log': visits(5, begin + 50, '/'), 'b.log': visits(5, begin, '/'), 'c.jsonl': '{"time":"x"}' };
  const { summary } = await imported(t, files);
  assert.deepEqual(
    summary.filter((line) => line.startsWith('read')).map((line) => line.slice(-30).trim()),
    ['5 lines of b.log (access log)', '5 lines of a.log (access log)', '1 lines of c.jsonl (JSON lines)'].map((line) =>
      line.slice(-30).trim(),
    ),
  );
  assert.match(told(summary, 'traffic') ?? '', /1 sessions/);
});

test('the fields that were recognised in JSON are told', async (t) => {
  const row = { ts: begin, method: 'GET', uri: '/', remote_ip: '1.2.3.4' };
  const { summary } = await imported(t, { 'a.jsonl': JSON.stringify(row) });
  assert.equal(told(summary, 'fields'), 'method ← method, path ← uri, time ← ts, client ← remote_ip');
});

test('addresses of mailboxes in the file are pointed out', async (t) => {
  const log = ['GET /users/ada@example.com', 'GET /users/bob@example.com']
    .map((line) => logLine(begin, line))
    .join('\n');
  const { summary } = await imported(t, { 'a.log': log });
  assert.equal(told(summary, 'look'), 'values of GET /users/[user] hold addresses of mailboxes');
});

test('a log in which nothing can be read is refused, with its first line', async (t) => {
  await assert.rejects(imported(t, { 'a.log': 'x\ny\n' }), {
    name: 'UsageError',
    message: /^none of 2 lines could be read; .*a\.log:1: no time in \[ \]\. Known are/,
  });
  await assert.rejects(imported(t, { 'a.log': '' }), { name: 'UsageError', message: /^there is nothing in / });
  await assert.rejects(imported(t, { 'a.log': visits(2, begin, '/a.css') }), {
    message: /^no request of 2 lines is left: 2 static assets/,
  });
});

test('a log is read as told, whatever it looks like', async (t) => {
  await assert.rejects(imported(t, { 'a.log': visits(1, begin, '/') }, { format: 'json' }), { message: /no JSON/ });
});

test('the same log makes the same file', async (t) => {
  const log = Array.from({ length: 900 }, (_, at) => logLine(begin + at, `GET /users/${at}`)).join('\n');
  const [one, other] = [await imported(t, { 'a.log': log }), await imported(t, { 'a.log': log })];
  assert.equal(one.code, other.code);
});
