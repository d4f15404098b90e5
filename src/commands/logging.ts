import { appendFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { formatJson, formatRecord, type LogLevel, type LogRecord, logLevels, setLogLevel, setLogSink } from '../log.ts';
import { nearest } from '../words.ts';
import type { Arguments } from './arguments.ts';
import { tellEnvFile } from './env-file.ts';

type Write = (text: string) => void;

/**
 * Sets the log up as the flags say; each line is also handed to `keep`. `show` writes where no file is named, `onLost` is
 * told why a file cannot be written any more. Returns the level.
 */
export function setUpLog(
  args: Arguments,
  keep: (line: string) => void = () => {},
  show: Write = (text) => process.stderr.write(text),
  onLost: (reason: string) => void = () => {},
): LogLevel {
  const level = String(args.loglevel ?? 'INFO').toUpperCase();
  if (!isLevel(level)) {
    throw new UsageError(`--loglevel is ${level}; did you mean ${nearest(level, logLevels) ?? logLevels.join(', ')}?`);
  }
  const write = args.logfile === undefined ? show : fileWriter(String(args.logfile), show, onLost);
  const format = formatOf(args.logFormat);
  setLogLevel(level);
  setLogSink((record: LogRecord) => {
    write(`${format(record)}\n`);
    keep(formatRecord(record));
  });
  tellEnvFile();
  return level;
}

function formatOf(given: unknown): (record: LogRecord) => string {
  if (given === undefined || given === 'text') return formatRecord;
  if (given === 'json') return formatJson;
  throw new UsageError(`--log-format is '${String(given)}'; text or json is expected`);
}

const isLevel = (level: string): level is LogLevel => (logLevels as readonly string[]).includes(level);

/** A log file that can no longer be written is told of once, and what it should have got is shown. */
function fileWriter(file: string, show: Write, onLost: (reason: string) => void): Write {
  try {
    appendFileSync(file, '');
  } catch (thrown) {
    throw new UsageError(`--logfile ${file} cannot be written: ${(thrown as Error).message}`);
  }
  let isLost = false;
  return (text) => {
    try {
      appendFileSync(file, text);
    } catch (thrown) {
      show(text);
      if (isLost) return;
      isLost = true;
      const { message } = thrown as Error;
      show(`katydid: --logfile ${file} can no longer be written: ${message}\n`);
      onLost(message);
    }
  };
}
