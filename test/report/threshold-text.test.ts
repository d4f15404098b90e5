import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.ts';
import { parseThreshold } from '../../src/report/threshold.ts';
import { printThreshold, type Threshold } from '../../src/report/threshold-text.ts';

test('a percentile of one name, in milliseconds', () => {
  assert.deepEqual(parseThreshold('p95(GET /x)>300ms'), {
    expression: 'p95(GET /x)>300ms',
    metric: 'p95',
    target: 'GET /x',
    operator: '>',
    value: 300,
    unit: 'ms',
  });
});

test('blanks between the parts, and capitals, are no matter', () => {
  const { metric, target, operator, value, unit } = parseThreshold('  P99.9 ( POST /a b )  <=  1.5  S ');
  assert.deepEqual([metric, target, operator, value, unit], ['p99.9', 'POST /a b', '<=', 1.5, 's']);
});

test('a name may hold parentheses, comparisons and units itself', () => {
  const { target, operator, value } = parseThreshold('max(GET /f(1)>2ms)>=.5s');
  assert.deepEqual([target, operator, value], ['GET /f(1)>2ms', '>=', 0.5]);
});

/** What is wrong, and the line under the expression. */
function refused(expression: string): string[] {
  try {
    parseThreshold(expression);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError);
    const [first = '', again, caret = '', expected = ''] = thrown.message.split('\n');
    assert.equal(again, `  ${expression}`);
    assert.match(expected, /^expected is what fails the run, as in 'p95\(GET \/x\)>300ms'/);
    return [first.replace(`the threshold '${expression}' is none: `, ''), caret.slice(2)];
  }
  assert.fail(`${expression} was read`);
}

const wrong: readonly (readonly [string, string, string])[] = [
  ['', 'a metric comes first', '^'],
  ['>3', 'a metric comes first', '^'],
  ['fail_rate>1%', "there is no metric 'fail_rate'; did you mean fail_ratio?", '^'],
  ['  meidan>1', "there is no metric 'meidan'; did you mean median?", '  ^'],
  ['p101>1', 'there is no p101; percentiles go from p0 to p100', '^'],
  ['p95(GET /x>300ms', "the ')' after the name is missing", '                ^'],
  ['p95( )>300ms', "between '(' and ')' comes a name: GET /x", '   ^'],
  ['exceptions(GET /x)>0', 'exceptions are counted for the whole run, not by name', '          ^'],
  ['p95(GET /x)', 'after the name comes one of > >= < <=', '           ^'],
  ['rps==3', 'after rps comes one of > >= < <=', '   ^'],
  ['rps<', 'after < comes a number from 0 on', '    ^'],
  ['rps<-1', 'after < comes a number from 0 on', '    ^'],
  ['rps<1e999', 'after < comes a number from 0 on', '         ^'],
  ['rps<100ms', 'the unit of rps is none', '       ^'],
  ['p95>1m', 'the unit of p95 is ms, s or none', '     ^'],
  ['p95>300ms)', 'the unit of p95 is ms, s or none', '       ^'],
  ['fail_ratio>5', 'fail_ratio is a part of 1, or of 100%: 5 can never be', '            ^'],
  ['fail_ratio>101%', 'fail_ratio is a part of 1, or of 100%: 101% can never be', '              ^'],
];

for (const [expression, what, caret] of wrong) {
  test(`'${expression}' is refused, and where it breaks is shown`, () => {
    assert.deepEqual(refused(expression), [what, caret]);
  });
}

test('a metric that is like none is told with all of them', () => {
  assert.match(refused('throughput>1')[0] ?? '', /there are p50, p90, .*median.* or exceptions$/);
});

const timeMetric = fc.oneof(
  fc.constantFrom('avg', 'median', 'min', 'max'),
  fc.integer({ min: 0, max: 1000 }).map((tenths) => `p${tenths / 10}`),
);
const target = fc.option(
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() === text),
  { nil: null },
);
const value = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(Math.abs);
const part = (most: number) => fc.double({ min: 0, max: most, noNaN: true }).map(Math.abs);
const operator = fc.constantFrom('>', '>=', '<', '<=');
const record = <M extends string, U extends string>(
  metric: fc.Arbitrary<M>,
  unit: fc.Arbitrary<U>,
  of: fc.Arbitrary<number>,
) => fc.record({ metric, target, operator, value: of, unit });

const threshold = fc
  .oneof(
    record(timeMetric, fc.constantFrom('ms', 's', ''), value),
    record(fc.constant('fail_ratio'), fc.constant(''), part(1)),
    record(fc.constant('fail_ratio'), fc.constant('%'), part(100)),
    record(fc.constantFrom('rps', 'failures_per_second', 'requests', 'failures'), fc.constant(''), value),
    record(fc.constant('exceptions'), fc.constant(''), value).map((given) => ({ ...given, target: null })),
  )
  .map((given) => given as Omit<Threshold, 'expression'>);

test('what is printed reads back as the same threshold', () => {
  fc.assert(
    fc.property(threshold, (given) => {
      const expression = printThreshold(given);
      assert.deepEqual(parseThreshold(expression), { expression, ...given });
    }),
  );
});
