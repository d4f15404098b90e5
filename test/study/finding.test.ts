import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conclusionOf, remarksOf } from '../../src/study/conclusion.ts';
import { failureKind, kindsOf } from '../../src/study/failure-kind.ts';
import { findingOf } from '../../src/study/finding.ts';
import { levelsOf } from '../../src/study/level.ts';
import { littlesLaw } from '../../src/study/littles-law.ts';
import type { Mark } from '../../src/study/mark.ts';
import { onsetOf } from '../../src/study/onset.ts';
import { made, type SimulatedSystem, simulate } from './simulated.ts';

const limits = { failRatio: 0.01 };

/** An API that takes 11 requests a second at most, in front of replicas that take 6 each. */
const withReplicas = (replicas: number): SimulatedSystem => ({
  wait: 0.5,
  stages: [
    { servers: 1, seconds: 1 / 11 },
    { servers: replicas, seconds: 1 / 6 },
  ],
});

function study(systemOf: (scale: number) => SimulatedSystem, scales: readonly number[]): readonly Mark[] {
  return scales.flatMap((scale) =>
    [1, 2, 5, 10, 20, 50].map((users) => simulate(systemOf(scale), { users, scale, seconds: 300, seed: scale })),
  );
}

test('replicas behind a narrow API: the bottleneck moves', () => {
  const { steps, top } = findingOf(study(withReplicas, [1, 3, 5]), { limits });
  assert.deepEqual(
    steps.map(({ bottleneck }) => bottleneck),
    ['both', 'before it'],
  );
  assert.ok(Math.abs((steps[0]?.change ?? 0) - 0.83) < 0.1, `${steps[0]?.change}`);
  assert.ok(Math.abs(steps[1]?.change ?? 1) < 0.05);
  assert.notEqual(top?.scale, 1);
});

test('replicas behind a wide API: the scaled part is the bottleneck', () => {
  const wide = (replicas: number): SimulatedSystem => ({ wait: 0.1, stages: [{ servers: replicas, seconds: 0.1 }] });
  const { steps } = findingOf(study(wide, [1, 2, 4]), { limits });
  assert.deepEqual(
    steps.map(({ bottleneck }) => bottleneck),
    ['scaled part', 'scaled part'],
  );
});

test('a scale whose knee was not reached says nothing of the bottleneck', () => {
  const unlimited = (): SimulatedSystem => ({ wait: 1, stages: [{ servers: Number.POSITIVE_INFINITY, seconds: 0.1 }] });
  const { scales, steps } = findingOf(study(unlimited, [1, 3]), { limits });
  assert.deepEqual(
    scales.map(({ knee }) => knee.isReached),
    [false, false],
  );
  assert.equal(steps[0]?.bottleneck, 'unknown');
});

test('a generator that was saturated at the best mark is the bottleneck', () => {
  const marks = [1, 3].flatMap((scale) =>
    [1, 5, 10, 20].map((users) => {
      const isBusy = scale === 3 && users >= 10;
      return made({
        ...{ scale, users, rps: Math.min(users, 10), average: users > 10 ? 500 : 100 },
        disturbances: isBusy ? [{ kind: 'generator' as const, text: '99 % CPU' }] : [],
      });
    }),
  );
  const { steps, disturbed } = findingOf(marks, { limits });
  assert.equal(steps[0]?.bottleneck, 'generator');
  assert.equal(disturbed.length, 2);
});

test('more replicas that make it slower are said to', () => {
  const slower = (replicas: number): SimulatedSystem => ({
    wait: 0.1,
    stages: [{ servers: 1, seconds: 0.1 * replicas }],
  });
  assert.equal(findingOf(study(slower, [1, 2]), { limits }).steps[0]?.bottleneck, 'worse');
});

test('a name among the scales has no size to compare with', () => {
  const marks = ['small', 3].flatMap((scale, at) =>
    [1, 5, 20].map((users) => made({ scale, users, rps: (at + 1) * Math.min(users, 5), average: 100 + 50 * users })),
  );
  const [step] = findingOf(marks, { limits }).steps;
  assert.deepEqual([step?.possible, step?.bottleneck, Math.round((step?.change ?? 0) * 100)], [null, 'unknown', 100]);
});

test('levels beyond the limits are no best mark', () => {
  const marks = [
    made({ users: 1, rps: 10 }),
    made({ users: 5, rps: 30, p95: 900 }),
    made({ users: 10, rps: 40, failures: 60 }),
  ];
  assert.equal(findingOf(marks, { limits }).scales[0]?.best?.users, 5);
  assert.equal(findingOf(marks, { limits: { ...limits, p95: 500 } }).scales[0]?.best?.users, 1);
  assert.equal(findingOf(marks, { limits: { ...limits, p95: 50 } }).scales[0]?.best, null);
});

test('a disturbed mark counts only where there is no other', () => {
  const disturbances = [{ kind: 'workers' as const, text: 'a worker left' }];
  const marks = [
    made({ users: 1, rps: 5, disturbances }),
    made({ users: 1, rps: 10, attempt: 2 }),
    made({ users: 2, rps: 7, disturbances }),
    made({ users: 2, rps: 8, attempt: 2, disturbances }),
  ];
  assert.deepEqual(
    levelsOf(marks, 1).map(({ rps, isDisturbed }) => [rps, isDisturbed]),
    [
      [10, false],
      [8, true],
    ],
  );
});

test('failures begin with the fewest users that have too many, and are of a kind', () => {
  const errors = [
    { method: 'POST', name: '/predict', message: 'TimeoutError()', count: 5 },
    { method: 'POST', name: '/predict', message: "HTTPError('503 Server Error')", count: 9 },
    { method: 'GET', name: '/', message: 'ReadTimeout(…)', count: 7 },
  ];
  const marks = [
    made({ users: 1 }),
    made({ users: 10, requests: 100, failures: 21, errors }),
    made({ users: 20, requests: 100, failures: 50 }),
  ];
  const onset = onsetOf(levelsOf(marks, 1), 0.01);
  assert.deepEqual([onset?.users, onset?.failRatio, onset?.isLasting], [10, 0.21, true]);
  assert.deepEqual(
    onset?.kinds.map(({ kind, count }) => [kind, count]),
    [
      ['time-outs', 12],
      ['refusals for overload', 9],
    ],
  );
  assert.equal(onsetOf(levelsOf(marks.slice(0, 1), 1), 0.01), null);
});

test('failures of all generators are sorted into kinds', () => {
  const known: readonly (readonly [string, string])[] = [
    ["TimeoutError('timed out')", 'time-outs'],
    ['ReadTimeout(ReadTimeoutError("HTTPConnectionPool(host=\'x\', port=80): Read timed out."))', 'time-outs'],
    ["HTTPError('504 Server Error: Gateway Timeout for url: /')", 'time-outs'],
    ['4 DEADLINE_EXCEEDED: Deadline exceeded', 'time-outs'],
    ["ConnectionRefusedError(111, 'Connection refused')", 'refused connections'],
    ["ConnectionError(ProtocolError('Connection aborted.', RemoteDisconnected()))", 'broken connections'],
    ["HTTPError('429 Client Error: Too Many Requests for url: /')", 'refusals for overload'],
    ["HTTPError('500 Server Error: Internal Server Error for url: /')", 'server errors'],
    ["HTTPError('404 Client Error: Not Found for url: /')", 'client errors'],
    ['CatchResponseError(no category)', 'other failures'],
    // What was asked for is no reason.
    ["HTTPError('404 Client Error: Not Found for url: /password/reset')", 'client errors'],
    ["BadStatusCode('http://api/timeout', code=500)", 'server errors'],
    [
      "ConnectionError(MaxRetryError('Max retries exceeded with url: /504 (Connection refused)'))",
      'refused connections',
    ],
  ];
  for (const [message, kind] of known) assert.equal(failureKind(message), kind, message);
  assert.equal(kindsOf([]).length, 0);
});

test("Little's law holds in a simulated system, with the wait seen or given", () => {
  const levels = levelsOf(
    study(() => ({ wait: 0.5, stages: [{ servers: 2, seconds: 0.1 }] }), [1]),
    1,
  );
  for (const wait of [undefined, 0.5]) {
    const law = littlesLaw(levels, wait);
    assert.ok(law !== null && law.checks.length === 6 && law.checks.every(({ isBroken }) => !isBroken));
    assert.ok(Math.abs(law.wait - 0.5) < 0.1);
  }
});

test("Little's law exposes users that are lost in the generator", () => {
  const marks = [1, 5, 10].map((users) => made({ users, rps: users * 2, average: 100 }));
  const lost = made({ users: 50, rps: 40, average: 100 });
  const law = littlesLaw(levelsOf([...marks, lost], 1));
  assert.deepEqual(
    law?.checks.map(({ isBroken }) => isBroken),
    [false, false, false, true],
  );
});

test('the conclusion says what the study by hand said', () => {
  const sentences = conclusionOf(
    findingOf(
      study((scale) => ({ ...withReplicas(scale), timeout: 3 }), [1, 3, 5]),
      { limits: { failRatio: 0.05 } },
    ),
  );
  const text = sentences.join('\n');
  assert.match(sentences[0] ?? '', /^The best mark is 1[01]\.\d requests per second at scale 3, with \d+ users/);
  assert.match(
    text,
    /From scale 1 to scale 3 rps grew from 5\.\d+ to 1[01]\.\d, by 8\d\.?\d*%.* 200% were possible: .* the bottleneck has moved to what stands before it/,
  );
  assert.match(
    text,
    /From scale 3 to scale 5 rps stayed the same .*: the bottleneck is what stands before the scaled part/,
  );
  assert.match(text, /The knee is near 10 users at scale 3/);
  assert.match(text, /Failures begin at scale 1 with 20 users: .*, mostly time-outs\./);
});

test('the remarks tell of what was disturbed, and of a law that does not hold', () => {
  const disturbances = [{ kind: 'workers' as const, text: '1 of 2 workers left' }];
  const marks = [1, 5, 10].map((users) => made({ users, rps: users * 2, average: 100 }));
  const remarks = remarksOf(
    findingOf([...marks, made({ users: 50, rps: 40, average: 100, disturbances })], { limits }),
  );
  assert.match(remarks[0] ?? '', /^Disturbed: 50 users: 1 of 2 workers left\.$/);
  assert.match(remarks[1] ?? '', /^Little's law does not hold with 50 users: .* stand for 20 users/);
});

test('a generator at its limit is told once, not for each number of users', () => {
  const marks = [1, 5, 10, 20].map((users) => {
    const text = `${90 + users / 4} % CPU`;
    return made({ users, rps: 10, average: 100 * users, disturbances: users > 1 ? [{ kind: 'generator', text }] : [] });
  });
  assert.deepEqual(remarksOf(findingOf(marks, { limits })), [
    'Disturbed: 5, 10 and 20 users: 95 % CPU (with 20 users).',
  ]);
});

test('what is left where most requests fail is no capacity: time-outs make room for cheaper requests', () => {
  const curve = [1, 2, 5, 10, 20].map((users) => made({ users, rps: Math.min(2 * users, 12), average: 100 * users }));
  const failing = made({ users: 100, rps: 40, failuresPerSecond: 20, requests: 1200, failures: 600, average: 3000 });
  const [scale] = findingOf([...curve, failing], { limits }).scales;
  assert.ok(scale?.knee.isReached === true && Math.abs(scale.knee.estimate - 6) < 0.5, JSON.stringify(scale?.knee));
  assert.equal(scale.law?.residuals.length, 5);
});

test('scales are compared from the smallest one on, whichever was measured first', () => {
  const marks = [5, 1].flatMap((scale) =>
    [1, 5, 20, 50].map((users) => made({ scale, users, rps: Math.min(users, 4 * scale), average: 100 * users })),
  );
  const text = conclusionOf(findingOf(marks, { limits })).join('\n');
  assert.match(text, /^From scale 1 to scale 5 rps grew from 4\.00 to 20\.0/m);
  assert.doesNotMatch(text, /no knee was reached/);
});

test('why there are no figures is told', () => {
  const empty = (users: number, attempt: number): Mark =>
    made({
      ...{ users, attempt, seconds: 0, requests: 0, rps: 0 },
      disturbances: [{ kind: 'data', text: `the master did not start, ${attempt}` }],
    });
  const all = findingOf([made({ users: 1 }), made({ users: 5, rps: 5 }), empty(10, 1), empty(10, 2)], { limits });
  assert.deepEqual(remarksOf(all), ['Disturbed: 10 users: the master did not start, 2.']);
  const none = conclusionOf(findingOf([empty(10, 1)], { limits })).join('\n');
  assert.match(none, /^No knee was reached: nothing was measured\.$/m);
  assert.doesNotMatch(none, /Failures/);
});

test('failures that do not last are said not to', () => {
  const marks = [1, 5, 10].map((users) => made({ users, requests: 100, failures: users === 1 ? 5 : 0 }));
  const text = conclusionOf(findingOf(marks, { limits })).join('\n');
  assert.match(text, /^Failures begin with 1 user: 5\.0+% of all requests; with more users there were fewer again\.$/m);
});

test('of disturbed marks the last attempt of each counts, an interrupted one only where there is no other', () => {
  const disturbed = (given: Partial<Mark>, kind: 'workers' | 'interrupted' = 'workers'): Mark =>
    made({ users: 5, disturbances: [{ kind, text: 'as it is' }], ...given });
  const rates = (...marks: readonly Mark[]): unknown => levelsOf(marks, 1)[0]?.marks.map(({ rps }) => rps);
  assert.deepEqual(rates(disturbed({ rps: 1 }), disturbed({ rps: 2, attempt: 2 })), [2]);
  assert.deepEqual(rates(disturbed({ rps: 1 }), disturbed({ rps: 2, attempt: 2, spawnRate: 9 })), [1, 2]);
  assert.deepEqual(rates(disturbed({ rps: 1 }, 'interrupted'), disturbed({ rps: 2 })), [2]);
  assert.deepEqual(rates(disturbed({ rps: 1 }, 'interrupted')), [1]);
});
