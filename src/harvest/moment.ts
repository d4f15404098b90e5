// Times of logs and of the command line: UTC, in whole microseconds, whose differences are exact.
import { UsageError } from '../errors.ts';

const example = '2019-01-04T20:00:00Z';
const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** From `start` up to, not with, `end`; µs since the epoch. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads times one after the other: those of a log mostly share their second, which is then parsed once.
 */
export class Clock {
  #second = '';
  #time: number | undefined;

  /** µs since the epoch of `2026-11-21T16:00:00` and the digits after its point; undefined if there is no such time. */
  read(second: string, fraction: string | undefined): number | undefined {
    if (second !== this.#second) {
      this.#second = second;
      this.#time = timeOf(second);
    }
    if (this.#time === undefined || fraction === undefined) return this.#time;
    return this.#time + Number(fraction.slice(0, 6).padEnd(6, '0'));
  }
}

/** 30 February is no day, though `Date` would take it for one in March. */
function timeOf(second: string): number | undefined {
  const time = Date.parse(`${second}Z`);
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(second)) return undefined;
  return time * 1000;
}

/** The window between two times as a person writes them; anything else is a `UsageError`. */
export function windowOf(start: string, end: string): TimeWindow {
  const window = { start: momentOf(start, 'START'), end: momentOf(end, 'END') };
  if (window.end > window.start) return window;
  throw new UsageError(`END (${end}) must be later than START (${start})`);
}

function momentOf(given: string, name: string): number {
  const [, second = '', fraction] = form.exec(given) ?? [];
  const time = second === '' ? undefined : new Clock().read(second, fraction);
  if (time !== undefined) return time;
  const reason = second === '' ? `a time in UTC such as ${example} is expected` : 'there is no such day or time';
  throw new UsageError(`${name} is '${given}'; ${reason}`);
}

/** `2026-11-21T16:00:00.123Z` of µs since the epoch. */
export function isoOf(microseconds: number): string {
  return new Date(Math.floor(microseconds / 1000)).toISOString();
}
