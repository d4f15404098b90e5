import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.ts';
import { burst, ramp, type Shape, sine, spike, steady, step } from '../../src/index.ts';

/** Each stage as until, users, spawn rate. */
const rows = ({ stages }: Shape): number[][] => stages.map(({ until, users, spawnRate }) => [until, users, spawnRate]);

describe('a shape is these stages:', () => {
  const table: readonly (readonly [string, Shape, number[][]])[] = [
    ['steady', steady({ users: 50, duration: 600 }), [[600, 50, 5]]],
    ['a short steady one', steady({ users: 50, duration: 20 }), [[20, 50, 25]]],
    ['a pause', steady({ users: 0, duration: 20 }), [[20, 0, 1]]],
    ['ramp', ramp({ users: 500, duration: 1000, hold: 100 }), [[1100, 500, 0.5]]],
    [
      'a ramp down from some',
      ramp({ users: 10, from: 50, duration: 42 }),
      [
        [2, 50, 50],
        [42, 10, 1],
      ],
    ],
    [
      'burst',
      burst({ users: 20, peak: 200, duration: 120 }),
      [
        [22, 20, 20],
        [37, 200, 180],
        [82, 20, 180],
        [97, 200, 180],
        [120, 20, 180],
      ],
    ],
    [
      'a burst with times of its own, ended in a burst',
      burst({ users: 1, peak: 9, duration: 32.5, every: 20, length: 4, rampTime: 2 }),
      [
        [8, 1, 0.5],
        [12, 9, 4],
        [28, 1, 4],
        [32.5, 9, 4],
      ],
    ],
    [
      'step',
      step({ users: 25, by: 10, every: 30 }),
      [
        [30, 10, 10],
        [60, 20, 10],
        [90, 25, 5],
      ],
    ],
    [
      'steps down, not all at once',
      step({ users: 0, from: 12, by: 8, every: 30, rampTime: 4 }),
      [
        [30, 12, 3],
        [60, 4, 2],
        [90, 0, 1],
      ],
    ],
    [
      'spike',
      spike({ users: 5, peak: 105, duration: 100 }),
      [
        [45, 5, 5],
        [55, 105, 100],
        [100, 5, 100],
      ],
    ],
    [
      'a spike with times of its own',
      spike({ users: 5, peak: 105, duration: 100, at: 10, length: 20, rampTime: 10 }),
      [
        [10, 5, 0.5],
        [30, 105, 10],
        [100, 5, 10],
      ],
    ],
    [
      'sine',
      sine({ users: 0, peak: 100, duration: 16 }),
      [
        [2, 15, 7.5],
        [4, 50, 17.5],
        [6, 85, 17.5],
        [8, 100, 7.5],
        [10, 85, 7.5],
        [12, 50, 17.5],
        [14, 15, 17.5],
        [16, 0, 7.5],
      ],
    ],
  ];
  for (const [name, shape, expected] of table) {
    test(name, () => assert.deepEqual(rows(shape), expected));
  }
});

test('the classes of a shape are those of each of its stages', () => {
  const userClasses = ['Shop'];
  const all = [
    steady({ users: 3, duration: 9, userClasses }),
    burst({ users: 1, peak: 3, duration: 9, userClasses }),
    ramp({ users: 3, from: 1, duration: 9, userClasses }),
    sine({ users: 1, peak: 3, duration: 9, userClasses }),
    step({ users: 3, by: 1, every: 9, userClasses }),
    spike({ users: 1, peak: 3, duration: 9, userClasses }),
  ];
  for (const { stages } of all) for (const stage of stages) assert.deepEqual(stage.userClasses, ['Shop']);
});

describe('what is wrong is told by its name, with what was given and what is expected:', () => {
  const made: Readonly<Record<string, (options: never) => Shape>> = { steady, burst, ramp, sine, step, spike };
  const table: readonly (readonly [shape: string, options: unknown, message: string])[] = [
    ['steady', undefined, 'steady(…) takes an object, such as steady({ users: 10, duration: 60 })'],
    ['steady', { user: 1 }, 'steady({ … }) has no option user; did you mean users?'],
    ['steady', { zzz: 1 }, 'steady({ … }) has no option zzz; it has users, duration, rampTime, userClasses'],
    ['steady', {}, 'steady({ … }) has users: undefined; a whole number of users from 0 on is expected'],
    ['steady', { users: '3' }, 'steady({ … }) has users: "3"; a whole number of users from 0 on is expected'],
    ['steady', { users: 1 }, 'steady({ … }) has duration: undefined; seconds from 1 on are expected'],
    [
      'steady',
      { users: 1, duration: Number.POSITIVE_INFINITY },
      'steady({ … }) has duration: Infinity; seconds from 1 on are expected',
    ],
    [
      'steady',
      { users: 1, duration: 5, rampTime: 6 },
      'steady({ … }) has rampTime: 6; seconds from 0 to 5 are expected',
    ],
    [
      'steady',
      { users: 1, duration: 5, userClasses: [] },
      "steady({ … }) has userClasses: []; a list of names, such as ['ShopUser'], is expected",
    ],
    ['ramp', { users: 1.5 }, 'ramp({ … }) has users: 1.5; a whole number of users from 0 on is expected'],
    ['ramp', { users: 1, from: 2, duration: 3 }, 'ramp({ … }) has duration: 3; seconds from 4 on are expected'],
    ['ramp', { users: 1, duration: 3, hold: -1 }, 'ramp({ … }) has hold: -1; seconds from 0 on are expected'],
    ['burst', { users: 5, peak: 4 }, 'burst({ … }) has peak: 4; a whole number of users from 5 on is expected'],
    [
      'burst',
      { users: 5, peak: 6, duration: 10, every: 11 },
      'burst({ … }) has every: 11; seconds from 2 to 10 are expected',
    ],
    [
      'burst',
      { users: 5, peak: 6, duration: 10, length: 10 },
      'burst({ … }) has length: 10; seconds from 1 to 9 are expected',
    ],
    [
      'burst',
      { users: 5, peak: 6, duration: 10_000_000 },
      'burst({ … }) would have 166667 parts; at most 5000 are expected',
    ],
    [
      'sine',
      { users: 5, peak: 6, duration: 10, period: 4 },
      'sine({ … }) has period: 4; seconds from 8 on are expected',
    ],
    ['step', { users: 5, by: 0 }, 'step({ … }) has by: 0; a whole number of users from 1 on is expected'],
    ['step', { users: 5001, by: 1, every: 1 }, 'step({ … }) would have 5001 parts; at most 5000 are expected'],
    [
      'spike',
      { users: 5, peak: 9, duration: 10, length: 9 },
      'spike({ … }) has length: 9; seconds from 1 to 8 are expected',
    ],
    [
      'spike',
      { users: 5, peak: 9, duration: 10, length: 4, at: 6 },
      'spike({ … }) has at: 6; seconds from 1 to 5 are expected',
    ],
  ];
  for (const [name, options, message] of table) {
    test(message, () => {
      assert.throws(
        () => made[name]?.(options as never),
        (error) => error instanceof UsageError && error.message === message,
      );
    });
  }
});

describe('whatever the options,', () => {
  const users = fc.nat({ max: 5000 });
  const more = fc.nat({ max: 5000 });
  const seconds = (min: number, max = 20_000): fc.Arbitrary<number> =>
    fc.oneof(fc.integer({ min: Math.ceil(min), max }), fc.double({ min, max, noNaN: true }));

  interface Made {
    readonly shape: Shape;
    readonly least: number;
    readonly most: number;
    readonly duration: number;
  }
  const between = (a: number, b: number): { least: number; most: number } => ({
    least: Math.min(a, b),
    most: Math.max(a, b),
  });
  const shapes: Readonly<Record<string, fc.Arbitrary<Made>>> = {
    steady: fc.record({ users, duration: seconds(1) }).map((given) => ({
      shape: steady(given),
      ...between(given.users, given.users),
      duration: given.duration,
    })),
    ramp: fc.record({ users, from: users, duration: seconds(4), hold: seconds(0) }).map((given) => ({
      shape: ramp(given),
      ...between(given.users, given.from),
      duration: given.duration + given.hold,
    })),
    burst: fc
      .record({ users, more, duration: seconds(2), every: fc.double({ min: 0.001, max: 1, noNaN: true }) })
      .map(({ users: low, more: plus, duration, every }) => ({
        shape: burst({ users: low, peak: low + plus, duration, every: Math.max(2, every * duration) }),
        ...between(low, low + plus),
        duration,
      })),
    sine: fc
      .record({ users, more, duration: seconds(2), period: seconds(8) })
      .map(({ users: low, more: plus, duration, period }) => ({
        shape: sine({ users: low, peak: low + plus, duration, period }),
        ...between(low, low + plus),
        duration,
      })),
    step: fc.record({ users, from: users, by: fc.integer({ min: 5, max: 9000 }), every: seconds(1) }).map((given) => ({
      shape: step(given),
      ...between(given.users, given.from),
      duration: given.every * (Math.ceil(Math.abs(given.users - given.from) / given.by) + 1),
    })),
    spike: fc.record({ users, more, duration: seconds(3) }).map(({ users: low, more: plus, duration }) => ({
      shape: spike({ users: low, peak: low + plus, duration }),
      ...between(low, low + plus),
      duration,
    })),
  };
  for (const [name, made] of Object.entries(shapes)) {
    test(`the stages of ${name} go forward in time, within the users that were given, to the end that was given`, () => {
      fc.assert(
        fc.property(made, ({ shape, least, most, duration }) => {
          let [end, before] = [0, 0];
          for (const { until, users: count, spawnRate } of shape.stages) {
            assert.ok(Number.isFinite(until) && until > end, `until ${until} after ${end}`);
            assert.ok(Number.isInteger(count) && count >= least && count <= most, `${count} users`);
            assert.ok(Number.isFinite(spawnRate) && spawnRate > 0, `spawn rate ${spawnRate}`);
            // a master that is not done with a stage misses the next one
            const ramp = Math.abs(count - before) / spawnRate;
            assert.ok(ramp <= Math.max(1, until - end) * 1.000001, `${ramp} s of ramp from ${end} to ${until}`);
            end = until;
            before = count;
          }
          assert.ok(Math.abs(end - duration) < 1e-6 * duration, `ends at ${end}, not ${duration}`);
        }),
        { numRuns: 300 },
      );
    });
  }

  test('sine follows the sine, to one user and the line between two samples', () => {
    const wave = sine({ users: 100, peak: 300, duration: 3600, period: 1200 });
    for (const { until, users: count } of wave.stages) {
      const ideal = 200 - 100 * Math.cos((2 * Math.PI * until) / 1200);
      assert.ok(Math.abs(count - ideal) <= 0.5, `${count} at ${until}, not ${ideal}`);
    }
    // ten seconds each; where nobody comes or goes, some are one
    assert.equal(wave.stages.length, 337);
    assert.equal(Math.max(...wave.stages.map(({ users: count }) => count)), 300);
  });
});
