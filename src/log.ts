// What is said to the person who runs it: one line a fact, Locust's levels and format.
import { hostname } from 'node:os';

export const logLevels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One line of the log. `time` is epoch milliseconds. */
export interface LogRecord {
  readonly time: number;
  readonly level: LogLevel;
  readonly text: string;
}

/** Where records go. A load thread's sink hands them to the main thread, whose sink writes them. */
export type LogSink = (record: LogRecord) => void;

const host = hostname().replace(/\..*/, '');

/** `[2026-11-21 09:41:41,042] host/INFO/katydid: text`, as Python's logging writes it for Locust. Local time. */
export function formatRecord({ time, level, text }: LogRecord): string {
  const at = new Date(time);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `[${day} ${clock},${String(at.getMilliseconds()).padStart(3, '0')}] ${host}/${level}/katydid: ${text}`;
}

/** `{"time":"2026-11-21T08:41:41.042Z","level":"INFO","host":"worker-0","name":"katydid","msg":"text"}`. */
export function formatJson({ time, level, text }: LogRecord): string {
  return JSON.stringify({ time: new Date(time).toISOString(), level, host, name: 'katydid', msg: text });
}

let sink: LogSink = (record) => process.stderr.write(`${formatRecord(record)}\n`);
let threshold = logLevels.indexOf('INFO');

/** Sends all further records to `next`. */
export function setLogSink(next: LogSink): void {
  sink = next;
}

/** Records below `level` are no longer made. */
export function setLogLevel(level: LogLevel): void {
  threshold = logLevels.indexOf(level);
}

/** Writes a record of another thread as it is, if its level is asked for. */
export function writeRecord(record: LogRecord): void {
  if (logLevels.indexOf(record.level) >= threshold) sink(record);
}

function at(level: LogLevel): (text: string) => void {
  return (text) => writeRecord({ time: Date.now(), level, text });
}

/** The log. `log.info('…')`; one call, one line (a stack may follow in the lines after). */
export const log: Readonly<Record<'debug' | 'info' | 'warning' | 'error' | 'critical', (text: string) => void>> = {
  debug: at('DEBUG'),
  info: at('INFO'),
  warning: at('WARNING'),
  error: at('ERROR'),
  critical: at('CRITICAL'),
};
