// A run that could have been: users ramp up, a server grows slower, one second is lost; the same at each call.
import type { NameHistory, Run, Sample } from '../../src/report/run.ts';
import { bucketOf } from '../../src/stats/bucket.ts';
import type { EntrySnapshot, ErrorSnapshot } from '../../src/stats/snapshot.ts';
import { totalOf } from '../../src/stats/sum.ts';

export const madeStart = 1_790_000_000;
const hostile = '<script>alert(1)</script>"\'`&\u2028\u2029</script><!-- ]]>';

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface MadeRun {
  readonly names?: number;
  readonly samples?: number;
  readonly change?: Partial<Run>;
}

const paths = [
  '/',
  '/login',
  '/products',
  '/products/{id}',
  '/cart',
  '/cart/checkout',
  '/search?q=[words]',
  '/account',
];

/** `names` rows, `samples` seconds; nine names and five minutes if not said. */
export function madeRun({ names = 9, samples = 300, change = {} }: MadeRun = {}): Run {
  const random = dice(names * 10_000 + samples);
  const entries = Array.from({ length: names }, (_, at) => madeEntry(at, samples, random));
  const total = { ...totalOf(entries, madeStart), lastRequestTimestamp: madeStart + samples - 0.5 };
  const rate = total.numRequests / samples;
  const failed = total.numFailures / total.numRequests;
  return {
    startTime: madeStart,
    endTime: madeStart + samples,
    host: 'https://shop.example',
    userFiles: ['users/shop.ts'],
    profile: 'weekday',
    versions: new Map([
      ['katydid', '0.1.0'],
      ['Node', '20.20.2'],
    ]),
    stats: { entries, total, errors: entries.flatMap(errorsOf) },
    exceptions: [
      {
        count: 12,
        message: 'Error: the shop is broken',
        traceback:
          'Error: the shop is broken\n    at ShopUser.checkout (users/shop.ts:68:11)\n    at loop (users/shop.ts:12:3)',
        nodes: ['local'],
      },
    ],
    samples: madeSamples(samples, rate, random),
    names: entries.map((entry) => madeHistory(entry, samples, random)),
    ratios: {
      perClass: [
        {
          name: 'ShopUser',
          ratio: 0.75,
          tasks: [
            { name: 'browse', ratio: 0.8, tasks: [] },
            { name: 'Checkout', ratio: 0.2, tasks: [{ name: 'pay', ratio: 1, tasks: [] }] },
          ],
        },
        { name: 'AdminUser', ratio: 0.25, tasks: [{ name: 'report', ratio: 1, tasks: [] }] },
      ],
      total: [
        {
          name: 'ShopUser',
          ratio: 0.75,
          tasks: [
            { name: 'browse', ratio: 0.6, tasks: [] },
            { name: 'Checkout', ratio: 0.15, tasks: [{ name: 'pay', ratio: 0.15, tasks: [] }] },
          ],
        },
        { name: 'AdminUser', ratio: 0.25, tasks: [{ name: 'report', ratio: 0.25, tasks: [] }] },
      ],
    },
    options: new Map([
      ['users', '200'],
      ['spawn-rate', '5'],
      ['run-time', '5m'],
      ['host', 'https://shop.example'],
      ['token', '********'],
    ]),
    thresholds: [
      {
        expression: 'p95(GET /products)>900ms',
        actual: 640,
        isOk: true,
        text: 'p95 of GET /products is 640 ms (fails if > 900 ms)',
      },
      {
        expression: 'fail_ratio>1%',
        actual: failed,
        isOk: false,
        text: `fail_ratio is ${(failed * 100).toFixed(2)}% (fails if > 1%)`,
      },
      { expression: 'rps<50', actual: rate, isOk: true, text: `rps is ${rate.toFixed(1)} (fails if < 50)` },
    ],
    remarks: [
      'The load generator was the bottleneck: a load thread was busy for 5 s on end, and up to 340 ms late; response times hold that delay.',
      `Load thread 2 was replaced at ${new Date((madeStart + Math.floor(samples * 0.6)) * 1000).toISOString()}: it did not answer for 5 s.`,
    ],
    ...change,
  };
}

function madeEntry(at: number, samples: number, random: () => number): EntrySnapshot {
  const numRequests = Math.round((samples * 40) / (at + 1) + random() * samples) + 3;
  const responseTimes = new Map<number, number>();
  const centre = 40 + random() * 260;
  let [sum, max, min] = [0, 0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < numRequests; i++) {
    // many near the centre, few far above it
    const time = centre * Math.exp((random() + random() + random() - 1.5) * 0.8) * (random() < 0.02 ? 6 : 1);
    responseTimes.set(bucketOf(time), (responseTimes.get(bucketOf(time)) ?? 0) + 1);
    sum += time;
    max = Math.max(max, time);
    min = Math.min(min, time);
  }
  const path = paths[at] ?? `/catalogue/section-${at % 40}/page-${at}`;
  return {
    method: at % 4 === 3 ? 'POST' : 'GET',
    name: path,
    numRequests,
    numNoneRequests: 0,
    numFailures: at % 3 === 1 ? Math.round(numRequests * 0.04) : 0,
    totalResponseTime: sum,
    maxResponseTime: max,
    minResponseTime: min,
    totalContentLength: Math.round(numRequests * (500 + random() * 20_000)),
    responseTimes,
    requestsPerSecond: new Map(),
    failuresPerSecond: new Map(),
    startTime: madeStart,
    lastRequestTimestamp: madeStart + samples - 0.5 - (at % 5),
  };
}

function errorsOf({ method, name, numFailures }: EntrySnapshot): readonly ErrorSnapshot[] {
  if (numFailures === 0) return [];
  const rest = Math.floor(numFailures / 3);
  const seen = { firstSeen: madeStart + 31.25, lastSeen: madeStart + 290.5 };
  return [
    { method, name, error: 'HTTPError: 503 Service Unavailable', occurrences: numFailures - rest, ...seen },
    { method, name, error: 'CatchResponseError("no product in the answer")', occurrences: rest, ...seen },
  ];
}

function madeSamples(amount: number, rate: number, random: () => number): Sample[] {
  const samples: Sample[] = [];
  for (let at = 1; at <= amount; at++) {
    // a few seconds were lost: the page shows a gap
    if (at > amount * 0.4 && at < amount * 0.43) continue;
    const load = Math.min(1, at / (amount * 0.3));
    const slow = 1 + 0.8 * load + (at > amount * 0.75 ? 0.9 : 0);
    const users = Math.round(200 * load);
    const isMeasured = at > 3;
    samples.push({
      time: madeStart + at,
      seconds: 1,
      userCount: users,
      usersByClass: new Map([
        ['ShopUser', users - Math.round(users / 4)],
        ['AdminUser', Math.round(users / 4)],
      ]),
      requestsPerSecond: Math.round(rate * load * (0.95 + random() * 0.1) * 100) / 100,
      failuresPerSecond: Math.round(rate * load * 0.02 * random() * 100) / 100,
      median: isMeasured ? Math.round(90 * slow * (0.95 + random() * 0.1)) : null,
      p95: isMeasured ? Math.round(240 * slow * (0.92 + random() * 0.16)) : null,
      p99: isMeasured ? Math.round(420 * slow * (0.85 + random() * 0.3)) : null,
      average: isMeasured ? 110 * slow : null,
      lag: Math.round(3 + 25 * load * random() + (random() < 0.01 ? 120 : 0)),
      cpu: Math.round(72 * load + 6 * random()),
    });
  }
  return samples;
}

function madeHistory({ method, name, numRequests }: EntrySnapshot, amount: number, random: () => number): NameHistory {
  const samples = madeSamples(amount, numRequests / amount, random);
  return {
    method,
    name,
    requestsPerSecond: samples.map((sample) => sample.requestsPerSecond),
    failuresPerSecond: samples.map((sample) => sample.failuresPerSecond),
    median: samples.map(({ median }) => median),
    p95: samples.map(({ p95 }) => p95),
  };
}

/** Every text of a run is one that would end its element, if it were not escaped. */
export function hostileRun(): Run {
  const run = madeRun({ samples: 20 });
  const named = <T extends { readonly name: string }>(rows: readonly T[]): T[] =>
    rows.map((row, at) => ({ ...row, method: hostile, name: `${hostile} name ${at}` }));
  const ratio = { name: `${hostile} class`, ratio: 1, tasks: [{ name: `${hostile} task`, ratio: 1, tasks: [] }] };
  return {
    ...run,
    host: `${hostile} host`,
    userFiles: [`${hostile} file`],
    profile: `${hostile} profile`,
    versions: new Map([
      [`${hostile} package`, `${hostile} version`],
      ['katydid', `${hostile} own`],
    ]),
    stats: {
      entries: named(run.stats.entries),
      total: run.stats.total,
      errors: named(run.stats.errors).map((row) => ({ ...row, error: `${hostile} error` })),
    },
    exceptions: [
      { count: 1, message: `${hostile} message`, traceback: `${hostile} traceback`, nodes: [`${hostile} node`] },
    ],
    samples: run.samples.map((sample) => ({ ...sample, usersByClass: new Map([[`${hostile} user`, 1]]) })),
    names: named(run.names),
    ratios: { perClass: [ratio], total: [ratio] },
    options: new Map([[`${hostile} option`, `${hostile} value`]]),
    thresholds: [{ expression: `${hostile} expression`, actual: 1, isOk: false, text: `${hostile} text` }],
    remarks: [`${hostile} remark 2026-09-21T14:13:25Z`],
  };
}
