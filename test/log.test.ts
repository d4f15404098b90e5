import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { beforeEach, test } from 'node:test';
import { formatRecord, type LogRecord, log, setLogLevel, setLogSink, writeRecord } from '../src/log.ts';

const records: LogRecord[] = [];
setLogSink((record) => records.push(record));
beforeEach(() => {
  records.length = 0;
  setLogLevel('INFO');
});

test('a record is written as Python writes it for Locust, in local time', () => {
  const time = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
  const line = formatRecord({ time, level: 'WARNING', text: 'slow' });
  assert.equal(line, `[2026-01-02 03:04:05,006] ${hostname().replace(/\..*/, '')}/WARNING/katydid: slow`);
});

test('each method writes one record of its level, with the time', () => {
  setLogLevel('DEBUG');
  const before = Date.now();
  for (const level of ['debug', 'info', 'warning', 'error', 'critical'] as const) log[level](`a ${level}`);
  assert.deepEqual(
    records.map(({ level, text }) => `${level} ${text}`),
    ['DEBUG a debug', 'INFO a info', 'WARNING a warning', 'ERROR a error', 'CRITICAL a critical'],
  );
  assert.ok(records.every(({ time }) => time >= before && time <= Date.now()));
});

test('records below the level are not made', () => {
  log.debug('no');
  log.info('yes');
  setLogLevel('ERROR');
  log.warning('no');
  log.error('yes');
  assert.deepEqual(
    records.map(({ level }) => level),
    ['INFO', 'ERROR'],
  );
});

test('a record of another thread is written as it is, if its level is asked for', () => {
  const record: LogRecord = { time: 1, level: 'INFO', text: 'from afar' };
  writeRecord(record);
  writeRecord({ ...record, level: 'DEBUG' });
  assert.equal(records.length, 1);
  assert.equal(records[0], record);
});
