import { appendFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { formatRecord, type LogLevel, type LogRecord, logLevels, setLogLevel, setLogSink } from '../log.ts';
import { nearest } from '../words.ts';
import type { Arguments } from './arguments.ts';

/** Sets the log up as the flags say; each line is also handed to `keep`. Returns the level. */
export function setUpLog(args: Arguments, keep: (line: string) => void = () => {}): LogLevel {
  const level = String(args.loglevel ?? 'INFO').toUpperCase();
  if (!isLevel(level)) {
    throw new UsageError(`--loglevel is ${level}; did you mean ${nearest(level, logLevels) ?? logLevels.join(', ')}?`);
  }
  const write = writer(args.logfile === undefined ? undefined : String(args.logfile));
  setLogLevel(level);
  setLogSink((record: LogRecord) => {
    const line = formatRecord(record);
    write(`${line}\n`);
    keep(line);
  });
  return level;
}

const isLevel = (level: string): level is LogLevel => (logLevels as readonly string[]).includes(level);

function writer(file: string | undefined): (text: string) => void {
  if (file === undefined) return (text) => process.stderr.write(text);
  try {
    appendFileSync(file, '');
  } catch (thrown) {
    throw new UsageError(`--logfile ${file} cannot be written: ${(thrown as Error).message}`);
  }
  return (text) => appendFileSync(file, text);
}
