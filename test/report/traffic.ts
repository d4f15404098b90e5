// The same requests as Python's Locust gets them, one by one, and as a record gets them, a snapshot a second.
import { CatchResponseError, failureText, HTTPError } from '../../src/errors.ts';
import { RunRecord } from '../../src/report/record.ts';
import { bucketOf } from '../../src/stats/bucket.ts';
import { Entry } from '../../src/stats/entry.ts';
import { type ErrorSnapshot, emptySnapshot, type StatsSnapshot } from '../../src/stats/snapshot.ts';
import { mergeStats, totalOf } from '../../src/stats/sum.ts';

/** `text` is what was fired as a text, `check` a CatchResponseError, `http` an HTTPError. */
export type Failure = readonly [kind: 'text' | 'check' | 'http', message: string];

export type Request = readonly [
  time: number,
  method: string,
  name: string,
  milliseconds: number | null,
  length: number,
  failure: Failure | null,
];

export interface Traffic {
  readonly start: number;
  readonly seconds: readonly { readonly time: number; readonly users: number; readonly requests: readonly Request[] }[];
}

/** Ends just before a whole second: Locust counts its ten seconds from whole ones. */
export const start = 1_700_000_000.999;

const names = [
  ['GET', '/'],
  ['POST', '/'],
  ['GET', '/a,b'],
  ['GET', '/say "hi"'],
  ['GET', '/two\nlines\r\n'],
  ['GET', '=1+1'],
  ['', 'no method'],
  ['PUT', `/${'long'.repeat(30)}`],
  // by code points the second is the last; by halves of surrogate pairs it is not
  ['GET', '\uff5a'],
  ['GET', '🦗 \u0000 é'],
  ['WSS', 'event'],
] as const;
const failures: readonly Failure[] = [
  ['text', 'plain, with "quotes"\nand lines'],
  ['check', "it's not what I asked for"],
  ['check', 'two\nlines \\ "and" \'more\' \u001f é 🦗'],
  ['http', '404 Client Error: Not Found for url: /'],
];

/** Reproducible numbers from 0 to 1. */
function chance(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/**
 * So many seconds in which each name is asked for each second. Times are eighths of a ms, whose sums are exact; with
 * `isRound` they are buckets of themselves.
 */
export function trafficOf(seconds: number, isRound: boolean): Traffic {
  const next = chance();
  const time = (): number => {
    const milliseconds = Math.round(8 * 10 ** (next() * 4.5)) / 8;
    return isRound ? bucketOf(milliseconds) : milliseconds;
  };
  const requestsIn = (second: number): Request[] =>
    names
      .flatMap(([method, name]) =>
        Array.from({ length: 1 + Math.floor(next() * 5) }, (_, at): Request => {
          const failure = next() < 0.2 ? (failures[Math.floor(next() * failures.length)] ?? null) : null;
          const milliseconds = name === 'event' || (name === 'no method' && at > 0) ? null : time();
          return [second + (1 + at) / 8, method, name, milliseconds, Math.floor(next() * 5000), failure];
        }),
      )
      .sort(([a], [b]) => a - b);
  return {
    start,
    seconds: Array.from({ length: seconds }, (_, at) => ({
      time: start + at + 1,
      users: at + 1,
      requests: requestsIn(Math.ceil(start) + at),
    })),
  };
}

const thrown = ([kind, message]: Failure): unknown =>
  kind === 'text' ? message : kind === 'check' ? new CatchResponseError(message) : new HTTPError(message);

/** What a load thread would hand over of these requests. */
export function snapshotOf(requests: readonly Request[], startTime: number): StatsSnapshot {
  const entries = new Map<string, Entry>();
  const errors: ErrorSnapshot[] = [];
  for (const [time, method, name, milliseconds, length, failure] of requests) {
    const key = JSON.stringify([method, name]);
    const entry = entries.get(key) ?? new Entry(method, name, time);
    entries.set(key, entry);
    entry.add(time, milliseconds, length, failure !== null);
    if (failure === null) continue;
    errors.push({ method, name, error: failureText(thrown(failure)), occurrences: 1, firstSeen: time, lastSeen: time });
  }
  const rows = [...entries.values()].map((entry) => entry.drain(0));
  const first: StatsSnapshot = { entries: rows, total: totalOf(rows, startTime), errors: [] };
  const merged = errors.map((error) => ({ ...emptySnapshot(startTime), errors: [error] }));
  return [first, ...merged].reduce(mergeStats);
}

export const traces = [
  { count: 2, message: 'no, "never"', traceback: 'Error: no, "never"\n    at buy (shop.ts:3:1)\n', nodes: ['local'] },
  { count: 1, message: '', traceback: '=x', nodes: ['local'] },
];

/** The record of it all; `each` is called after each second. */
export function recordOf(traffic: Traffic, each: (record: RunRecord) => void = () => {}): RunRecord {
  const record = new RunRecord(traffic.start);
  for (const { count, message, traceback } of traces) {
    for (let again = 0; again < count; again++) record.keepException(message, traceback);
  }
  for (const { time, users, requests } of traffic.seconds) {
    const stats = snapshotOf(requests, time - 1);
    record.keep({ time, stats, users: new Map([['Shopper', users]]), lag: 0, cpu: 10 });
    each(record);
  }
  return record;
}
