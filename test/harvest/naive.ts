// A harvest as one would do it with all logs in memory, and logs by chance to compare by.
import fc from 'fast-check';
import type { TimeWindow } from '../../src/harvest/moment.ts';
import { begin, type LogEvent, lineOf } from './logs.ts';

/** What is known of a payload that was really sent. Times in ms after the beginning. */
export interface SentPayload {
  readonly device: string;
  readonly number: number;
  readonly published: number;
  /** Response time, in time. */
  readonly response: number | undefined;
  /** Response time of an echo that came too late. */
  readonly late: number | undefined;
  readonly hasTimedOut: boolean;
  readonly application: 'echoed' | 'lost' | undefined;
  readonly took: number;
}

/** A device starts again after this long at the earliest, and everything of a payload is over by then. */
const betweenStarts = 600_000;

const fate = fc.record({
  device: fc.constantFrom('LTK00001', 'LTK00002', 'b'),
  number: fc.nat(3),
  start: fc.nat(8),
  offset: fc.nat(betweenStarts / 2),
  response: fc.option(fc.nat(20_000), { nil: undefined }),
  late: fc.option(fc.integer({ min: 20_001, max: 60_000 }), { nil: undefined }),
  hasTimedOut: fc.boolean(),
  application: fc.constantFrom('echoed' as const, 'lost' as const, undefined),
  took: fc.nat(9000).map((tenths) => tenths / 10),
});

/** Payloads whose numbers begin again with each start of a device. */
export const sentPayloads: fc.Arbitrary<readonly SentPayload[]> = fc
  .uniqueArray(fate, {
    maxLength: 40,
    size: 'max',
    selector: ({ device, number, start }) => `${device} ${number} ${start}`,
  })
  .map((fates) => fates.map(({ start, offset, ...rest }) => ({ ...rest, published: start * betweenStarts + offset })));

/** All that logs say of a payload. The application's clock is a little behind. */
export function eventsOf(payload: SentPayload): LogEvent[] {
  const { device, number, published, response, late, hasTimedOut, application, took } = payload;
  const event = (kind: string, time: number): LogEvent => ({ kind, device, number, time: published + time });
  return [
    event('publishing', 0),
    ...(application === 'echoed' ? [{ ...event('echoed', Math.floor(took) - 40), took }] : []),
    ...(application === 'lost' ? [event('lost', -20)] : []),
    ...(response === undefined ? [] : [event('received', response)]),
    ...(hasTimedOut ? [event('timeout', 20_000)] : []),
    ...(late === undefined ? [] : [event('late', late)]),
  ];
}

/** Lines of `events`, spread over files as `places` say, in whatever order. */
export function filesOf(events: readonly LogEvent[], places: readonly number[], count: number): string[][] {
  const files: string[][] = Array.from({ length: count }, () => []);
  const order = events.map((event, at) => ({ event, key: places[at % places.length] ?? 0, at }));
  order.sort((a, b) => (a.key % 97) - (b.key % 97) || a.at - b.at);
  for (const { event, key } of order) files[key % count]?.push(lineOf(event));
  return files;
}

/** Counts, sums, buckets and lists, from what was sent. */
export function naive(payloads: readonly SentPayload[], window: TimeWindow, bin: number): Record<string, unknown> {
  const within = payloads
    .filter(({ published }) => {
      const time = (begin + published) * 1000;
      return time >= window.start && time < window.end;
    })
    .sort(
      (a, b) =>
        (a.device < b.device ? -1 : a.device > b.device ? 1 : 0) || a.number - b.number || a.published - b.published,
    );
  const name = ({ device, number, published }: SentPayload): string => `${device} ${number} ${published}`;
  const listOf = (isListed: (payload: SentPayload) => boolean): string[] => within.filter(isListed).map(name);
  const bucketsOf = (times: readonly number[]): (readonly [number, number])[] => {
    const uppers = times.map((time) => Math.max(bin, Math.ceil(time / bin) * bin));
    return [...new Set(uppers)]
      .sort((a, b) => a - b)
      .map((upTo) => [upTo, uppers.filter((other) => other === upTo).length]);
  };
  return {
    published: within.length,
    responses: bucketsOf(within.flatMap(({ response }) => response ?? [])),
    executions: bucketsOf(within.filter(({ application }) => application === 'echoed').map(({ took }) => took)),
    timedOut: within.filter(({ hasTimedOut }) => hasTimedOut).length,
    lost: listOf(({ response, late }) => response === undefined && late === undefined),
    unanswered: listOf(({ application }) => application !== 'echoed'),
    late: listOf(({ late }) => late !== undefined),
  };
}
