import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checks, judge, parseThreshold } from '../../src/report/threshold.ts';
import { bucketOf } from '../../src/stats/bucket.ts';
import { measured, type Shot, shots } from './measured.ts';

const some = measured([
  ...shots('GET', '/x', 10, 20, 340),
  ...shots('POST', '/x', 50),
  ...shots('GET', '/api/a', 1000),
  ...shots('GET', '/api/b', 2000),
  { method: 'POST', name: '/login', time: 30, failed: true },
]);
const texts = (expression: string): readonly unknown[] => {
  const { actual, isOk, text } = judge(parseThreshold(expression), some, 10, 2);
  return [actual, isOk, text];
};

test('a threshold that holds says by how much', () => {
  assert.deepEqual(texts('p95(GET /x)>0.5s'), [340, true, 'p95(GET /x) is 0.34 s (fails if > 0.5 s)']);
});

test('one that does not hold has failed', () => {
  assert.deepEqual(texts('p95(GET /x)>300'), [340, false, 'p95(GET /x) is 340 ms (fails if > 300 ms)']);
});

test('without a name it is about all requests together', () => {
  assert.deepEqual(texts('requests<=7'), [7, false, 'requests is 7 (fails if <= 7)']);
});

test('rates are over the seconds of the run', () => {
  assert.deepEqual(texts('rps(GET /x)<0.3'), [0.3, true, 'rps(GET /x) is 0.3 (fails if < 0.3)']);
});

test('a ratio is shown in percent if the limit is', () => {
  assert.deepEqual(texts('fail_ratio>14%'), [1 / 7, false, 'fail_ratio is 14.29% (fails if > 14%)']);
});

test('a figure close to its limit is shown with the digits that tell them apart', () => {
  assert.equal(texts('fail_ratio>0.1425')[2], 'fail_ratio is 0.143 (fails if > 0.1425)');
});

test('a name alone is enough if only one row has it', () => {
  assert.deepEqual(texts('failures(/login)>0').slice(0, 2), [1, false]);
});

test('a name that two rows have is told, and is no pass', () => {
  const why = "'/x' may mean GET /x or POST /x; name one, or '* /x' for all together";
  assert.deepEqual(texts('p95(/x)>1s'), [null, false, `p95(/x): nothing was measured: ${why}`]);
});

test('* stands for any text, and the rows are judged as one', () => {
  assert.deepEqual(texts('avg(GET /api/*)>1s'), [
    1500,
    false,
    'avg(GET /api/*) is 1.5 s over 2 names (fails if > 1 s)',
  ]);
  assert.deepEqual(texts('max(* /x)>1s').slice(0, 2), [340, true]);
});

test('what * fits counts no request twice: rows of response times are meant only where they alone are', () => {
  const stats = measured([...shots('GET', '/a', 10, 20), ...shots('GET', '/a (response)', 1010, 2020)]);
  const actual = (expression: string): number | null => judge(parseThreshold(expression), stats, 1).actual;
  assert.equal(actual('rps(GET *)<1'), 2);
  assert.equal(actual('max(*/a*)>1'), 20);
  assert.equal(actual('max(* (response))>1'), 2020);
});

test('a row that has the name to the letter comes before what its * fits', () => {
  const stats = measured([...shots('GET', '/a/*', 1), ...shots('GET', '/a/b', 900)]);
  assert.equal(judge(parseThreshold('max(GET /a/*)>5'), stats, 1).actual, 1);
});

test('a name that no request had has failed, with the nearest one', () => {
  const why = "no request was named 'GET /y'; is 'GET /x' meant?";
  assert.deepEqual(texts('p95(GET /y)>1s'), [null, false, `p95(GET /y): nothing was measured: ${why}`]);
  assert.deepEqual(texts('failures(PUT *)>0').slice(0, 2), [null, false]);
});

test('a run without a request has failed whatever is asked', () => {
  for (const expression of ['p95>1s', 'fail_ratio>1%', 'failures>0', 'rps<1', 'requests>5']) {
    const { actual, isOk } = judge(parseThreshold(expression), measured([]), 10);
    assert.deepEqual([actual, isOk], [null, false], expression);
  }
});

test('a median is within the exact extremes, as a percentile is below the maximum', () => {
  const stats = measured(shots('GET', '/', 1234));
  assert.equal(judge(parseThreshold('median>1s'), stats, 1).actual, 1234);
  assert.equal(judge(parseThreshold('p95>1s'), measured(shots('GET', '/', 1260)), 1).actual, 1260);
});

test('requests without a response time have no percentile', () => {
  const stats = measured([{ method: 'GET', name: '/', time: null, failed: false }]);
  for (const metric of ['p95', 'avg', 'min', 'max', 'median']) {
    const { isOk, text } = judge(parseThreshold(`${metric}>1s`), stats, 10);
    assert.deepEqual([isOk, text], [false, `${metric}: nothing was measured: no request had a response time`]);
  }
});

test('exceptions are judged if they are told, and are no pass if not', () => {
  assert.deepEqual(texts('exceptions>2'), [2, true, 'exceptions is 2 (fails if > 2)']);
  assert.deepEqual(judge(parseThreshold('exceptions>0'), some, 1).isOk, false);
  assert.equal(judge(parseThreshold('exceptions>0'), measured([]), 1, 0).isOk, true);
});

test("locust-plugins' checks are thresholds", () => {
  assert.deepEqual(
    checks({ rps: 5, failRatio: 0.01, avgResponseTime: 250 }).map(({ expression }) => expression),
    ['rps<5', 'fail_ratio>0.01', 'avg>250ms'],
  );
  assert.deepEqual(checks({}), []);
});

test('they read back as what they are', () => {
  for (const threshold of checks({ rps: 0, failRatio: 1, avgResponseTime: 1e-7 })) {
    assert.deepEqual(parseThreshold(threshold.expression), threshold);
  }
});

test('a check that cannot be is refused by the name of its flag', () => {
  assert.throws(() => checks({ failRatio: 5 }), {
    message: '--check-fail-ratio is 5; a number from 0 to 1 is expected',
  });
  assert.throws(() => checks({ rps: Number.NaN }), { message: '--check-rps is NaN; a number from 0 on is expected' });
});

const shot = fc.record<Shot>({
  method: fc.constantFrom('GET', 'POST'),
  name: fc.constantFrom('/a', '/b', '/c/1', '/c/2'),
  time: fc.option(fc.double({ min: 0, max: 5000, noNaN: true }), { freq: 10 }),
  failed: fc.boolean(),
});
const targets = [null, 'GET /a', 'POST /b', 'GET /c/*', '* /b', '*/c/1', '*'] as const;
const fits: Readonly<Record<string, RegExp>> = {
  'GET /a': /^GET \/a$/,
  'POST /b': /^POST \/b$/,
  'GET /c/*': /^GET \/c/,
  '* /b': /\/b$/,
  '*/c/1': /\/c\/1$/,
  '*': /./,
};

/** The same figure from the requests one by one; null if there are none to make it of. */
function naive(metric: string, all: readonly Shot[], seconds: number): number | null {
  const failed = all.filter((each) => each.failed).length;
  const times = all.flatMap(({ time }) => (time === null ? [] : [time])).sort((a, b) => a - b);
  if (all.length === 0) return null;
  if (metric === 'requests') return all.length;
  if (metric === 'failures') return failed;
  if (metric === 'fail_ratio') return failed / all.length;
  if (metric === 'rps') return all.length / seconds;
  if (metric === 'failures_per_second') return failed / seconds;
  if (times.length === 0) return null;
  const [least = 0, most = 0] = [times[0], times.at(-1)];
  if (metric === 'avg') return times.reduce((sum, time) => sum + time, 0) / times.length;
  if (metric === 'min') return least;
  if (metric === 'max') return most;
  const at = metric === 'median' ? 0.5 : metric === 'p99.9' ? 0.999 : Number(metric.slice(1)) / 100;
  const rank = Math.min(Math.trunc(times.length * at), times.length - 1);
  const within = Math.min(bucketOf(times[rank] ?? 0), most);
  return metric === 'median' ? Math.max(within, least) : within;
}

const compare: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

test('the verdict is that of a recomputation from the single requests', () => {
  const metric = fc.constantFrom(
    ...['p0', 'p50', 'p95', 'p99.9', 'p100', 'median', 'avg', 'min', 'max'],
    ...['fail_ratio', 'rps', 'failures_per_second', 'requests', 'failures'],
  );
  fc.assert(
    fc.property(
      fc.array(shot, { maxLength: 60 }),
      metric,
      fc.constantFrom(...targets),
      fc.constantFrom('>', '>=', '<', '<='),
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 100 }),
      (all, figure, target, operator, limit, seconds) => {
        const value = figure === 'fail_ratio' ? limit / 1000 : limit;
        const expression = `${figure}${target === null ? '' : `(${target})`}${operator}${value}`;
        const { actual, isOk } = judge(parseThreshold(expression), measured(all), seconds);
        const meant = all.filter(({ method, name }) => target === null || fits[target]?.test(`${method} ${name}`));
        const expected = naive(figure, meant, seconds);
        assert.equal(isOk, expected !== null && !compare[operator]?.(actual ?? Number.NaN, value));
        if (expected === null || actual === null) assert.equal(actual, expected);
        else assert.ok(Math.abs(actual - expected) <= 1e-9 * (1 + expected), `${actual} is not ${expected}`);
      },
    ),
    { numRuns: 500 },
  );
});
