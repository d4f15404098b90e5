// A study with three scales, as the reports get it.
import type { Sample } from '../../src/study/journal.ts';
import type { Mark } from '../../src/study/mark.ts';
import { resultOf, type StudyResult } from '../../src/study/result.ts';
import { madeSettings } from './made-driver.ts';
import { made } from './simulated.ts';

/** rps rises up to a limit, which replicas raise up to that of the API. */
export function madeMarks(factor = 1): readonly Mark[] {
  return [1, 3, 5].flatMap((scale, row) =>
    [1, 2, 5, 10, 20].map((users, column) => {
      const most = Math.min(6 * scale, 11);
      const failures = users > 2 * most ? 40 : 0;
      return made({
        ...{
          scale,
          users,
          failures,
          rps: factor * Math.min(users * 1.2, most),
          average: 50 + (users > most / 1.2 ? 100 * users : 0),
        },
        startTime: 1_700_000_000 + (row * 5 + column) * 40,
        errors:
          failures > 0
            ? [{ method: 'POST', name: '/predict', message: '<b>504</b> Gateway Timeout', count: failures }]
            : [],
        failuresPerSecond: failures / 30,
        disturbances:
          scale === 5 && users === 20 ? [{ kind: 'workers', text: '1 worker left while it was measured (a)' }] : [],
      });
    }),
  );
}

/** Three variants, of which one has a generator at its limit and one fails. */
export function madeVariants(): readonly Mark[] {
  const most = { 'Go, <gRPC>': 4210, 'TypeScript, REST': 3000, 'Python, REST': 295 };
  return Object.entries(most).flatMap(([scale, rps]) =>
    [1, 10, 20].map((users) => {
      const isFailing = scale === 'Python, REST' && users === 20;
      return made({
        ...{
          scale,
          users,
          rps: (rps * Math.min(users, 10)) / 10,
          average: (1000 * users) / rps,
          median: 1,
          p95: users,
        },
        ...(isFailing ? { requests: 1000, failures: 250, failuresPerSecond: rps / 4 } : {}),
        disturbances:
          scale === 'Go, <gRPC>' && users >= 10 ? [{ kind: 'generator', text: 'a generator used 99 % CPU' }] : [],
      });
    }),
  );
}

export function madeResult(marks: readonly Mark[] = madeMarks(), missing = 0): StudyResult {
  return resultOf({
    settings: madeSettings({
      name: 'Model <1>',
      master: {
        ...{ url: 'http://ada:letmein@master:8089', headers: { authorization: 'letmein' }, isInsecure: false },
        login: { kind: 'basic', username: 'ada', password: 'letmein', path: '' },
      },
    }),
    ...{ startTime: 1_700_000_000, endTime: 1_700_000_700, versions: { katydid: '1.2.3', Locust: '2.47.0' } },
    ...{ planned: marks.length + missing, missing, marks, troubles: [] },
  });
}

export const madeSamples: readonly Sample[] = Array.from({ length: 600 }, (_, at) => ({
  ...{ key: 'a', attempt: 1, isMeasured: true, time: 1_700_000_000 + at, state: 'running', users: (at / 10) % 20 },
  ...{ requests: at, failures: 0, span: at, average: 50, median: 50, p95: 90, p99: 99 },
  ...{ recentRps: 5 + (at % 7), recentMedian: 50, recentP95: 90 + (at % 11), lag: 3 },
  workers: [{ id: 'a', state: 'running', users: 1, cpu: 30 }],
}));
