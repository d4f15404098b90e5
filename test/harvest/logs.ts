// Logs as workers and the application write them.
import { windowOf } from '../../src/harvest/moment.ts';

/** 2026-11-21 16:00 UTC, in ms. */
export const begin: number = Date.UTC(2026, 10, 21, 16);
export const hour = windowOf('2026-11-21T16:00:00Z', '2026-11-21T17:00:00Z');

/** So many ms after the beginning, in ISO 8601. */
export function at(milliseconds: number): string {
  return new Date(begin + milliseconds).toISOString();
}

const prefix = '[2026-11-21 16:00:00,160] host/INFO/katydid: ';

export interface LogEvent {
  readonly kind: string;
  readonly device: string;
  readonly number: number;
  /** ms after the beginning */
  readonly time: number;
  /** ms, of `echoed` */
  readonly took?: number;
}

/** The line of an event, with the logger's prefix. */
export function lineOf({ kind, device, number, time, took }: LogEvent): string {
  return `${prefix}${kind} ${device} payload ${number} at ${at(time)}${kind === 'echoed' ? ` took ${took} ms` : ''}`;
}

/** A payload that comes back after so many ms, as three lines. */
export function echo(device: string, number: number, time: number, response: number, took = 5): string[] {
  return [
    lineOf({ kind: 'publishing', device, number, time }),
    lineOf({ kind: 'echoed', device, number, time: time + took, took }),
    lineOf({ kind: 'received', device, number, time: time + response }),
  ];
}
